"""What one line of an application's log says about a broken connection.

Understood: the text of Go's ``net.OpError`` (src/net/net.go, OpError.Error), which names both ends, wherever it stands
in the line: bare, or wrapped by a client library such as Sarama.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from ipaddress import IPv6Address

from pyreport.errors import InputError
from pyreport.units import NS_PER_S

OP_ERROR = re.compile(
    r"\b(?P<operation>read|write|dial|accept) tcp[46]? "
    r"(?P<local>\[[0-9A-Fa-f:.%\w]+\]:\d+|[\w.-]+:\d+)->(?P<remote>\[[0-9A-Fa-f:.%\w]+\]:\d+|[\w.-]+:\d+): "
    r"(?P<error>[^\"\\]+?)\s*(?:[\"\\]|$)"  # a quotation mark ends it where the line is JSON
)
ADDRESS_PAIR = re.compile(r"^\s*(?P<local>\S+:\d+)\s*->\s*(?P<remote>\S+:\d+)\s*$")
TIMESTAMP = re.compile(
    r"(?P<date>\d{4}[-/]\d\d[-/]\d\d)[ T](?P<clock>\d\d:\d\d:\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|\s?[+-]\d\d:?\d\d(?!\d)|\s(?:UTC|GMT)\b)?"
)


class Errno(StrEnum):
    """The error as the socket reported it (errno(3)), or what Go says instead of one."""

    EPIPE = "EPIPE"
    ECONNRESET = "ECONNRESET"
    ETIMEDOUT = "ETIMEDOUT"
    DEADLINE = "i/o timeout"
    OTHER = "other"


ERROR_TEXTS = {
    "broken pipe": Errno.EPIPE,
    "connection reset by peer": Errno.ECONNRESET,
    "connection timed out": Errno.ETIMEDOUT,
    "i/o timeout": Errno.DEADLINE,
}


@dataclass(frozen=True, slots=True)
class LogError:
    """What the line says. ``clock_ns`` is its time stamp taken as UTC, None without one; ``zone`` is None when the
    line names none.
    """

    line: str
    operation: str
    local: str
    remote: str
    error_text: str
    errno: Errno
    clock_ns: int | None
    zone: tzinfo | None


def parse_log_line(line: str) -> LogError:
    """Read a log line. Raises InputError when it does not name both ends of a connection."""
    found = OP_ERROR.search(line)
    if found is None:
        raise InputError(
            "The log line names no connection that can be understood: it needs Go's form "
            "'write tcp ADDRESS:PORT->ADDRESS:PORT: write: broken pipe'; "
            "or name the connection with --connection 'A:P->B:P'."
        )
    text = found["error"]
    errno = next((errno for words, errno in ERROR_TEXTS.items() if words in text), Errno.OTHER)
    clock_ns, zone = _parse_timestamp(f"{line[: found.start()]}\n{line[found.end() :]}")
    local, remote = _endpoint(found["local"]), _endpoint(found["remote"])
    return LogError(line.strip(), found["operation"], local, remote, text, errno, clock_ns, zone)


def parse_connection(text: str) -> tuple[str, str]:
    """The two ends of 'A:P->B:P'. Raises InputError when the text has another form."""
    found = ADDRESS_PAIR.match(text)
    if found is None:
        raise InputError(
            f"'{text}' does not name a connection: write it as ADDRESS:PORT->ADDRESS:PORT, IPv6 addresses in brackets."
        )
    return _endpoint(found["local"]), _endpoint(found["remote"])


def _endpoint(text: str) -> str:
    """The endpoint as tshark writes it: an IPv6 address in its short form (RFC 5952), without the interface.

    Raises InputError for an IPv6 address that is not in brackets.
    """
    host, _, port = text.rpartition(":")
    if ":" not in host:
        return text
    if not (host.startswith("[") and host.endswith("]")):
        raise InputError(f"The IPv6 address of '{text}' needs brackets: write [ADDRESS]:PORT.")
    try:
        address = IPv6Address(host[1:-1].partition("%")[0])
    except ValueError:
        raise InputError(f"'{host}' is no IPv6 address: write [ADDRESS]:PORT.") from None
    return f"{address.ipv4_mapped}:{port}" if address.ipv4_mapped else f"[{address}]:{port}"


def _parse_timestamp(text: str) -> tuple[int | None, tzinfo | None]:
    found = TIMESTAMP.search(text)
    if found is None:
        return None, None
    try:
        moment = datetime.fromisoformat(f"{found['date'].replace('/', '-')}T{found['clock']}").replace(tzinfo=UTC)
    except ValueError:
        return None, None
    fraction = (found["fraction"] or "").ljust(9, "0")
    return int(moment.timestamp()) * NS_PER_S + int(fraction), _parse_zone(found["zone"])


def _parse_zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    text = text.strip()
    if text in ("Z", "UTC", "GMT"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def log_time(log: LogError, zone: tzinfo) -> int | None:
    """When the line was written, in ns since the epoch, if its clock runs in ``zone``. None without a time stamp."""
    if log.clock_ns is None:
        return None
    naive = datetime.fromtimestamp(log.clock_ns // NS_PER_S, UTC).replace(tzinfo=zone)
    return int(naive.timestamp()) * NS_PER_S + log.clock_ns % NS_PER_S


def possible_zones() -> Iterator[tzinfo]:
    """Whole- and half-hour offsets from UTC, those near UTC first; no zone in use lies outside -12:00 to +14:00."""
    for half_hours in sorted(range(-24, 29), key=abs):
        yield timezone(timedelta(minutes=30 * half_hours)) if half_hours else UTC
