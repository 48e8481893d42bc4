"""The difference between the clocks of two captures, from the packets alone.

No packet arrives before it was sent. So each packet of one direction says that the difference (clock 1 minus clock 0)
is at most the difference of its two times, each of the other direction that it is at least that (RFC 5905 section 8
takes the middle; Paxson 1998, "On Calibrating Measurements of Packet Transit Times", fits lines below the points).
Clocks drift evenly, so the difference is a straight line in time: every line that runs between the two clouds of points
is possible, and how far these lines lie apart at a moment is the uncertainty there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise, product
from typing import Protocol

from msgspec import Struct

from pyreport.base.units import NS_PER_MS
from pyreport.compare.thresholds import MOST_DRIFT_PPM, SLOWEST_PATH_NS, TOLERANCES_NS

PPM = 1_000_000


class Timed(Protocol):
    """What has a time (ns) on the clock of its capture."""

    @property
    def time_ns(self) -> int:
        """The time."""
        ...


class Difference(Struct, frozen=True):
    """The two times of one packet: ``at_ns`` on clock 0, ``value_ns`` is clock 1 minus clock 0."""

    at_ns: int
    value_ns: int


class Line(Struct, frozen=True):
    """A possible difference of the clocks: ``value_ns`` at ``at_ns``, growing by ``rise`` ns in ``run`` ns."""

    at_ns: int
    value_ns: int
    rise: int
    run: int

    def at(self, time_ns: int) -> int:
        """The difference at a time of clock 0, in ns."""
        return self.value_ns + (time_ns - self.at_ns) * self.rise // self.run

    def at_other(self, time_ns: int) -> int:
        """The difference at a time of clock 1, in ns."""
        return (self.value_ns * self.run + (time_ns - self.at_ns) * self.rise) // (self.run + self.rise)

    def above(self, point: Difference) -> int:
        """Positive when the line passes above the point, negative below; in units of 1/run ns."""
        return (self.value_ns - point.value_ns) * self.run + (point.at_ns - self.at_ns) * self.rise


class Bounds(Struct, frozen=True):
    """The difference of the clocks lies in [low, high] (ns); one is None when only one direction was captured."""

    low_ns: int | None
    high_ns: int | None

    @property
    def is_two_sided(self) -> bool:
        """Whether both are known."""
        return self.low_ns is not None and self.high_ns is not None

    @property
    def middle_ns(self) -> int:
        """The middle, or the one bound that is known."""
        if self.low_ns is None or self.high_ns is None:
            return self.high_ns if self.high_ns is not None else self.low_ns or 0
        return (self.low_ns + self.high_ns) // 2

    @property
    def uncertainty_ns(self) -> int | None:
        """Half of the width; None when it is open."""
        if self.low_ns is None or self.high_ns is None:
            return None
        return (self.high_ns - self.low_ns + 1) // 2

    @property
    def closed(self) -> tuple[int, int]:
        """Both bounds; an unknown one is set by the slowest path that there is."""
        low = self.low_ns if self.low_ns is not None else self.middle_ns - SLOWEST_PATH_NS
        high = self.high_ns if self.high_ns is not None else self.middle_ns + SLOWEST_PATH_NS
        return low, high


class Stretch(Struct, frozen=True):
    """A time, from ``start_ns`` of clock 0, in which the difference is one straight line: one of ``lines``, or between
    them. With packets of one direction only there are no lines but ``one_sided`` bounds.
    """

    start_ns: int
    lines: tuple[Line, ...]
    one_sided: Bounds | None = None

    def bounds_at(self, time_ns: int) -> Bounds:
        """The bounds at a time of clock 0."""
        return self._around([line.at(time_ns) for line in self.lines])

    def bounds_at_other(self, time_ns: int) -> Bounds:
        """The bounds at a time of clock 1."""
        return self._around([line.at_other(time_ns) for line in self.lines])

    def _around(self, values: Sequence[int]) -> Bounds:
        """The bounds that hold these values, which were rounded down."""
        return self.one_sided or Bounds(min(values), max(values) + 1)


class Clocks(Struct, frozen=True):
    """The difference of two clocks over the time of a connection. Several stretches: a clock was set in between."""

    stretches: tuple[Stretch, ...]

    def bounds_at(self, time_ns: int) -> Bounds:
        """The difference at a time of clock 0."""
        return self.stretch_at(time_ns).bounds_at(time_ns)

    def bounds_at_other(self, time_ns: int) -> Bounds:
        """The difference at a time of clock 1."""
        return self.stretch_at_other(time_ns).bounds_at_other(time_ns)

    def stretch_at(self, time_ns: int) -> Stretch:
        """The stretch that a time of clock 0 lies in."""
        starts = [stretch.start_ns for stretch in self.stretches]
        return self.stretches[max(0, bisect_right(starts, time_ns) - 1)]

    def stretch_at_other(self, time_ns: int) -> Stretch:
        """The stretch that a time of clock 1 lies in."""
        starts = [stretch.start_ns + stretch.bounds_at(stretch.start_ns).middle_ns for stretch in self.stretches]
        begun = [s for s, start in zip(self.stretches, starts, strict=True) if start <= time_ns]
        return (begun or self.stretches)[-1 if begun else 0]

    @property
    def drift_ppb(self) -> tuple[int, int] | None:
        """The least and the greatest drift (parts per billion) that the packets allow; None when they do not tell."""
        rates = [line.rise * 1_000 * PPM // line.run for stretch in self.stretches[:1] for line in stretch.lines]
        return (min(rates), max(rates)) if rates and len(self.stretches) == 1 else None

    def steps(self) -> list[tuple[int, int]]:
        """(time on clock 0, jump of the difference in ns) of each change between stretches."""
        return [
            (after.start_ns, after.bounds_at(after.start_ns).middle_ns - before.bounds_at(after.start_ns).middle_ns)
            for before, after in pairwise(self.stretches)
        ]


class OneWay(Struct, frozen=True):
    """The way of the packets of one sender: what the clocks say of departures and arrivals."""

    clocks: Clocks
    sender: int

    def at_departure(self, time_ns: int) -> Bounds:
        """The receiver's clock minus the sender's, when the sender's shows ``time_ns``."""
        if self.sender == 0:
            return self.clocks.bounds_at(time_ns)
        return _negated(self.clocks.bounds_at_other(time_ns))

    def at_arrival(self, time_ns: int) -> Bounds:
        """The same, when the receiver's clock shows ``time_ns``."""
        if self.sender == 0:
            return self.clocks.bounds_at_other(time_ns)
        return _negated(self.clocks.bounds_at(time_ns))

    def delay(self, departure_ns: int, arrival_ns: int) -> Bounds:
        """How long a packet took, from its two times, each on the clock of its capture; never less than nothing."""
        difference = self.at_departure(departure_ns)
        taken = arrival_ns - departure_ns
        low = None if difference.high_ns is None else max(0, taken - difference.high_ns)
        high = None if difference.low_ns is None else max(0, taken - difference.low_ns)
        return Bounds(low, high)


