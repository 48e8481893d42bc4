"""The time axis of the figure: where a moment lies, and which ticks are worth a label."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from itertools import pairwise

from msgspec import Struct

from pyreport.base.units import NS_PER_MS, NS_PER_S, calendar_time, format_clock, format_date
from pyreport.render.text_width import text_width

_SUBSECOND = [digit * 10**power for power in range(9) for digit in (1, 2, 5)]
_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200]
_DAY = 86_400
_STEPS_NS = [*_SUBSECOND, *(NS_PER_S * step for step in _SECONDS)]


class TimeScale(Struct, frozen=True):
    """Maps nanoseconds to figure units, linearly: ``start_ns`` lies at ``left``, ``end_ns`` at ``right``, both
    further inside by ``air``.
    """

    start_ns: int
    end_ns: int
    left: float
    right: float
    air: float = 0.0

    def x(self, time_ns: int) -> float:
        """Horizontal place of a moment, clipped to the axis."""
        length = self.end_ns - self.start_ns
        share = (time_ns - self.start_ns) / length if length else 0.5
        return self.left + self.air + (self.right - self.left - 2 * self.air) * min(max(share, 0.0), 1.0)


class Tick(Struct, frozen=True):
    """A tick of the axis. ``date`` is filled where the local date differs from the tick before."""

    x: float
    clock: str
    date: str


def widened(start_ns: int, end_ns: int) -> tuple[int, int]:
    """The range with a hundredth of air on both sides, and never shorter than a millisecond."""
    air = max((end_ns - start_ns) // 100, NS_PER_MS // 2)
    return start_ns - air, end_ns + air


def axis_ticks(scale: TimeScale, zone: tzinfo, size: float, figure_width: float) -> tuple[Tick, ...]:
    """Ticks at round local times, as close as their labels allow; none whose label would leave the figure.

    The finest step is used at which neighbouring labels keep half a character of distance each.
    """
    narrowest = text_width("00:00:00", size)
    for step in _steps():
        gap = (scale.right - scale.left - 2 * scale.air) * step / (scale.end_ns - scale.start_ns)
        if gap < narrowest:
            continue
        ticks = _ticks_of(scale, zone, step)
        if len(ticks) < 2 or _widest_beside_another(ticks, size) + size <= gap:
            return tuple(t for t in ticks if _fits(t, size, figure_width))
    raise AssertionError("unreachable: the steps grow without end")


def _steps() -> Iterator[int]:
    yield from _STEPS_NS
    step = _DAY * NS_PER_S
    while True:
        yield step
        step *= 2


def _ticks_of(scale: TimeScale, zone: tzinfo, step: int) -> list[Tick]:
    """All ticks of a step, at its multiples in local time."""
    moment = calendar_time(scale.start_ns, zone)
    offset = moment.utcoffset() if moment else None
    offset_ns = 0 if offset is None else int(offset.total_seconds()) * NS_PER_S
    first = -(-(scale.start_ns + offset_ns) // step) * step - offset_ns
    digits = 0 if step >= NS_PER_S else next(d for d in (3, 6, 9) if step % 10 ** (9 - d) == 0)
    ticks: list[Tick] = []
    date_before = ""
    for time_ns in range(first, scale.end_ns + 1, step):
        date = format_date(time_ns, zone)
        ticks.append(Tick(scale.x(time_ns), format_clock(time_ns, zone, digits), "" if date == date_before else date))
        date_before = date
    return ticks


def _widest_beside_another(ticks: list[Tick], size: float) -> float:
    """Widest label that has another one beside it. Clocks and dates are two lines; a lone date has all the room."""
    dates = [first.date for first, second in pairwise(ticks) if first.date and second.date]
    return max(text_width(label, size) for label in (*(tick.clock for tick in ticks), *dates))


def tick_width(tick: Tick, size: float) -> float:
    """Width of the wider of its two labels."""
    return max(text_width(tick.clock, size), text_width(tick.date, size))


def _fits(tick: Tick, size: float, figure_width: float) -> bool:
    half = tick_width(tick, size) / 2
    return half <= tick.x <= figure_width - half
