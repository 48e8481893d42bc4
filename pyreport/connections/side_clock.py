"""The clock in a side's timestamps, held against the clock of the capture: its tick, and where it left its line.

RFC 7323 section 5.4: TSval is a clock that ticks every millisecond to every second; Linux counts milliseconds of a
clock that stands while its host is suspended (net/ipv4/tcp_output.c tcp_established_options()), from another start on
each connection. So its pace and its steps can be compared with any other clock, its value cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import median

from msgspec import Struct

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.connections.connection import Connection
from pyreport.frames.frame import FLAG_RST, Frame
from pyreport.frames.seq import ahead

# The ticks of kernels in use: 1 ms (Linux since 4.13, Windows, BSD), 1/HZ (Linux before), and those of RFC 7323.
TICKS_NS = tuple(ms * NS_PER_MS for ms in (1, 4, 10, 100, 500, 1000))
# A tick is taken for one of these when it is off by less: a path's jitter over the shortest stretch that is measured.
LIKE_A_TICK = 0.1
# Two readings so far apart measure a tick; nearer ones are jitter.
MEASURED_FROM_NS = 50 * NS_PER_MS
# So many stretches outvote one with a step in it.
ENOUGH_STRETCHES = 3
# A tick that no kernel in use has is one when so many of the stretches agree. A queue on the path that fills and
# empties stretches and shortens them by all sorts of factors.
ALIKE_STRETCHES = 0.75
# Where they do not, a tick in use is taken that so many of them are so near to: jitter is allowed more.
NEAR_A_TICK, NEAR_STRETCHES = 0.25, 1 / 3
# A reading is off its line by more than a queue on the path makes, and by more than two clocks drift apart (0.1 %).
OFF_LINE_NS, DRIFT = 500 * NS_PER_MS, 1_000
# A host that stood still for longer is no incident of a connection, but another clock.
FURTHEST_NS = 24 * 3600 * NS_PER_S
# Two readings so far apart that agree are a line again.
SETTLED_NS = 500 * NS_PER_MS


class Reading(Struct, frozen=True):
    """A frame, when the capture has it, and the side's clock then (ns since its first reading)."""

    frame: int
    time_ns: int
    clock_ns: int

    @property
    def offset_ns(self) -> int:
        """How far the side's clock is ahead of the capture's, but for where both began."""
        return self.clock_ns - self.time_ns


class Step(Struct, frozen=True):
    """Where a clock left its line: between the readings ``before`` and ``after`` it went ``net_ns`` further than the
    capture's (negative: less far). ``between`` are the readings in between; ``is_settled``: it kept a line afterwards.
    """

    before: Reading
    between: tuple[Reading, ...]
    after: Reading
    is_settled: bool

    @property
    def net_ns(self) -> int:
        """How much further it went than the capture's clock."""
        return self.after.offset_ns - self.before.offset_ns

    @property
    def frames(self) -> tuple[int, int]:
        """The frames of the two readings."""
        return self.before.frame, self.after.frame


class SideClock(Struct, frozen=True):
    """The clock of a side: its tick (ns), its readings in the order of the capture, and its steps."""

    tick_ns: int
    readings: tuple[Reading, ...]
    steps: tuple[Step, ...]

    def covers(self, start_ns: int, end_ns: int) -> bool:
        """Whether it was read before and after a stretch of time."""
        return self.readings[0].time_ns <= start_ns and self.readings[-1].time_ns >= end_ns

    def net_ns(self, start_ns: int, end_ns: int) -> int:
        """How much further than the capture's it went by the steps that touch a stretch of time."""
        # Where the capture's clock was set back, what comes after has the earlier time.
        spans = ((s, sorted((s.before.time_ns, s.after.time_ns))) for s in self.steps)
        first, last = min(start_ns, end_ns), max(start_ns, end_ns)
        touching = (step for step, (start, end) in spans if start <= last and end >= first)
        return sum(step.net_ns for step in touching)

    def kept_ns(self, step: Step) -> int:
        """How much of a step is more than a queue on the path makes, which holds packets back for seconds:
        as it fills the clock falls behind its line, and as it empties the clock returns to it, never past it.
        """
        before, after = self.readings.index(step.before), self.readings.index(step.after)
        if step.net_ns > 0:
            line = max(_drifted(reading, step.before) for reading in self.readings[: before + 1])
            return max(0, step.after.offset_ns - line)
        line = max(_drifted(reading, step.after) for reading in self.readings[after:])
        return min(0, line - step.before.offset_ns)

    def falls(self, start_ns: int, end_ns: int) -> int:
        """The most that it fell behind the capture's at once, in a stretch of time that it covers."""
        within = [reading for reading in self.readings if start_ns <= reading.time_ns <= end_ns]
        before = [reading for reading in self.readings if reading.time_ns < start_ns][-1:]
        after = [reading for reading in self.readings if reading.time_ns > end_ns][:1]
        return max((a.offset_ns - b.offset_ns for a, b in pairwise([*before, *within, *after])), default=0)

    def wanders(self, step: Step) -> int:
        """How far its readings after a step, up to the next one, are from each other: a clock that stood keeps its new
        line, and what a queue on the path holds back comes as late as the queue is long.
        """
        later = next((s.before for s in self.steps if s.before.frame >= step.after.frame), self.readings[-1])
        ours = [r for r in self.readings if step.after.frame <= r.frame <= later.frame]
        offsets = [reading.offset_ns for reading in ours]
        return max(offsets) - min(offsets) - (ours[-1].time_ns - ours[0].time_ns) // DRIFT if ours else 0

    def is_off_line(self, frame: int) -> bool:
        """Whether a frame is one with which the clock left its line, so that its time by the capture is not when it was
        made.
        """
        return any(step.before.frame < frame <= step.after.frame for step in self.steps)

    def at(self, frame: int) -> Reading | None:
        """The reading on a frame."""
        return next((reading for reading in self.readings if reading.frame == frame), None)