def across_step(clocks: Clocks, first: Timed | None, second: Timed | None) -> bool:
    """Whether the difference of the clocks changed while a packet was on its way: by clock 0 it was on one side of a
    step, by clock 1 on the other. The two are the packet in capture 0 and in capture 1.
    """
    if first is None or second is None or len(clocks.stretches) < 2:
        return False
    return clocks.stretch_at(first.time_ns) is not clocks.stretch_at_other(second.time_ns)


def _negated(bounds: Bounds) -> Bounds:
    low = None if bounds.high_ns is None else -bounds.high_ns
    high = None if bounds.low_ns is None else -bounds.low_ns
    return Bounds(low, high)


def fit_clocks(at_most: Iterable[Difference], at_least: Iterable[Difference]) -> Clocks | None:
    """The difference of the clocks: ``at_most`` are packets sent at end 0, ``at_least`` those sent at end 1.

    None when there are none at all.
    """
    points = sorted(
        [(point, True) for point in at_most] + [(point, False) for point in at_least], key=lambda p: p[0].at_ns
    )
    stretches = []
    rest: Sequence[tuple[Difference, bool]] = points
    while rest:
        taken = _longest(rest)
        stretches.append(_stretch(rest[:taken]))
        rest = rest[taken:]
    return Clocks(tuple(stretches)) if stretches else None


