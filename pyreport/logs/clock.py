"""The time stamps of log lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from pyreport.base.units import NS_PER_S
from pyreport.logs.model import Entry, Repeats, Stamp

# The abbreviations that mean one offset only; PostgreSQL writes such (%t). CST, IST and BST are left out.
ABBREVIATIONS = {
    "UTC": 0, "GMT": 0, "WET": 0, "CET": 1, "WEST": 1, "EET": 2, "CEST": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9,
    "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_CLOCK = r"(?P<clock>\d\d:\d\d:\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
_ZONE = rf"(?P<zone>Z|\s?[+-]\d\d:?\d\d(?!\d)|\s(?:{'|'.join(ABBREVIATIONS)})\b)?"
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"

_DATED = (
    # ISO 8601, log4j, Python, Go, nginx, PostgreSQL
    re.compile(rf"(?<!\d)(?P<year>\d{{4}})[-/](?P<month>\d\d)[-/](?P<day>\d\d)[ T]{_CLOCK}{_ZONE}"),
    # HAProxy and the Common Log Format
    re.compile(rf"(?<!\d)(?P<day>\d\d)/{_MONTH}/(?P<year>\d{{4}}):{_CLOCK}{_ZONE}"),
    # Redis
    re.compile(rf"(?<!\d)(?P<day>\d\d) {_MONTH} (?P<year>\d{{4}}) {_CLOCK}{_ZONE}"),
)
# Only where a line begins: elsewhere they may be anything.
_UNDATED = (
    re.compile(rf"^(?:<\d{{1,3}}>)?{_MONTH}\s{{1,2}}(?P<day>\d{{1,2}}) {_CLOCK}\b"),  # RFC 3164
    re.compile(rf"^[IWEF](?P<month>\d\d)(?P<day>\d\d) {_CLOCK}\b"),  # glog
    re.compile(rf"^\W{{0,3}}{_CLOCK}(?![\d:])"),  # logback's default
)
_EPOCH = re.compile(r"^(\d{10})(?:\.(\d{1,9})\d*)?$|^(\d{10})(\d{3}|\d{6}|\d{9})$")
# Under which a JSON record keeps its time: zap, logrus, slog, kafkajs, bunyan, pino, logstash, docker.
_FIELDS = ("timestamp", "@timestamp", "time", "ts", "t", "date", "datetime")
# The calendar that a stamp without a year is kept in until the capture tells: a leap year has every day.
LEAP_YEAR = 1972


def find_stamp(entry: Entry) -> Stamp | None:
    """The time of a record: the one with a zone if there are several, since it needs no assumption."""
    stamps = [s for s in (_of_fields(entry.fields), stamp_of_text(entry.text), entry.outer) if s is not None]
    return next((stamp for stamp in stamps if stamp.zone is not None), stamps[0] if stamps else None)


def stamp_of_text(text: str) -> Stamp | None:
    """The first time stamp in a text; None when there is none that can be read."""
    found = [match for match in (pattern.search(text) for pattern in _DATED) if match]
    for match in sorted(found, key=lambda match: match.start()):
        stamp = _stamp(match, Repeats.NEVER)
        if stamp is not None:
            return stamp
    for pattern in _UNDATED:
        undated = pattern.match(text)
        if undated:
            return _stamp(undated, Repeats.YEARLY if "month" in pattern.groupindex else Repeats.DAILY)
    return None


def epoch_stamp(text: str) -> Stamp | None:
    """A number of seconds (with a fraction), milli-, micro- or nanoseconds since the epoch, which is UTC by nature."""
    found = _EPOCH.match(text.strip())
    if found is None:
        return None
    seconds, fraction = found[1] or found[3], found[2] or found[4] or ""
    return Stamp(int(seconds) * NS_PER_S + int(fraction.ljust(9, "0")), UTC, Repeats.NEVER, _resolution(fraction))


def _of_fields(fields: Mapping[str, str]) -> Stamp | None:
    for name in _FIELDS:
        stamp = epoch_stamp(fields[name]) or stamp_of_text(fields[name]) if name in fields else None
        if stamp is not None:
            return stamp
    return None


def _stamp(found: re.Match[str], repeats: Repeats) -> Stamp | None:
    parts = found.groupdict()
    year = int(parts.get("year") or LEAP_YEAR)
    month = parts.get("month") or "1"
    try:
        hour, minute, second = map(int, parts["clock"].split(":"))
        day = int(parts.get("day") or 1)
        moment = datetime(year, _MONTHS.get(month) or int(month), day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
    fraction = parts["fraction"] or ""
    clock_ns = (int(moment.timestamp()) + (second == 60)) * NS_PER_S + int(fraction.ljust(9, "0"))
    return Stamp(clock_ns, _zone(parts.get("zone")), repeats, _resolution(fraction))


def _resolution(fraction: str) -> int:
    return int(NS_PER_S // 10 ** len(fraction))


def _zone(text: str | None) -> tzinfo | None:
    text = (text or "").strip()
    if not text:
        return None
    if text == "Z" or ABBREVIATIONS.get(text) == 0:
        return UTC
    if text in ABBREVIATIONS:
        return timezone(timedelta(hours=ABBREVIATIONS[text]))
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if offset >= timedelta(hours=24):
        return None
    return timezone(-offset if text[0] == "-" else offset)