@lru_cache(maxsize=16)  # asked for again and again while one connection is judged
def side_clock(connection: Connection, side: str) -> SideClock | None:
    """The clock of a side; None without timestamps, or with too few to tell the tick. A timestamp that is older than
    the one before it is of a late copy, or of another host behind the address, and is left out, as is a leap of more
    than a day.
    """
    stamped = [f for f in connection.frames if f.source == side and f.marks.timestamp is not None]
    stamped = [frame for frame in stamped if not frame.has(FLAG_RST)]
    tick = tick_ns(stamped)
    if tick is None:
        return None
    readings, clock = [Reading(stamped[0].number, stamped[0].time_ns, 0)], 0
    last = stamped[0].marks.timestamp or 0
    for frame in stamped[1:]:
        went_on = ahead(frame.marks.timestamp or 0, last) * tick
        if -OFF_LINE_NS - tick <= went_on <= frame.time_ns - readings[-1].time_ns + FURTHEST_NS:
            clock, last = clock + went_on, frame.marks.timestamp or 0
            readings.append(Reading(frame.number, frame.time_ns, clock))
    return SideClock(tick, tuple(readings), tuple(_steps(readings, OFF_LINE_NS + 2 * tick)))


def tick_ns(stamped: Sequence[Frame]) -> int | None:
    """How long a tick is: the one in use that is like the median of all stretches, else that median where nearly all
    agree, else the one in use that most are like; None when none is.
    """
    measured = [
        (after.time_ns - before.time_ns) / ticks
        for before, after in pairwise(stamped)
        if after.time_ns - before.time_ns >= MEASURED_FROM_NS
        and (ticks := ahead(after.marks.timestamp or 0, before.marks.timestamp or 0)) > 0
    ]
    if not measured:
        return None
    usual = median(measured)
    found = next((tick for tick in TICKS_NS if _alike([usual], tick, LIKE_A_TICK)), None)
    if found is not None or len(measured) < ENOUGH_STRETCHES:
        return found
    if _alike(measured, usual, LIKE_A_TICK) >= ALIKE_STRETCHES * len(measured):
        return round(usual)
    most = max(TICKS_NS, key=lambda tick: _alike(measured, tick, NEAR_A_TICK))
    return (
        most if _alike(measured, most, NEAR_A_TICK) >= max(ENOUGH_STRETCHES, NEAR_STRETCHES * len(measured)) else None
    )


def _alike(measured: Sequence[float], tick: float, within: float) -> int:
    return sum(1 for stretch in measured if abs(stretch - tick) <= within * tick)


def _steps(readings: Sequence[Reading], slack: int) -> list[Step]:
    steps: list[Step] = []
    settled, index = 0, 1
    while index < len(readings):
        if _agree(readings[settled], readings[index], slack):
            settled = index
            index += 1
            continue
        end = _settles(readings, index, slack)
        last = end if end is not None else len(readings) - 1
        steps.append(Step(readings[settled], tuple(readings[index:last]), readings[last], end is not None))
        settled, index = last, last + 1
    return steps


def _settles(readings: Sequence[Reading], start: int, slack: int) -> int | None:
    """The first reading from ``start`` on that a later one agrees with; None when none does."""
    for index in range(start, len(readings) - 1):
        reading = readings[index]
        later = next((r for r in readings[index + 1 :] if r.time_ns - reading.time_ns >= SETTLED_NS), None)
        if later is not None and _agree(reading, later, slack):
            return index
    return None


def _drifted(reading: Reading, until: Reading) -> int:
    """How far ahead the clock of a reading is at another one, at least: clocks drift apart meanwhile."""
    return reading.offset_ns - abs(until.time_ns - reading.time_ns) // DRIFT


def _agree(one: Reading, other: Reading, slack: int) -> bool:
    return abs(other.offset_ns - one.offset_ns) <= slack + abs(other.time_ns - one.time_ns) // DRIFT