def _stretch(points: Sequence[tuple[Difference, bool]]) -> Stretch:
    """Points that one line can explain."""
    start_ns = points[0][0].at_ns
    at_most = [point.value_ns for point, is_most in points if is_most]
    at_least = [point.value_ns for point, is_most in points if not is_most]
    if at_most and at_least:
        return Stretch(start_ns, _lines(points, TOLERANCES_NS))
    return Stretch(start_ns, (), Bounds(max(at_least, default=None), min(at_most, default=None)))


def _longest(points: Sequence[tuple[Difference, bool]]) -> int:
    """How many points, from the first on, one line can explain."""
    if _lines(points, TOLERANCES_NS[-1:]):
        return len(points)
    fits, fails = 1, len(points)
    while fails - fits > 1:
        middle = (fits + fails) // 2
        fits, fails = (middle, fails) if _lines(points[:middle], TOLERANCES_NS[-1:]) else (fits, middle)
    return fits


def _lines(points: Sequence[tuple[Difference, bool]], tolerances: Sequence[int]) -> tuple[Line, ...]:
    """The outermost lines that pass under the one kind of points and over the other; empty when there is none.

    They are the corners of the set of all possible lines: each touches two points, or one at the greatest drift.
    """
    for tolerance in tolerances:
        upper = _hull([Difference(p.at_ns, p.value_ns + tolerance) for p, is_most in points if is_most], 1)
        lower = _hull([Difference(p.at_ns, p.value_ns - tolerance) for p, is_most in points if not is_most], -1)
        candidates = [
            *(_through(p, q) for p, q in pairwise(upper)),
            *(_through(p, q) for p, q in pairwise(lower)),
            *(_through(p, q) for p, q in product(upper, lower)),
            *(Line(p.at_ns, p.value_ns, sign * MOST_DRIFT_PPM, PPM) for p in (*upper, *lower) for sign in (1, -1)),
        ]
        found = tuple(
            line
            for line in candidates
            if line is not None and all(line.above(p) <= 0 for p in upper) and all(line.above(p) >= 0 for p in lower)
        )
        if found:
            return found
    return ()


def _through(first: Difference, second: Difference) -> Line | None:
    """The line through two points, None when no clock drifts like that."""
    run, rise = second.at_ns - first.at_ns, second.value_ns - first.value_ns
    if run < 0:
        run, rise = -run, -rise
    if run == 0 or abs(rise) * PPM > run * MOST_DRIFT_PPM:
        return None
    return Line(first.at_ns, first.value_ns, rise, run)


def _hull(points: Sequence[Difference], side: int) -> list[Difference]:
    """The lower (``side`` 1) or upper (-1) hull of points in time order: the rest bounds nothing (Andrew 1979)."""
    hull: list[Difference] = []
    for point in points:
        if hull and hull[-1].at_ns == point.at_ns:
            if (point.value_ns - hull[-1].value_ns) * side >= 0:
                continue
            hull.pop()
        while len(hull) > 1 and _turn(hull[-2], hull[-1], point) * side <= 0:
            hull.pop()
        hull.append(point)
    return hull


def _turn(first: Difference, second: Difference, third: Difference) -> int:
    """Positive when the way from the first over the second to the third turns left (up)."""
    return (second.at_ns - first.at_ns) * (third.value_ns - first.value_ns) - (second.value_ns - first.value_ns) * (
        third.at_ns - first.at_ns
    )


def resolution_ns(times: Iterable[int]) -> int:
    """The unit of the stamps of a capture: 1, 1,000 or 1,000,000 ns, the largest that divides them all."""
    unit = NS_PER_MS
    for time_ns in times:
        while time_ns % unit:
            unit //= 1_000
        if unit == 1:
            break
    return unit
