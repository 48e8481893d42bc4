"""The timeline figure: what both sides sent, when, and what the other connections of the host did meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Set
from enum import StrEnum
from functools import partial

from lxml import etree
from msgspec.structs import replace

from pyreport.base.claim import claim
from pyreport.base.units import zone_offset
from pyreport.narrative.model import LaneEventKind, SpanKind, Timeline
from pyreport.render.glyphs import BLUE, GREY, draw_mark
from pyreport.render.svg import add_line, describe, new_svg
from pyreport.render.timeline import spans
from pyreport.render.timeline.broken import SIZE, Axis, axis_of, cut_open, draw_sample, name_breaks, ticks_of, told
from pyreport.render.timeline.footer import (
    LegendEntry,
    draw_axis,
    draw_legend,
    draw_neighbours,
    neighbours_height,
)
from pyreport.render.timeline.lanes import (
    LANE_GAP,
    SMALL_LANE_GAP,
    draw_events,
    draw_flags,
    draw_gridlines,
    draw_lane,
    flags_height,
    flags_of,
)
from pyreport.render.timeline.scale import TimeScale, widened
from pyreport.words import Words

WIDTH = 720.0
_LEFT, _RIGHT = 126.0, 690.0
_SHADE_OVERHANG = 14.0
MOST_TOLD = 20


def draw_timeline(timeline: Timeline, words: Words, *, small: bool = False) -> str:
    """The figure as an SVG document, 720 units wide and as high as its content needs; times in the zone of the words.
    A small one is without neighbours; where there are some, a larger one stands elsewhere with the whole legend, and
    that of the small one has what no name in the figure tells.

    Events and spans outside the range of the timeline widen it: none is dropped. Probes of neighbouring connections
    outside are not drawn. Labels beyond ten a lane are left out, least important first, and the figure says so.
    """
    is_whole = not small or not timeline.neighbours
    if small:
        timeline = replace(timeline, neighbours=())
    scale = axis_of(timeline, _scale_of(timeline))
    flags, left_out = zip(*(flags_of(timeline.events, lane, scale, WIDTH, words) for lane in (0, 1)), strict=True)
    most_rows = spans.MOST_ROWS_SMALL if small else spans.MOST_ROWS
    span_rows = spans.lay_out_spans(timeline.spans, scale, WIDTH, words, most_rows)
    ticks = ticks_of(scale, words.zone, WIDTH)

    local_y = flags_height(flags[0]) + 4
    lane_ys = (local_y, local_y + (SMALL_LANE_GAP if small else LANE_GAP))
    rows_top = lane_ys[1] + max(flags_height(flags[1]), 30.0) + 6
    neighbours_top = rows_top + spans.rows_height(span_rows) + 4
    axis_y = neighbours_top + neighbours_height(timeline.neighbours)
    neighbours_bottom = axis_y - 6

    root = new_svg("timeline")
    root.set("font-family", words.label("fonts-text"))
    describe(root, _told(timeline, scale, words))
    spans.add_patterns(root)
    shade_top, shade_bottom = lane_ys[0] - _SHADE_OVERHANG, lane_ys[1] + _SHADE_OVERHANG
    draw_gridlines(root, (tick.x for tick in ticks), shade_top, shade_bottom)
    spans.draw_shades(root, timeline.spans, scale, shade_top, shade_bottom)
    if timeline.neighbours:
        draw_gridlines(root, (tick.x for tick in ticks), neighbours_top, axis_y)
        missed = [span for span in timeline.spans if span.kind is SpanKind.MISSED]
        spans.draw_shades(root, missed, scale, neighbours_top, neighbours_bottom)
        draw_neighbours(root, timeline.neighbours, scale, neighbours_top, words)
    spans.draw_rows(root, span_rows, scale, rows_top)
    for lane, y in enumerate(lane_ys):
        draw_flags(root, flags[lane], y, upwards=lane == 0)
    for lane, y in enumerate(lane_ys):
        draw_lane(root, words.tell(timeline.lane_names[lane]), y, scale, _RIGHT, is_upper=lane == 0)
    cut_open(root, scale, shade_top, shade_bottom, lane_ys)
    cut_open(root, scale, neighbours_top, axis_y + 1, (axis_y,))
    is_thinned = draw_events(root, timeline.events, lane_ys, scale)
    offset = zone_offset(words.zone, timeline.start_ns)
    zone = (words.label("figure-local-time", zone=offset), offset)
    axis_bottom = draw_axis(root, ticks, scale, zone, axis_y, SIZE)
    axis_bottom += name_breaks(root, scale, axis_bottom, words)
    notes = list(_notes(sum(left_out), len(timeline.spans) - len(span_rows), words)) if is_whole else []
    named: set[StrEnum] = set()
    if not is_whole:
        named = {event.kind for event in timeline.events if event.label}
        named |= {row.span.kind for row in span_rows if row.label}
    legend = _legend(timeline, scale, is_thinned, named, words)
    bottom = draw_legend(root, legend, axis_bottom, WIDTH, notes) if legend or notes else axis_bottom
    root.set("viewBox", f"0 0 {WIDTH:g} {bottom:.2f}")
    root.set("width", f"{WIDTH:g}")
    root.set("height", f"{bottom:.2f}")
    if small:
        _rename(root)
    return etree.tostring(root, encoding="unicode")


def _told(timeline: Timeline, axis: Axis, words: Words) -> str:
    """The figure for who does not see it: all that is written in it."""
    labelled = sorted((event.time_ns, words.tell(event.label)) for event in timeline.events if event.label)
    labels = [label for _, label in labelled[:MOST_TOLD]] + [words.tell(span.label) for span in timeline.spans]
    labels += [told(gap_ns, words) for _, _, gap_ns in axis.breaks()]
    value = words.between_sources.join(filter(None, labels))
    title = words.label("figure-title")
    return words.label("labelled-value", name=title, value=value) if value else title


def _rename(root: etree._Element) -> None:
    """Give the hatchings other names than those of the whole figure, which stands on the same page in a browser."""
    for element in root.iter():
        for name in ("id", "fill"):
            value = str(element.get(name, ""))
            if "span-" in value:
                element.set(name, value.replace("span-", "small-span-"))


def _scale_of(timeline: Timeline) -> TimeScale:
    moments = [timeline.start_ns, timeline.end_ns, *(event.time_ns for event in timeline.events)]
    for span in timeline.spans:
        moments += (span.start_ns, span.end_ns)
    return TimeScale(*widened(min(moments), max(moments)), _LEFT, _RIGHT)


def _legend(timeline: Timeline, axis: Axis, is_thinned: bool, named: Set[StrEnum], words: Words) -> list[LegendEntry]:
    """Samples of what occurs and is not ``named`` in the figure, and of nothing else."""
    events = {event.kind for event in timeline.events}
    events |= {neighbour.closed[0] for neighbour in timeline.neighbours if neighbour.closed is not None}
    entries: list[LegendEntry] = [
        (partial(_sample_mark, kind=kind), words.label(f"mark-{kind}"))
        for kind in LaneEventKind
        if kind in events - named
    ]
    if is_thinned:
        entries.append((partial(_sample_tick, color=GREY), words.label("figure-crowded")))
    occurring = {span.kind for span in timeline.spans}
    entries += [
        (partial(_sample_span, kind=kind), words.label(f"span-{kind}"))
        for kind in SpanKind
        if kind in occurring - named
    ]
    if any(neighbour.probe_times_ns for neighbour in timeline.neighbours):
        entries.append((partial(_sample_tick, color=BLUE), words.label("figure-neighbour-probe")))
    if len(axis.parts) > 1:
        entries.append((draw_sample, words.label("figure-broken")))
    return entries


def _sample_mark(parent: etree._Element, x: float, y: float, kind: LaneEventKind) -> None:
    draw_mark(parent, kind, x, y)


def _sample_span(parent: etree._Element, x: float, y: float, kind: SpanKind) -> None:
    spans.draw_swatch(parent, kind, x, y)


def _sample_tick(parent: etree._Element, x: float, y: float, color: str) -> None:
    add_line(parent, x, y - 5, x, y + 5, color, 1)


def _notes(labels_left_out: int, spans_unnamed: int, words: Words) -> Iterator[str]:
    if labels_left_out:
        yield words.say(claim("figure-labels-left-out", count=labels_left_out))
    if spans_unnamed:
        yield words.say(claim("figure-spans-unnamed", count=spans_unnamed))
