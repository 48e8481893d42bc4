"""Where the time axis of the figure is broken, so that an hour of probes and the last 300 µs both can be read.

An axis is broken where nothing happens, and only if that tells apart what one scale would print on one place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import pairwise

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from pyreport.base.claim import Duration, claim
from pyreport.base.units import NS_PER_US, format_clock, format_date
from pyreport.narrative.model import SpanKind, Timeline
from pyreport.render.glyphs import GREY, INK
from pyreport.render.svg import add, add_line, add_text
from pyreport.render.text_width import wrap_text
from pyreport.render.timeline.scale import Tick, TimeScale, axis_ticks, tick_width
from pyreport.words import Words

MOST_BREAKS = 2
#: A break has to tell apart so many neighbours that have a name: a FIN and its ACK at one place are no reason.
LEAST_GAIN = 2
#: Named marks whose centres are nearer than this lie on each other.
APART = 10.0

#: With more names than the figure writes, nothing is gained.
MOST_NAMED = 20
#: Size of the labels of the axis.
SIZE = 9.5

_WIDTH = 26.0
_AIR = 14.0  # between a break, or an end of the axis, and the nearest mark
_SLANT = 3.0

Stretch = tuple[int, int]


class Axis(Struct, frozen=True):
    """The scales of the figure, from left to right: one, or one more than there are breaks."""

    parts: tuple[TimeScale, ...]

    @property
    def left(self) -> float:
        """Left end of the axis."""
        return self.parts[0].left

    def x(self, time_ns: int) -> float:
        """Horizontal place of a moment; one that is left out lies in the middle of its break."""
        for part, then in pairwise(self.parts):
            if time_ns <= part.end_ns:
                return part.x(time_ns)
            if time_ns < then.start_ns:
                return (part.right + then.left) / 2
        return self.parts[-1].x(time_ns)

    def shows(self, time_ns: int) -> bool:
        """Whether a moment lies on one of the scales."""
        return any(part.start_ns <= time_ns <= part.end_ns for part in self.parts)

    def breaks(self) -> Iterator[tuple[float, float, int]]:
        """Left and right edge of each break, and how many nanoseconds it leaves out."""
        for part, then in pairwise(self.parts):
            yield part.right, then.left, then.start_ns - part.end_ns


def axis_of(timeline: Timeline, whole: TimeScale) -> Axis:
    """The axis of a timeline: ``whole``, or broken at most twice, each time where that tells the most apart."""
    axis, cuts = Axis((whole,)), list[Stretch]()
    named = sorted({event.time_ns for event in timeline.events if event.label})
    if not LEAST_GAIN < len(named) <= MOST_NAMED:
        return axis
    moments = _moments(timeline)
    places = sorted({moments[0], *named, moments[-1]})
    gaps = [gap for pair in pairwise(places) if (gap := _longest_gap(moments, pair, timeline)) is not None]
    while len(cuts) < MOST_BREAKS:
        more = (sorted([*cuts, gap]) for gap in gaps if gap not in cuts)
        trials = [(_broken(moments, trial, whole), trial) for trial in more if _is_a_jump(trial, moments)]
        if not trials:
            break
        broken, best = max(trials, key=lambda trial: (_told_apart(trial[0], named), _left_out(trial[1])))
        if _told_apart(broken, named) < _told_apart(axis, named) + LEAST_GAIN:
            break
        axis, cuts = broken, best
    return axis


def _moments(timeline: Timeline) -> list[int]:
    """All that has a place in the figure: marks, the ends of stretches, and those of the time that is told."""
    edges = (moment for span in timeline.spans for moment in (span.start_ns, span.end_ns))
    return sorted({*timeline.told_ns, *edges, *(event.time_ns for event in timeline.events)})


def _longest_gap(moments: Sequence[int], between: Stretch, timeline: Timeline) -> Stretch | None:
    """The longest time without a mark between two moments; None where a probe was missing: that is to be seen."""
    inside = [moment for moment in moments if between[0] <= moment <= between[1]]
    start, end = max(pairwise(inside), key=lambda gap: gap[1] - gap[0])
    missed = (span for span in timeline.spans if span.kind is SpanKind.MISSED)
    return None if any(span.start_ns < end and start < span.end_ns for span in missed) else (start, end)


def _is_a_jump(cuts: Sequence[Stretch], moments: Sequence[int]) -> bool:
    """Whether each break leaves out more than is told on one of its sides: else one scale would do for both."""
    edges = [moments[0], *(edge for cut in cuts for edge in cut), moments[-1]]
    before_cut_after = (edges[place : place + 4] for place in range(0, len(edges) - 2, 2))
    return all(min(b - a, d - c) < c - b for a, b, c, d in before_cut_after)


def _broken(moments: Sequence[int], cuts: Sequence[Stretch], whole: TimeScale) -> Axis:
    """The axis without these stretches: parts of one width, each from its first to its last moment, with air."""
    firsts = [moments[0], *(end for _, end in cuts)]
    lasts = [*(start for start, _ in cuts), moments[-1]]
    width = (whole.right - whole.left - len(cuts) * _WIDTH) / len(firsts)
    lefts = [whole.left + place * (width + _WIDTH) for place in range(len(firsts))]
    edges = zip(firsts, lasts, lefts, strict=True)
    return Axis(tuple(TimeScale(first, last, left, left + width, _AIR) for first, last, left in edges))


def _told_apart(axis: Axis, named: Sequence[int]) -> int:
    """How many neighbours with names do not lie on each other."""
    return sum(axis.x(b) - axis.x(a) >= APART for a, b in pairwise(named))


def _left_out(cuts: Sequence[Stretch]) -> int:
    return sum(end - start for start, end in cuts)


def ticks_of(axis: Axis, zone: tzinfo, figure_width: float) -> tuple[Tick, ...]:
    """The ticks of all parts: at least one in each, and none whose labels would touch those of another part."""
    if len(axis.parts) == 1:
        return axis_ticks(axis.parts[0], zone, SIZE, figure_width)
    ticks: list[Tick] = []
    date = shown = ""
    for place, part in enumerate(axis.parts):
        left = part.left - _WIDTH / 2 + 1 if place else 0.0
        right = part.right + _WIDTH / 2 - 1 if place + 1 < len(axis.parts) else figure_width
        before = len(ticks)
        for tick in axis_ticks(part, zone, SIZE, figure_width) if part.end_ns > part.start_ns else ():
            date, half = tick.date or date, tick_width(tick, SIZE) / 2
            if left + half <= tick.x <= right - half:
                ticks.append(replace(tick, date="" if date == shown else date))
                shown = date
        if len(ticks) == before:
            ticks.append(_middle_tick(part, zone, shown))
            date = shown = ticks[-1].date or shown
    return tuple(ticks)


def _middle_tick(part: TimeScale, zone: tzinfo, shown: str) -> Tick:
    """A tick in the middle of a part that has no round time."""
    middle = (part.start_ns + part.end_ns) // 2
    if part.end_ns - part.start_ns >= 2 * NS_PER_US:
        middle -= middle % NS_PER_US
    date = format_date(middle, zone)
    return Tick(part.x(middle), format_clock(middle, zone), "" if date == shown else date)


def cut_open(parent: etree._Element, axis: Axis, top: float, bottom: float, lines: Sequence[float]) -> None:
    """Leave the breaks white between two heights, with two strokes across each of the lines."""
    for left, right, _ in axis.breaks():
        add(parent, "rect", x=left, y=top, width=right - left, height=bottom - top, fill="#ffffff")
        for y in lines:
            for x in (left, right):
                draw_stroke(parent, x, y)


def draw_stroke(parent: etree._Element, x: float, y: float) -> None:
    """One of the two strokes of a break."""
    add_line(parent, x - _SLANT, y + 2 * _SLANT, x + _SLANT, y - 2 * _SLANT, INK, 1.2)


def draw_sample(parent: etree._Element, x: float, y: float) -> None:
    """A break, for the legend."""
    for place in (x - 3, x + 3):
        draw_stroke(parent, place, y)


def name_breaks(parent: etree._Element, axis: Axis, y: float, words: Words) -> float:
    """Write under each break how long the time is that it leaves out; how much height that took."""
    names = [(left, right, told(gap_ns, words)) for left, right, gap_ns in axis.breaks()]
    for left, right, name in names:
        (line,) = wrap_text(name, SIZE, axis.parts[0].right - axis.left, 1)
        add_text(parent, line, (left + right) / 2, y + SIZE * 0.6, SIZE, GREY, "middle")
    return SIZE * 1.2 if names else 0.0


def told(gap_ns: int, words: Words) -> str:
    """What a break leaves out, in words."""
    return words.say(claim("figure-break", gap=Duration(gap_ns)))
