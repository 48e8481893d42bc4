"""Go: net.OpError, bare or in what Kafka clients written in Go say around it.

golang/go src/net/net.go (OpError.Error); IBM/sarama consumer.go and async_producer.go; segmentio/kafka-go reader.go;
twmb/franz-go pkg/kgo/broker.go.
"""

from __future__ import annotations

import re

from pyreport.logs.ends import HOST_PORT, parse_end
from pyreport.logs.errnos import errno_of, socket_error
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

OP_ERROR = re.compile(
    rf"\b(?P<operation>read|write|dial|accept|close|set) tcp[46]? "
    rf"(?:(?P<local>{HOST_PORT})->)?(?P<remote>{HOST_PORT}): (?P<error>[^\"\\\n]{{1,400}})"
)
# What follows the error in the same line is not part of it.
KNOWN_ERROR = re.compile(
    r"(?:[\w ]{1,30}: )?(?:broken pipe|connection reset by peer|(?:connection|operation) timed out|connection refused"
    r"|connection aborted|no route to host|network is unreachable|i/o timeout|use of closed network connection|EOF)"
)
WRAPPERS = (
    ("Sarama", re.compile(r"kafka: error while consuming (?P<peer>)[^\s/]{1,249}/\d{1,10}: (?P<error>.{1,400})")),
    (
        "Sarama",
        re.compile(
            r"(?:consumer|producer)/(?P<peer>broker/-?\d{1,10}) (?:disconnecting due to error processing \w{1,40}: "
            r"|state change to \[\w{1,20}\] because )(?P<error>.{1,400})"
        ),
    ),
    ("Sarama", re.compile(r"got error from (?P<peer>broker -?\d{1,10}) while \w[\w ]{1,60}: (?P<error>.{1,400})")),
    (
        "kafka-go",
        re.compile(r"the kafka reader got an unknown error reading partition (?P<peer>)(?P<error>.{1,600})"),
    ),
    ("franz-go", re.compile(r"(?:read from|write to|unable to write to) broker errored(?P<peer>)(?P<error>.{0,600})")),
)
# franz-go's key and value pairs, by a basic logger, by logfmt.
FRANZ_ADDRESS = re.compile(rf"\baddr(?:: |=\"?)(?P<addr>{HOST_PORT})")
FRANZ_ERROR = re.compile(r"\berr(?:: |=\"?)(?P<err>[^\",;\n]{1,400})")
FRANZ_BROKER = re.compile(r"\bbroker(?:: |=)(?P<broker>\w{1,20})")


def parse(entry: Entry) -> LogError | None:
    """What Go's net package and a Kafka client around it say; None when it is neither."""
    name, peer, inner = _wrapper(entry.text)
    found = OP_ERROR.search(entry.text)
    if name == "franz-go":
        return _franz(entry, found)
    if found:
        return _op_error(found, f"Go net.OpError in {name}" if name else "Go net.OpError", peer)
    if inner and errno_of(inner) is not Errno.OTHER:
        return LogError("", name, _shorten(inner), errno_of(inner), service="Kafka", peer_name=peer)
    return None


def _wrapper(text: str) -> tuple[str, str, str]:
    """The library that speaks, the peer it names and the error it passes on."""
    for name, pattern in WRAPPERS:
        found = pattern.search(text)
        if found:
            return name, found["peer"], found["error"]
    return "", "", ""


def _op_error(found: re.Match[str], name: str, peer: str) -> LogError:
    text = _shorten(found["error"])
    return LogError(
        "", name, text, errno_of(text), found["operation"],
        parse_end(found["local"]) if found["local"] else NamedEnd(), parse_end(found["remote"]), peer_name=peer,
    )  # fmt: skip


def _franz(entry: Entry, found: re.Match[str] | None) -> LogError:
    broker = entry.fields.get("broker") or _group(FRANZ_BROKER, entry.text, "broker")
    peer = f"broker {broker}" if broker else ""
    if found:
        return _op_error(found, "Go net.OpError in franz-go", peer)
    address = entry.fields.get("addr") or _group(FRANZ_ADDRESS, entry.text, "addr")
    text = entry.fields.get("err") or _group(FRANZ_ERROR, entry.text, "err") or "connection lost"
    errno = errno_of(text, Errno.DISCONNECTED)
    return LogError(
        "", "franz-go", text, errno, "read", NamedEnd(), parse_end(address), service="Kafka", peer_name=peer
    )


def _group(pattern: re.Pattern[str], text: str, name: str) -> str:
    found = pattern.search(text)
    return found[name] if found else ""


def _shorten(text: str) -> str:
    known = KNOWN_ERROR.match(text)
    if known:
        return known[0]
    said = socket_error(text)
    return text[: text.find(said[1]) + len(said[1])].strip() if said else text.strip()
