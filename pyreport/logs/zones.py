"""When a log line was written: its clock in a zone, and the zones that a clock can run in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta, timezone, tzinfo

from pyreport.base.units import NS_PER_S, calendar_time
from pyreport.logs.model import LogError, Repeats, Stamp


def log_time(log: LogError, zone: tzinfo, near_ns: int | None = None) -> int | None:
    """When the line was written, in ns since the epoch, if its clock runs in ``zone``. None without a time stamp.

    A stamp without a year or a date is given the one that brings it nearest to ``near_ns``; None without that.
    """
    return moment_of(log.stamp, zone, near_ns) if log.stamp is not None else None


def moment_of(stamp: Stamp, zone: tzinfo, near_ns: int | None = None) -> int | None:
    """The moment of a stamp, by the same rules."""
    if stamp.repeats is Repeats.NEVER:
        return _in_zone(_clock(stamp), zone, stamp)
    if near_ns is None:
        return None
    near = calendar_time(near_ns, zone)
    if near is None or not MINYEAR < near.year < MAXYEAR:
        return None
    moments = [_in_zone(clock, zone, stamp) for clock in _repetitions(stamp, near)]
    return min(moments, key=lambda moment: abs(moment - near_ns), default=None)


def possible_zones() -> Iterator[tzinfo]:
    """Whole- and half-hour offsets from UTC, those near UTC first; no zone in use lies outside -12:00 to +14:00."""
    for half_hours in sorted(range(-24, 29), key=abs):
        yield timezone(timedelta(minutes=30 * half_hours)) if half_hours else UTC


def _clock(stamp: Stamp) -> datetime:
    return datetime.fromtimestamp(stamp.clock_ns // NS_PER_S, UTC)


def _in_zone(clock: datetime, zone: tzinfo, stamp: Stamp) -> int:
    return int(clock.replace(tzinfo=zone).timestamp()) * NS_PER_S + stamp.clock_ns % NS_PER_S


def _repetitions(stamp: Stamp, near: datetime) -> Iterator[datetime]:
    """The stamp's clock in the years, or on the days, around a moment."""
    clock = _clock(stamp)
    for step in (-1, 0, 1):
        if stamp.repeats is Repeats.DAILY:
            day = near + timedelta(days=step)
            yield clock.replace(year=day.year, month=day.month, day=day.day)
        elif (clock.month, clock.day) != (2, 29) or _is_leap(near.year + step):
            yield clock.replace(year=near.year + step)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
