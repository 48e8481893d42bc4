"""The formats, in the order in which they are tried: the exact before the loose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pyreport.base.errors import InputError
from pyreport.logs import (
    go,
    haproxy,
    kafka_java,
    kafka_python,
    librdkafka,
    mysql,
    nginx,
    node,
    plain,
    postgresql,
    python,
    redis,
)
from pyreport.logs.clock import find_stamp
from pyreport.logs.model import Entry, LogError
from pyreport.logs.wrapping import clean, unwrap

FORMATS: tuple[Callable[[Entry], LogError | None], ...] = (
    go.parse,
    librdkafka.parse,
    kafka_python.parse,
    kafka_java.parse,
    haproxy.parse,
    nginx.parse,
    postgresql.parse,
    mysql.parse,
    redis.parse,
    node.parse,
    python.parse,
    plain.parse,
)

# Of a record this many characters are quoted; a stack trace is longer.
MOST_SHOWN = 2000


def understand(record: str) -> LogError | None:
    """What a record (a line, or a line and what belongs to it) says of a broken connection; None when nothing."""
    entry = unwrap(record)
    for parse in FORMATS:
        found = parse(entry)
        if found is not None:
            return replace(found, line=_shown(record), stamp=found.stamp or find_stamp(entry))
    return None


def _shown(record: str) -> str:
    """The record as a report quotes it: its lines up to a length that fits a page."""
    text = clean(record)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]} …"


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
