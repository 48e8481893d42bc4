"""The formats, in the order in which they are tried: the exact before the loose."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from pyreport.base.errors import InputError
from pyreport.logs import (
    envoy,
    general,
    go,
    haproxy,
    kafka_java,
    kafka_python,
    librdkafka,
    mysql,
    nginx,
    node,
    postgresql,
    python,
    redis,
)
from pyreport.logs.alike import Alike
from pyreport.logs.clock import find_stamp
from pyreport.logs.model import Entry, LogError
from pyreport.logs.wording import Weight
from pyreport.logs.wrapping import clean, unwrap

FORMATS: Mapping[str, Callable[[Entry], LogError | None]] = {
    "go": go.parse,
    "librdkafka": librdkafka.parse,
    "kafka_python": kafka_python.parse,
    "kafka_java": kafka_java.parse,
    "haproxy": haproxy.parse,
    "envoy": envoy.parse,
    "nginx": nginx.parse,
    "postgresql": postgresql.parse,
    "mysql": mysql.parse,
    "redis": redis.parse,
    "node": node.parse,
    "python": python.parse,
}

# The formats of JSON records, by a field that only they have.
OF_FIELD = {"response_flags": "envoy", "termination_state": "haproxy", "clientid": "node", "syscall": "node"}

# Of a record this many characters are quoted; a stack trace is longer.
MOST_SHOWN = 2000


# 292 years: what programs count nanoseconds in has 64 bits, and so has JSON for many of them.
LONGEST_AGE_NS = 1 << 63


def understand(record: str) -> LogError | None:
    """What a record (a line, or a line and what belongs to it) says of a broken connection; None when nothing."""
    entry = unwrap(record)
    found = _alike.read(entry)
    if found is None:
        return None
    return replace(
        found,
        line=_shown(record, found.error_text),
        stamp=found.stamp or find_stamp(entry),
        state_age_ns=_age(found.state_age_ns),
        idle_ns=_age(found.idle_ns),
        lasted_ns=_age(found.lasted_ns),
    )


def _age(age_ns: int | None) -> int | None:
    """An age that a record states; None for one of more digits than any clock has."""
    return age_ns if age_ns is not None and age_ns < LONGEST_AGE_NS else None


def tells_of_error(record: str) -> bool:
    """Whether understand() finds something; it costs less."""
    entry = unwrap(record)
    return _alike.read(entry) is not None


def read_entry(entry: Entry) -> LogError | None:
    """The error of a record: a format adds what only it knows, the general reading the rest."""
    told = general.read(entry)
    if told.is_everyday and (told.error is None or told.error.wording.weight < Weight.SYSTEM):
        return None
    possible = {hit.wording.format for hit in told.hits} | {OF_FIELD.get(name) for name in entry.fields}
    for name, parse in FORMATS.items():
        found = parse(entry) if name in possible else None
        if found is not None:
            return general.complete(found, entry, told)
    return general.parse(entry, told)


_alike = Alike(read_entry)


def _shown(record: str, error: str) -> str:
    """The record as a report quotes it: as much as fits a page, and the error in it. What is cut off is an ellipsis."""
    text = clean(record)
    if len(text) <= MOST_SHOWN:
        return text
    end = text.find(error) + len(error)
    # The beginning has time and place. Where the error stands beyond it, two parts are quoted.
    if not error or end <= MOST_SHOWN:
        return f"{text[:MOST_SHOWN]} …"
    half = MOST_SHOWN // 2
    after = text[end : end + half // 2]
    begin = max(end - (half - len(after)), half)
    rest = " …" if end + len(after) < len(text) else ""
    return f"{text[:half]} … {text[begin:end]}{after}{rest}"


def parse_log_line(line: str) -> LogError:
    """Read a log line. Raises InputError when it says nothing of a broken connection."""
    found = understand(line)
    if found is None:
        raise InputError(
            "The log line names no connection that can be understood: it needs an error of a socket, such as "
            "'write tcp ADDRESS:PORT->ADDRESS:PORT: write: broken pipe'; "
            "or name the connection with --connection 'A:P->B:P'."
        )
    return found
