"""The timeline figure: what both sides sent, when, and what the other connections of the host did meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from functools import partial

from lxml import etree

from pyreport.base.units import zone_offset
from pyreport.narrative.model import LaneEventKind, Timeline
from pyreport.render.glyphs import BLUE, GREY, STYLES, draw_mark
from pyreport.render.svg import add, add_line, new_svg
from pyreport.render.timeline import spans
from pyreport.render.timeline.footer import (
    LegendEntry,
    draw_axis,
    draw_legend,
    draw_neighbours,
    neighbours_height,
)
from pyreport.render.timeline.lanes import (
    LANE_GAP,
    draw_events,
    draw_flags,
    draw_gridlines,
    draw_lane,
    flags_height,
    flags_of,
)
from pyreport.render.timeline.scale import TimeScale, axis_ticks, widened

WIDTH = 720.0
_LEFT, _RIGHT = 126.0, 690.0
_SHADE_OVERHANG = 14.0
_AXIS_SIZE = 9.5


def draw_timeline(timeline: Timeline, zone: tzinfo) -> str:
    """The figure as an SVG document, 720 units wide and as high as its content needs.

    Events and spans outside the range of the timeline widen it: none is dropped. Probes of neighbouring connections
    outside are not drawn. Labels beyond ten a lane are left out, least important first, and the figure says so.
    Raises KeyError for a kind of span that it does not know.
    """
    scale = _scale_of(timeline)
    flags, left_out = zip(*(flags_of(timeline.events, lane, scale, WIDTH) for lane in (0, 1)), strict=True)
    span_rows = spans.lay_out_spans(timeline.spans, scale, WIDTH)
    ticks = axis_ticks(scale, zone, _AXIS_SIZE, WIDTH)

    local_y = flags_height(flags[0]) + 4
    lane_ys = (local_y, local_y + LANE_GAP)
    rows_top = lane_ys[1] + max(flags_height(flags[1]), 30.0) + 6
    neighbours_top = rows_top + spans.rows_height(span_rows) + 4
    axis_y = neighbours_top + neighbours_height(timeline.neighbours)
    neighbours_bottom = axis_y - 6

    root = new_svg("timeline")
    add(root, "title").text = "Timeline of the connection"
    spans.add_patterns(root)
    shade_top, shade_bottom = lane_ys[0] - _SHADE_OVERHANG, lane_ys[1] + _SHADE_OVERHANG
    draw_gridlines(root, (tick.x for tick in ticks), shade_top, shade_bottom)
    spans.draw_shades(root, timeline.spans, scale, shade_top, shade_bottom)
    if timeline.neighbours:
        draw_gridlines(root, (tick.x for tick in ticks), neighbours_top, axis_y)
        missed = [span for span in timeline.spans if span.kind == "missed"]
        spans.draw_shades(root, missed, scale, neighbours_top, neighbours_bottom)
        draw_neighbours(root, timeline.neighbours, scale, neighbours_top)
    spans.draw_rows(root, span_rows, scale, rows_top)
    for lane, y in enumerate(lane_ys):
        draw_flags(root, flags[lane], y, upwards=lane == 0)
    for lane, y in enumerate(lane_ys):
        draw_lane(root, timeline.lane_names[lane], y, scale, _RIGHT, is_upper=lane == 0)
    is_thinned = draw_events(root, timeline.events, lane_ys, scale)
    axis_bottom = draw_axis(root, ticks, scale, zone_offset(zone, timeline.start_ns), axis_y, _AXIS_SIZE)
    notes = _notes(sum(left_out), len(timeline.spans) - len(span_rows))
    bottom = draw_legend(root, _legend(timeline, is_thinned), axis_bottom, WIDTH, notes)
    root.set("viewBox", f"0 0 {WIDTH:g} {bottom:.2f}")
    root.set("width", f"{WIDTH:g}")
    root.set("height", f"{bottom:.2f}")
    return etree.tostring(root, encoding="unicode")


def _scale_of(timeline: Timeline) -> TimeScale:
    moments = [timeline.start_ns, timeline.end_ns, *(event.time_ns for event in timeline.events)]
    for span in timeline.spans:
        moments += (span.start_ns, span.end_ns)
    return TimeScale(*widened(min(moments), max(moments)), _LEFT, _RIGHT)


def _legend(timeline: Timeline, is_thinned: bool) -> list[LegendEntry]:
    """Samples of what occurs, and of nothing else."""
    events = {event.kind for event in timeline.events}
    entries: list[LegendEntry] = [
        (partial(_sample_mark, kind=kind), STYLES[kind].name) for kind in LaneEventKind if kind in events
    ]
    if is_thinned:
        entries.append((partial(_sample_tick, color=GREY), "tick: crowded marks, in the colour of their kind"))
    occurring = {span.kind for span in timeline.spans}
    entries += [
        (partial(_sample_span, kind=kind), style.name) for kind, style in spans.STYLES.items() if kind in occurring
    ]
    if timeline.neighbours:
        entries.append((partial(_sample_tick, color=BLUE), "probe of another connection of this host"))
    return entries


def _sample_mark(parent: etree._Element, x: float, y: float, kind: LaneEventKind) -> None:
    draw_mark(parent, kind, x, y)


def _sample_span(parent: etree._Element, x: float, y: float, kind: str) -> None:
    spans.draw_swatch(parent, kind, x, y)


def _sample_tick(parent: etree._Element, x: float, y: float, color: str) -> None:
    add_line(parent, x, y - 5, x, y + 5, color, 1)


def _notes(labels_left_out: int, spans_unnamed: int) -> Sequence[str]:
    notes = []
    if labels_left_out:
        notes.append(f"{labels_left_out} labels had no room and were left out; the walkthrough has every step.")
    if spans_unnamed:
        notes.append(f"{spans_unnamed} further stretches are shaded without a name.")
    return notes
