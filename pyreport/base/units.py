"""Times and durations: integer nanoseconds inside, text only at the edge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000
NS_PER_US = 1_000
#: From so many hours on, days are told: 24 h is a setting, 240 h is a riddle.
HOURS_TOLD_AS_DAYS = 48
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNIT_SYMBOLS = {
    "nanoseconds": ("ns",), "microseconds": ("µs",), "milliseconds": ("ms",), "seconds": ("s",),
    "minutes": ("min", "s"), "hours": ("h", "min", "s"), "days": ("d", "h", "min"),
}  # fmt: skip


def parse_seconds(text: str) -> int:
    """Nanoseconds of a decimal number of seconds as tshark prints it ("1664467626.387260000", "-0.000021").

    Exact: no float is involved. More than nine decimals are cut off.
    Raises ValueError when the text is not a decimal number.
    """
    whole, _, fraction = text.partition(".")
    if len(fraction) == 9 and fraction.isdecimal() and whole.isdecimal():  # each frame's time
        return int(whole) * NS_PER_S + int(fraction)
    sign = -1 if whole.startswith("-") else 1
    digits = whole.lstrip("+-")
    if not digits.isdigit() or (fraction and not fraction.isdigit()):
        raise ValueError(f"not a decimal number of seconds: {text!r}")
    return sign * (int(digits) * NS_PER_S + int(fraction[:9].ljust(9, "0") or "0"))


def calendar_time(time_ns: int, zone: tzinfo) -> datetime | None:
    """The whole second of a time in a zone; None outside the years 1 to 9999, which a calendar of datetime has.

    A damaged capture may hold any time of 64 bits.
    """
    try:
        return (EPOCH + timedelta(seconds=time_ns // NS_PER_S)).astimezone(zone)
    except (OverflowError, ValueError):
        return None


def format_clock(time_ns: int, zone: tzinfo, digits: int | None = None) -> str:
    """Time of day in a zone, cut off, not rounded: it never shows a later time. By default to the microsecond,
    "00:08:01.376174", and where the time is finer, to the nanosecond.

    A time that no calendar has is told as seconds since 1970, "@253402300800.376174".
    """
    moment = calendar_time(time_ns, zone)
    text = moment.strftime("%H:%M:%S") if moment else f"@{time_ns // NS_PER_S}"
    if digits is None:
        digits = clock_digits((time_ns,))
    if digits:
        text += "." + f"{time_ns % NS_PER_S:09d}"[:digits]
    return text


def clock_digits(times_ns: Iterable[int]) -> int:
    """How many digits of a second tell these times in one column: six, or nine where one of them is finer."""
    return 9 if any(time_ns % NS_PER_US for time_ns in times_ns) else 6


def format_date(time_ns: int, zone: tzinfo) -> str:
    """Calendar date in a zone, "2022-09-30"; "" for a time that no calendar has."""
    moment = calendar_time(time_ns, zone)
    return moment.strftime("%Y-%m-%d") if moment else ""


def zone_offset(zone: tzinfo, time_ns: int) -> str:
    """Offset of a zone from UTC at a moment, "UTC+08:00"; "UTC" where there is none, or no calendar has the moment."""
    moment = calendar_time(time_ns, zone)
    offset = moment.strftime("%z") if moment else "+0000"
    return "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:5]}"


def unit_and_number(duration_ns: int) -> tuple[str, Decimal, str] | tuple[str, int, tuple[int, ...]]:
    """The unit with its number and the form of that (a pattern of Babel), or the largest of several units with its
    whole number and those of the smaller ones: to the second, since whether it is 3600 s may be what matters, and of
    two days and more to the minute.
    """
    sign, span = (-1 if duration_ns < 0 else 1), abs(duration_ns)
    if 0 < span < NS_PER_US:
        return "nanoseconds", sign * Decimal(span), "0"
    if span < NS_PER_MS - 500:  # what would round to 1000 of a unit is told in the next one
        is_finer = span % NS_PER_US and span < 20 * NS_PER_US
        return "microseconds", sign * Decimal(span) / NS_PER_US, "0.0" if is_finer else "0"
    if span < NS_PER_S - NS_PER_MS // 20:
        return "milliseconds", sign * Decimal(span) / NS_PER_MS, "0.0"
    if span < 20 * NS_PER_S:
        return "seconds", sign * Decimal(span) / NS_PER_S, "0.000"
    if span < 300 * NS_PER_S:
        return "seconds", sign * Decimal(span) / NS_PER_S, "0.0"
    if is_days(span):
        hours, minutes = divmod(round(Decimal(span) / (60 * NS_PER_S)), 60)
        days, hours = divmod(hours, 24)
        return "days", sign * days, (hours, minutes)
    minutes, seconds = divmod(round(Decimal(span) / NS_PER_S), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return "hours", sign * hours, (minutes, seconds)
    return "minutes", sign * minutes, (seconds,)


def is_days(duration_ns: int) -> bool:
    """Whether a duration is told in days, so not to the second."""
    return abs(duration_ns) >= HOURS_TOLD_AS_DAYS * 3600 * NS_PER_S - NS_PER_S // 2


def format_duration(duration_ns: int) -> str:
    """A duration with the unit that a reader wants: "350 ns", "220 µs", "99.1 ms", "5.008 s", "11 min 40 s"."""
    unit, number, then = unit_and_number(duration_ns)
    symbols = UNIT_SYMBOLS[unit]
    if isinstance(then, tuple):
        return " ".join((f"{number} {symbols[0]}", *(f"{n:02d} {s}" for n, s in zip(then, symbols[1:], strict=True))))
    return f"{number:.{len(then.partition('.')[2])}f} {symbols[0]}"


NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def count_words(count: int, noun: str) -> str:
    """A number of things: "eleven probes", "one probe", "1,204 probes"."""
    word = NUMBER_WORDS[count] if count < len(NUMBER_WORDS) else f"{count:,}"
    return f"{word} {noun}{'' if count == 1 else 's'}"
