"""librdkafka and what is built on it (confluent-kafka for Python, Go, .NET, Node.js).

confluentinc/librdkafka src/rdkafka.c (rd_kafka_log_print), src/rdkafka_broker.c (rd_kafka_broker_fail and its
"(after %dms in state %s)"), src/rdkafka_transport.c (reasons).
"""

from __future__ import annotations

import re

from pyreport.base.units import NS_PER_MS
from pyreport.logs.clock import epoch_stamp
from pyreport.logs.ends import HOST_PORT, parse_end
from pyreport.logs.errnos import errno_of
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

HEAD = re.compile(r"%\d\|(?P<epoch>\d{10}\.\d{3})\|(?P<facility>\w{1,20})\|(?P<client>[^|\n]{0,300})\|")
BODY = re.compile(rf"(?<![\w.-])(?P<end>{HOST_PORT})(?:/(?P<node>-?\w{{1,20}}))?: (?P<reason>[A-Z0-9][^\"\n]{{1,400}})")
# A broker known by its role only has no address: "GroupCoordinator: Disconnected".
LOGICAL = re.compile(r": (?P<name>[A-Za-z]\w{1,60}): (?P<reason>[A-Z0-9][^\"\n]{1,400})")
STATE = re.compile(r" \(after (?P<ms>\d{1,15})ms in state (?P<state>\w{1,30})")
RESOLVED = re.compile(rf"ipv[46]#(?P<end>{HOST_PORT})")
IDLE = re.compile(r"max idle time exceeded \((?P<ms>\d{1,15})ms since last activity\)")
OPERATIONS = (("Receive failed", "read"), ("Send failed", "write"), ("Connect to", "connect"), ("request", "request"))


def parse(entry: Entry) -> LogError | None:
    """A line of librdkafka's own logger, or its error text as a binding passes it on; None when it is neither."""
    text = entry.text
    head = HEAD.search(text)
    if head is None and " in state " not in text:
        return None
    after = text[head.end() :] if head else text
    body = BODY.search(after)
    logical = LOGICAL.search(after) if body is None and head else None
    found = body or logical
    if found is None:
        return None
    reason, _, _ = found["reason"].partition(" (after ")
    errno = _errno(reason)
    if errno is Errno.OTHER:
        return None
    state, idle = STATE.search(found["reason"]), IDLE.search(reason)
    end = RESOLVED.search(reason) or body
    client = head["client"] if head else ""
    return LogError(
        line="",
        format="librdkafka",
        error_text=reason.strip(),
        errno=errno,
        operation=next((operation for words, operation in OPERATIONS if words in reason), ""),
        remote=parse_end(end["end"]) if end else NamedEnd(),
        stamp=epoch_stamp(head["epoch"]) if head else None,
        service="Kafka",
        peer_name=f"broker {body['node']}" if body and body["node"] else logical["name"] if logical else "",
        client_id=client.partition("#")[0],
        state=state["state"] if state else "",
        state_age_ns=int(state["ms"]) * NS_PER_MS if state else None,
        idle_ns=int(idle["ms"]) * NS_PER_MS if idle else None,
    )


def _errno(reason: str) -> Errno:
    if IDLE.search(reason):
        return Errno.CLOSED_HERE
    if "connection closed by peer" in reason:
        return Errno.EOF
    return errno_of(reason)
