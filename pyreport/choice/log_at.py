"""``--at TIME``: the error of a log file that lies nearest to a time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC

from pyreport.base.errors import InputError, UsageError
from pyreport.base.units import NS_PER_S, format_duration
from pyreport.logs.clock import LEAP_YEAR, stamp_of_text
from pyreport.logs.logfile import Logged
from pyreport.logs.model import Repeats, Stamp
from pyreport.logs.zones import moment_of
from pyreport.matching.match import Zones

# Further off than this a line is not the one that was meant: a date or a zone was mistyped.
NEAR_ENOUGH_NS = 10 * 60 * NS_PER_S
_DAY_NS = 24 * 3600 * NS_PER_S
_MINUTES_ONLY = re.compile(r"(?:^|[ T])\d\d:\d\d$")
_DAYLESS_YEAR_NS = 366 * _DAY_NS


def parse_at(text: str) -> Stamp:
    """The time of ``--at``. Raises UsageError when it is none."""
    typed = text.strip()
    stamp = stamp_of_text(f"{typed}:00" if _MINUTES_ONLY.search(typed) else typed)
    if stamp is None:
        raise UsageError(f"'{text}' is no time: write 2022-09-30 00:08:53 or 00:08:53, as it stands in the log.")
    return stamp


def nearest(errors: Iterable[Logged], at: Stamp, zones: Zones, near_ns: int) -> Logged:
    """The error nearest to a time; of several, the first. ``near_ns`` is a time of the capture, for stamps without a
    date. Raises InputError when none is near.
    """
    best: tuple[int, Logged] | None = None
    for logged in errors:
        stamp = logged.error.stamp
        off = _off(stamp, at, zones, near_ns) if stamp is not None else None
        if off is not None and (best is None or off < best[0]):
            best = off, logged
    if best is None:
        raise InputError("No line of the log has both an error of a connection and a time: name the line with --log.")
    if best[0] > NEAR_ENOUGH_NS:
        raise InputError(
            f"No error of a connection was logged within {format_duration(NEAR_ENOUGH_NS)} of that time; the nearest "
            f"is {format_duration(best[0])} away, in line {best[1].line}: check --at, --tz and --log-tz."
        )
    return best[1]


def _off(stamp: Stamp, at: Stamp, zones: Zones, near_ns: int) -> int | None:
    """How far a stamp is from the time that was asked for: by the zones if both have one, else as both are written."""
    default = zones.log or zones.show
    at_zone, zone = at.zone or default, stamp.zone or default
    if at_zone is not None and zone is not None:
        asked, written = moment_of(at, at_zone, near_ns), moment_of(stamp, zone, near_ns)
        return None if asked is None or written is None else abs(asked - written)
    repeats = {stamp.repeats, at.repeats}
    if Repeats.DAILY in repeats:
        return _around(stamp.clock_ns - at.clock_ns, _DAY_NS)
    if Repeats.YEARLY in repeats:
        return _around(_yearless(stamp) - _yearless(at), _DAYLESS_YEAR_NS)
    return abs(stamp.clock_ns - at.clock_ns)


def _around(difference: int, cycle: int) -> int:
    return min(difference % cycle, -difference % cycle)


def _yearless(stamp: Stamp) -> int:
    """The clock of a stamp in the year that stamps without one are kept in."""
    whole = Stamp(stamp.clock_ns, UTC, Repeats.YEARLY)
    start = stamp_of_text(f"{LEAP_YEAR}-07-01 00:00:00")
    assert start is not None
    return moment_of(whole, UTC, start.clock_ns) or stamp.clock_ns
