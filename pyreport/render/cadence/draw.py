"""Draws the gaps between probes over the time: the higher a mark, the longer nothing was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from lxml import etree

from pyreport.base.claim import Duration
from pyreport.base.units import zone_offset
from pyreport.narrative.model import Cadence, Gap
from pyreport.render.glyphs import BLUE, GREY, INK, LIGHT, VERMILLION, draw_mark
from pyreport.render.svg import add, add_line, add_text, describe, new_svg
from pyreport.render.text_width import text_width, wrap_text
from pyreport.render.timeline.broken import Axis
from pyreport.render.timeline.footer import LegendEntry, draw_axis, draw_legend
from pyreport.render.timeline.scale import TimeScale, axis_ticks, widened
from pyreport.words import Words

WIDTH = 720.0
_LEFT, _RIGHT = 144.0, 690.0
_PLOT = 90.0
_TOP = 30.0
_SIZE = 9.5
_LINE = 11.5
_CELL = 7.0  # marks nearer to each other than this are one
_BAND = "#dbe9f3"
_MOST_TICKS = 400

Height = Callable[[int], float]
Sample = Callable[[etree._Element, float, float], None]


def draw_cadence(cadence: Cadence, words: Words) -> str:
    """The figure as an SVG document, 720 units wide; times in the zone of the words. Where probes lie closer than the
    figure can show, the longest of their gaps stands for them.
    """
    scale = TimeScale(*widened(cadence.start_ns, cadence.end_ns), _LEFT, _RIGHT)
    low, high = _range(cadence)
    bottom = _TOP + _PLOT

    def y(gap_ns: int) -> float:
        return bottom - _PLOT * min(max((gap_ns - low) / (high - low), 0.0), 1.0)

    root = new_svg("cadence")
    root.set("font-family", words.label("fonts-text"))
    title = words.label("cadence-title", side=cadence.side)
    describe(root, words.label("labelled-value", name=title, value=_told(cadence, words)))
    ticks = axis_ticks(scale, words.zone, _SIZE, WIDTH)
    for grid in cadence.grids:
        x, right = scale.x(grid.start_ns), scale.x(grid.end_ns)
        top, base = y(grid.cadence_ns + grid.within_ns), y(grid.cadence_ns - grid.within_ns)
        add(root, "rect", x=x, y=top, width=max(right - x, 1.0), height=max(base - top, 2.0), fill=_BAND)
        add_line(root, x, y(grid.cadence_ns), max(right, x + 1), y(grid.cadence_ns), BLUE, 0.8)
    for tick in ticks:
        add_line(root, tick.x, _TOP, tick.x, bottom, LIGHT, 0.6)
    add_line(root, _LEFT, _TOP, _LEFT, bottom, INK, 1)
    _draw_heights(root, cadence, words, y)
    _draw_missed(root, cadence.missed_ns, scale, bottom)
    _draw_close(root, cadence, scale, words, bottom)
    thinned = _draw_gaps(root, cadence.gaps, scale, y)
    offset = zone_offset(words.zone, cadence.start_ns)
    zone = (words.label("figure-local-time", zone=offset), offset)
    axis = draw_axis(root, ticks, Axis((scale,)), zone, bottom, _SIZE)
    notes = [words.label("cadence-many")] if thinned else []
    end = draw_legend(root, _legend(cadence, words), axis, WIDTH, notes)
    root.set("viewBox", f"0 0 {WIDTH:g} {end:.2f}")
    root.set("width", f"{WIDTH:g}")
    root.set("height", f"{end:.2f}")
    return etree.tostring(root, encoding="unicode")


def _range(cadence: Cadence) -> tuple[int, int]:
    """The shortest and the longest time that has room: from nothing to a little above the longest gap, or, where every
    gap is within the band of one setting, that band and as much around it.
    """
    lengths = [gap.gap_ns for gap in cadence.gaps]
    if len(cadence.grids) == 1 and not cadence.missed_ns:
        (grid,) = cadence.grids
        if all(abs(gap_ns - grid.cadence_ns) <= grid.within_ns for gap_ns in lengths):
            around = 2 * max(grid.within_ns, 1)
            return grid.cadence_ns - around, grid.cadence_ns + around
    return 0, max(*lengths, *(grid.cadence_ns + grid.within_ns for grid in cadence.grids), 10) * 11 // 10


def _draw_heights(root: etree._Element, cadence: Cadence, words: Words, y: Height) -> None:
    """What the height means, at the left: the spacing of each setting, and the longest gap. Of times that no clock has
    (damaged captures) the beginning is told, and not beside them what the height is.
    """
    heights = {grid.cadence_ns for grid in cadence.grids}
    edges = [grid.cadence_ns + sign * grid.within_ns for grid in cadence.grids for sign in (1, -1)]
    longest = max(gap.gap_ns for gap in cadence.gaps)
    placed: list[float] = []
    for gap_ns in (*sorted(heights, reverse=True), longest, *edges):
        at = y(gap_ns)
        if all(abs(at - other) >= _LINE for other in placed):
            placed.append(at)
            add_line(root, _LEFT - 4, at, _LEFT, at, INK, 1)
            (told,) = wrap_text(words.duration(gap_ns), _SIZE, _LEFT - 7, 1)
            add_text(root, told, _LEFT - 7, at + _SIZE * 0.36, _SIZE, INK, "end")
    room = _LEFT - 13 - max(text_width(words.duration(gap_ns), _SIZE) for gap_ns in (*heights, longest, *edges))
    if room >= _SIZE:
        for row, line in enumerate(wrap_text(words.label("cadence-gap"), _SIZE, room, 4)):
            add_text(root, line, 0, _TOP + _SIZE + row * _LINE, _SIZE, GREY)


def _draw_missed(root: etree._Element, missed_ns: Iterable[int], scale: TimeScale, bottom: float) -> None:
    """A tick on the axis for each probe that was due and did not come."""
    last = float("-inf")
    for due in missed_ns:
        x = scale.x(due)
        if x - last >= 1.5:
            add_line(root, x, bottom - 12, x, bottom, VERMILLION, 1.4)
            last = x


def _draw_close(root: etree._Element, cadence: Cadence, scale: TimeScale, words: Words, bottom: float) -> None:
    """The close as a line through the plot, named above it, and when the next probe was due."""
    if cadence.close_ns is None:
        return
    x = scale.x(cadence.close_ns)
    add_line(root, x, _TOP - 8, x, bottom, INK, 1.2)
    label = words.label("cadence-close")
    half = text_width(label, _SIZE) / 2
    add_text(root, label, min(max(x, half), WIDTH - half), _TOP - 12, _SIZE, INK, "middle")
    if cadence.next_due_ns is not None:
        due = scale.x(cadence.next_due_ns)
        add_line(root, due, bottom - 12, due, bottom, GREY, 1.2)
        root[-1].set("stroke-dasharray", "2 2")


def _draw_gaps(root: etree._Element, gaps: Iterable[Gap], scale: TimeScale, y: Height) -> bool:
    """A mark for each gap, or for the longest of a crowd. True when there was a crowd."""
    crowded = False
    group = add(root, "g", class_="gaps")
    for _, cell in groupby(gaps, key=lambda gap: int(scale.x(gap.time_ns) / _CELL)):
        crowd = list(cell)
        longest = max(crowd, key=lambda gap: gap.gap_ns)
        shortest = min(crowd, key=lambda gap: gap.gap_ns)
        unanswered = next((gap for gap in crowd if not gap.is_answered), None)
        chosen = {one.frame: one for one in (longest, shortest, unanswered) if one is not None}
        drawn: list[float] = []
        for gap in sorted(chosen.values(), key=lambda one: (one.is_answered, -one.gap_ns)):
            height = y(gap.gap_ns)
            if all(abs(height - other) >= _CELL for other in drawn):
                drawn.append(height)
                draw_mark(group, "probe" if gap.is_answered else "unanswered", scale.x(gap.time_ns), height)
        crowded = crowded or len(crowd) > len(drawn)
    return crowded


def _legend(cadence: Cadence, words: Words) -> list[LegendEntry]:
    """Samples of what occurs, and of nothing else."""
    entries: list[LegendEntry] = []
    for kind, answered in (("probe", True), ("unanswered", False)):
        if any(gap.is_answered is answered for gap in cadence.gaps):
            entries.append((_mark(kind), words.label(f"mark-{kind}")))
    if cadence.grids:
        within = Duration(max(grid.within_ns for grid in cadence.grids))
        entries.append((_sample_band, words.label("cadence-band", within=within)))
    if cadence.missed_ns:
        entries.append((_sample_missed, words.label("cadence-missed")))
    if cadence.close_ns is not None and cadence.next_due_ns is not None:
        entries.append((_sample_due, words.label("cadence-next-due")))
    return entries


def _mark(kind: str) -> Sample:
    def sample(parent: etree._Element, x: float, y: float) -> None:
        draw_mark(parent, kind, x, y)

    return sample


def _sample_band(parent: etree._Element, x: float, y: float) -> None:
    add(parent, "rect", x=x - 7, y=y - 5, width=14, height=10, fill=_BAND)
    add_line(parent, x - 7, y, x + 7, y, BLUE, 0.8)


def _sample_missed(parent: etree._Element, x: float, y: float) -> None:
    add_line(parent, x, y - 6, x, y + 6, VERMILLION, 1.4)


def _sample_due(parent: etree._Element, x: float, y: float) -> None:
    add_line(parent, x, y - 6, x, y + 6, GREY, 1.2)
    parent[-1].set("stroke-dasharray", "2 2")


def _told(cadence: Cadence, words: Words) -> str:
    """The figure for who does not see it."""
    lengths = [gap.gap_ns for gap in cadence.gaps]
    return words.label(
        "cadence-told",
        probes=len(lengths),
        shortest=Duration(min(lengths)),
        longest=Duration(max(lengths)),
        missed=len(cadence.missed_ns),
    )
