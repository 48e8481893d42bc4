"""The time stamps of log lines, in the forms that loggers, locales and wrappers write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pyreport.base.units import NS_PER_S
from pyreport.logs.model import Entry, Repeats, Stamp
from pyreport.logs.months import MONTH_NAMES

# The abbreviations that mean one offset only; PostgreSQL writes such (%t). CST, IST and BST are left out.
ABBREVIATIONS = {
    "UTC": 0, "GMT": 0, "WET": 0, "CET": 1, "MEZ": 1, "WEST": 1, "EET": 2, "CEST": 2, "MESZ": 2, "EEST": 3, "MSK": 3,
    "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3,
    "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
# The calendar that a stamp without a year is kept in until the capture tells: a leap year has every day.
LEAP_YEAR = 1972
# A stamp stands at the head of a record; what comes later is said of other times.
_HEAD = 400

_CLOCK = (
    r"(?P<hour>\d{1,2})[:时時](?P<minute>\d\d)[:分](?P<second>\d\d)(?:(?:[.,]|:(?=\d{3}(?!\d)))(?P<fraction>\d{1,9}))?秒?"
    r"(?:[ \xa0\u202f]?(?P<half>[AaPp]\.?[ \xa0\u202f]?[Mm]\b\.?))?"
)
_ZONE = (
    r"(?:[ ]?(?P<zone>Z\b|(?:UTC|GMT)[+-]\d{1,2}(?::?\d\d)?(?!\d)|[+-]\d\d(?::?\d\d)?(?!\d|[:.-]\d)|"
    rf"\b(?:{'|'.join(ABBREVIATIONS)})\b|"
    r"\b(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_]{2,30}(?:/[A-Za-z_]{2,30})?))?"
)
_MONTH = r"(?P<month>[^\W\d_]{3,10}|1?\d月)\.?"
_YEAR = r"(?P<year>\d{4})"
_SEP = r"(?:[ T_@,]{1,3}|, at |::| - |\]\s?\[)"
_WEEKDAY = r"(?:[^\W\d_]{2,10}[.,]{0,2} )?"

# Every stamp but a number of seconds has a clock, or the basic form of ISO 8601.
_ANY_CLOCK = re.compile(r"\d[:时時]\d\d[:分]\d\d|\d{8}[T: -]\d{4}|\d{14}")
# What most logs begin with.
_ISO = re.compile(rf"\W{{0,3}}{_YEAR}[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)[ T]{_CLOCK}{_ZONE}")

_DATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # ISO 8601, log4j, Python, Go, nginx, PostgreSQL
        rf"(?<![\d.-]){_YEAR}[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?){_SEP}{_CLOCK}{_ZONE}",
        # ISO 8601's basic form, FIX, Hadoop, Zabbix and MySQL 5.5 ("240527 16:01:20", "240527  9:01:20")
        (
            rf"(?<![\d.-]){_YEAR}(?P<month>\d\d)(?P<day>\d\d)[-T: ](?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)"
            rf"(?:[.,](?P<fraction>\d{{1,9}}))?{_ZONE}"
        ),
        rf"(?<![\d.-])(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d) {{1,2}}{_CLOCK}",
        # China, Japan, Korea: 2024年05月27日 16:01:20, 下午4:01:20
        (
            rf"{_YEAR} ?[年년] ?(?P<month>\d{{1,2}}) ?[月월] ?(?P<day>\d{{1,2}}) ?[日일]?[ T]{{0,2}}"
            r"(?:(?:星期|周).)?\s?"
            rf"(?P<half_before>[上下]午|午前|午後|오전|오후)?\s?{_CLOCK}{_ZONE}"
        ),
        # HAProxy, the Common Log Format, Tomcat, PHP, RabbitMQ, Oracle: 17/Apr/2023:20:24:55, 10-Apr-2024 09:13:00
        rf"(?<![\d.-])(?P<day>\d{{1,2}})[-/. ]{{1,2}}{_MONTH}[-/. ](?P<year>\d{{4}}|\d\d)(?:{_SEP}|:){_CLOCK}{_ZONE}",
        # java.util.logging, Kibana: Oct 24, 2024 11:37:54 AM; Oct 24, 2024 @ 11:37:54.123; Cisco: Oct 24 2024 11:37:54
        rf"\b{_MONTH} (?P<day>\d{{1,2}}),? {_YEAR},?{_SEP}{_CLOCK}{_ZONE}",
        # ctime(3) and date(1): Wed Oct 11 14:32:52.123456 2023, Wed Oct 11 14:32:52 UTC 2023
        rf"\b{_MONTH} {{1,2}}(?P<day>\d{{1,2}}) {_CLOCK}{_ZONE} {_YEAR}\b",
        # Spark: 24/05/27 16:01:20 INFO
        rf"(?<![\d.-/])(?P<year>\d\d)/(?P<month>\d\d)/(?P<day>\d\d) {_CLOCK}(?= (?:TRACE|DEBUG|INFO|WARN|ERROR)\b)",
        # Germany, France, Spain: 11.01.2024 15:59:23, 19-10-2020 15:57:33; 6/21/2024 3:11:50 PM (see _day_first)
        (
            rf"(?<![\d.-])(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<then>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d\d){_SEP}{_CLOCK}"
            rf"{_ZONE}"
        ),
    )
)
_SOME_LEVEL = (
    r"(?:\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|FATAL|CRITICAL|E|W|I|D)\]?[:|]?[ \t]{1,3})?"
)
# Only where a line begins: elsewhere they may be anything.
_UNDATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # RFC 3164, MongoDB 2
        rf"^\W{{0,3}}(?:<\d{{1,3}}>)?{_WEEKDAY}{_MONTH}\s{{1,2}}(?P<day>\d{{1,2}}),? {_CLOCK}{_ZONE}",
        rf"^\W{{0,3}}(?:<\d{{1,3}}>|\d{{1,9}}\] )?{_WEEKDAY}(?P<day>\d{{1,2}})\.? {_MONTH} {_CLOCK}{_ZONE}",
        rf"^(?:<\d{{1,3}}>)?\s?(?P<month>\d{{1,2}})月\s{{1,2}}(?P<day>\d{{1,2}})日? {_CLOCK}\b",  # RFC 3164 in Japan
        (
            rf"^\W{{0,3}}{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<fraction>\b)"
            r"(?!\d)"
        ),
        rf"^[IWEF](?P<month>\d\d)(?P<day>\d\d) {_CLOCK}\b",  # glog
        rf"^\W{{0,3}}(?P<month>\d\d)[-/](?P<day>\d\d) {_CLOCK}(?![\d:])",  # Android's logcat
        rf"^{_SOME_LEVEL}\W{{0,3}}{_CLOCK}(?![\d:]){_ZONE}",  # logback's default
    )
)
# Behind a prefix of letters and a bar, as docker compose and pm2 write it.
_BARRED = re.compile(r"^(?=\S{0,60}[A-Za-z])[\w.|-]{1,60} {1,30}\| ")
_EPOCH = re.compile(r"^(\d{10})(?:[.,](\d{1,9})\d*)?$|^(\d{10})(\d{3}|\d{6}|\d{9})$")
# Where a line begins: mosquitto "1530576953: ", AWS "1730117777239 | ", syslog-ng "[1530576953.123456]".
_EPOCH_HEAD = re.compile(r"^[\[(]?(1\d{9}(?:\d{3}|\d{6}|\d{9}|[.,]\d{1,9})?)(?=[\])]|: | \||[ \t]|,)")
# A key that says "time", as logfmt writes it.
_KEYED = re.compile(r"\b(?:ts|time|timestamp|@timestamp|t|date)=\"?(?P<value>[^\"\s][^\"]{8,40})")
_KEYED_EPOCH = re.compile(r"^1\d{9}(?:\d{3}|\d{6}|\d{9}|\.\d{1,9})?\b")
# Under which a JSON record keeps its time: zap, logrus, slog, kafkajs, bunyan, pino, logstash, docker, MongoDB.
_FIELDS = (
    *("timestamp", "@timestamp", "time", "ts", "t", "date", "datetime", "$date", "asctime", "eventtime", "@t"),
    *("timemillis", "epoch_ms", "epochmillis", "start_time", "logtime", "created", "when", "haproxy_timestamp"),
)


# A stamp of the first or the last years would leave datetime's calendar in another zone, or with a duration added.
YEARS = range(MINYEAR + 1, MAXYEAR - 100)


def find_stamp(entry: Entry) -> Stamp | None:
    """The time of a record: the one with a zone if there are several, since it needs no assumption."""
    written = _of_fields(entry.fields)
    if written is not None and written.zone is not None:
        return written
    stamps = [stamp for stamp in (written, stamp_of_text(entry.text), entry.outer) if stamp is not None]
    return next((stamp for stamp in stamps if stamp.zone is not None), stamps[0] if stamps else None)


def stamp_of_text(text: str) -> Stamp | None:
    """The time stamp at the head of a text; None when there is none that can be read."""
    head = text[:_HEAD].lstrip()
    epoch = _EPOCH_HEAD.match(head)
    if epoch:
        return epoch_stamp(epoch[1])
    head = _BARRED.sub("", head, count=1)
    iso = _ISO.match(head)
    stamp = _stamp(iso) if iso else None
    if stamp is not None:
        return stamp
    return (_of_head(head) if _ANY_CLOCK.search(head) else None) or _keyed(text)


def _of_head(head: str) -> Stamp | None:
    found = [match for match in (pattern.search(head) for pattern in _DATED) if match]
    for match in sorted(found, key=lambda match: match.start()):
        stamp = _stamp(match)
        if stamp is not None:
            return stamp
    for pattern in _UNDATED:
        undated = pattern.match(head)
        stamp = _stamp(undated) if undated else None
        if stamp is not None:
            return stamp
    return None


def epoch_stamp(text: str) -> Stamp | None:
    """A number of seconds (with a fraction), milli-, micro- or nanoseconds since the epoch, which is UTC by nature."""
    found = _EPOCH.match(text.strip())
    if found is None:
        return None
    seconds, fraction = found[1] or found[3], found[2] or found[4] or ""
    return Stamp(int(seconds) * NS_PER_S + int(fraction.ljust(9, "0")), UTC, Repeats.NEVER, _resolution(fraction))


def _keyed(text: str) -> Stamp | None:
    keyed = _KEYED.search(text, 0, 10 * _HEAD)
    if keyed is None:
        return None
    value = keyed["value"]
    epoch = _KEYED_EPOCH.match(value)
    if epoch:
        return epoch_stamp(epoch[0])
    found = next((match for match in (pattern.match(value) for pattern in _DATED) if match), None)
    return _stamp(found) if found else None


def _of_fields(fields: Mapping[str, str]) -> Stamp | None:
    for name in _FIELDS:
        stamp = epoch_stamp(fields[name]) or stamp_of_text(fields[name]) if name in fields else None
        if stamp is not None:
            return stamp
    return None


def _stamp(found: re.Match[str]) -> Stamp | None:
    parts = found.groupdict()
    date = _date(parts)
    hour = _hour(parts)
    second = int(parts["second"])
    year, month, day = date or (LEAP_YEAR, 1, 1)
    if year not in YEARS:
        return None
    try:
        moment = datetime(year, month, day, hour, int(parts["minute"]), min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
    if second > 60:
        return None
    repeats = Repeats.DAILY if date is None else Repeats.NEVER if "year" in parts else Repeats.YEARLY
    fraction = parts["fraction"] or ""
    clock_ns = (int(moment.timestamp()) + (second == 60)) * NS_PER_S + int(fraction.ljust(9, "0"))
    return Stamp(clock_ns, _zone(parts.get("zone")), repeats, _resolution(fraction))


def _date(parts: Mapping[str, str | None]) -> tuple[int, int, int] | None:
    """Year, month and day; None when the stamp has no date, or one that can be read in two ways."""
    year = int(parts.get("year") or LEAP_YEAR)
    year += 2000 if year < 100 else 0
    if parts.get("first"):
        ordered = _day_first(int(parts["first"] or 0), int(parts["then"] or 0), parts)
        return (year, *ordered) if ordered else None
    month = parts.get("month")
    if not month:
        return None
    number = MONTH_NAMES.get(month.lower()) or (int(month) if month.isdecimal() else 0)
    return year, number, int(parts.get("day") or 1)


def _day_first(first: int, then: int, parts: Mapping[str, str | None]) -> tuple[int, int] | None:
    """Month and day of two numbers. With dots or hyphens the day comes first; with slashes it does outside the United
    States, whose clock has AM and PM. None when both ways can be meant.
    """
    short = len(parts["year"] or "") == 2
    if parts["mark"] == ".":
        return then, first
    if short and not (parts["mark"] == "/" and first <= 12 < then):
        return None  # the year can stand first, too
    if parts["mark"] == "-":
        return then, first
    if parts.get("half"):
        return (first, then) if first <= 12 else (then, first)
    if first > 12 or then > 12:
        return (then, first) if first > 12 else (first, then)
    return (then, first) if first == then else None


def _hour(parts: Mapping[str, str | None]) -> int:
    hour = int(parts["hour"] or 0)
    half = (parts.get("half") or parts.get("half_before") or "").lower()
    if not half or hour > 12:
        return hour
    is_afternoon = half[0] == "p" or half in ("下午", "午後", "오후")
    return hour % 12 + 12 * is_afternoon


def _resolution(fraction: str) -> int:
    return int(NS_PER_S // 10 ** len(fraction))


def _zone(text: str | None) -> tzinfo | None:
    text = (text or "").strip()
    if not text:
        return None
    name = text.upper()
    if name == "Z" or ABBREVIATIONS.get(name) == 0:
        return UTC
    if name in ABBREVIATIONS:
        return timezone(timedelta(hours=ABBREVIATIONS[name]))
    if "/" in text:
        return _named(text)
    digits = re.sub(r"\D", "", text)
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    if offset >= timedelta(hours=24) or not offset:
        return None if offset else UTC
    return timezone(-offset if "-" in text else offset)


@cache
def _named(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def iso_text(stamp: Stamp) -> str:
    """A stamp as the log's clock shows it: "2024-05-16 09:14:29.123", the time alone when it has no date. A stamp that
    names no year stands in LEAP_YEAR.
    """
    clock = datetime.fromtimestamp(stamp.clock_ns // NS_PER_S, UTC)
    form = "%H:%M:%S" if stamp.repeats is Repeats.DAILY else "%Y-%m-%d %H:%M:%S"
    digits = len(str(NS_PER_S // stamp.resolution_ns)) - 1
    fraction = f"{stamp.clock_ns % NS_PER_S:09}"[:digits]
    return f"{clock:{form}}.{fraction}" if fraction else f"{clock:{form}}"


def zone_text(stamp: Stamp) -> str | None:
    """The offset from UTC that a stamp names: "UTC", "+02:00"; None when it names none."""
    if stamp.zone is None:
        return None
    clock = datetime.fromtimestamp(stamp.clock_ns // NS_PER_S, UTC).replace(tzinfo=stamp.zone)
    minutes = int((clock.utcoffset() or timedelta()).total_seconds()) // 60
    sign, minutes = ("-" if minutes < 0 else "+"), abs(minutes)
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}" if minutes else "UTC"
