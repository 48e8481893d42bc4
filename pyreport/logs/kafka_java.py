"""Kafka's Java client and broker.

apache/kafka clients/src/main/java/org/apache/kafka/clients/NetworkClient.java (what the client says of its nodes),
.../common/network/Selector.java (channels, idle connections), .../common/network/ServerConnectionId.java (the
broker's name for a connection), core/src/main/scala/kafka/network/SocketServer.scala.
"""

from __future__ import annotations

import re

from pyreport.base.units import NS_PER_MS
from pyreport.logs.ends import HOST_PORT, make_end, parse_end
from pyreport.logs.errnos import errno_of, socket_error
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

CONTEXT = re.compile(r"\[(?:\w{1,40} )?clientId=(?P<client>[^,\]\n]{1,249})")
CONNECTION_ID = re.compile(
    r"(?<![\w.:])(?P<lh>[0-9A-Fa-f.:%]{2,60}):(?P<lp>\d{1,5})-(?P<rh>[0-9A-Fa-f.:%]{2,60}):(?P<rp>\d{1,5})-\d{1,10}"
)
NODE = r"(?P<node>-?\d{1,10})"
IDLE = re.compile(
    r"About to close the idle connection from (?P<id>\S{1,200}) due to being idle for (?P<ms>\d{1,15}) ms?"
)
CHANNEL = re.compile(
    r"(?:Connection with|Unexpected error from|closing connection to) (?P<peer>\S{0,253}?/?\S{2,60}) "
    r"\(channelId=(?P<id>[^)\s]{1,200})\)"
)
NO_CHANNEL = re.compile(r"channel for which there is no open connection, connection id (?P<id>\S{1,200})")
BOOTSTRAP = re.compile(rf"Bootstrap broker (?P<end>{HOST_PORT})(?: \(id: {NODE} rack: \w{{1,40}}\))? disconnected")
NOT_ESTABLISHED = re.compile(
    rf"Connection to node {NODE} \((?P<name>[\w.-]{{0,253}})/(?P<end>{HOST_PORT})\) could not be established"
)
# Of a node, by its number alone: pattern, error, operation.
OF_NODE = (
    (re.compile(rf"Disconnecting from node {NODE} due to request timeout"), Errno.DEADLINE, "request"),
    (re.compile(rf"Disconnecting from node {NODE} due to socket connection setup timeout"), Errno.DEADLINE, "connect"),
    (re.compile(rf"Idle connection to node {NODE} disconnected"), Errno.CLOSED_HERE, ""),
    (re.compile(rf"Cancelled in-flight \w{{1,60}} request .{{0,80}}due to node {NODE} being disconnected"),
     Errno.DISCONNECTED, "request"),
    (re.compile(rf"\bNode {NODE} disconnected"), Errno.DISCONNECTED, ""),
)  # fmt: skip
NAME = "Kafka Java client"


def parse(entry: Entry) -> LogError | None:
    """What the client says of a node, or client or broker of a channel; None when it is neither."""
    client = CONTEXT.search(entry.text)
    client_id = client["client"].strip() if client else ""
    return _of_channel(entry.text, client_id) or _of_address(entry.text, client_id) or _of_node(entry.text, client_id)


def _of_channel(text: str, client_id: str) -> LogError | None:
    idle = IDLE.search(text)
    found = idle or CHANNEL.search(text) or NO_CHANNEL.search(text)
    if found is None:
        return None
    ends = CONNECTION_ID.search(f" {found['id']}")
    said = socket_error(text)
    if idle:
        errno, words = Errno.CLOSED_HERE, f"idle for {idle['ms']} ms"
    elif said:
        errno, words = said
    else:
        errno, words = (Errno.EOF, "EOFException") if "EOFException" in text else (Errno.DISCONNECTED, "disconnected")
    idle_ns = int(idle["ms"]) * NS_PER_MS if idle else None
    if ends:  # only the broker names its channels by their ends
        local, remote = make_end(ends["lh"], ends["lp"]), make_end(ends["rh"], ends["rp"])
        return LogError("", "Kafka broker", words, errno, "", local, remote, by_server=True, idle_ns=idle_ns)
    remote = parse_end(found["peer"].rpartition("/")[2]) if "peer" in found.groupdict() else NamedEnd()
    peer = f"node {found['id'].rstrip(',')}"
    return LogError(
        "", NAME, words, errno, "", NamedEnd(), remote, service="Kafka", peer_name=peer, client_id=client_id,
        idle_ns=idle_ns,
    )  # fmt: skip


def _of_address(text: str, client_id: str) -> LogError | None:
    found = BOOTSTRAP.search(text)
    if found:
        node = f"node {found['node']}" if found["node"] else ""
        return LogError(
            "", NAME, "bootstrap broker disconnected", Errno.DISCONNECTED, "", NamedEnd(), parse_end(found["end"]),
            service="Kafka", peer_name=node, client_id=client_id,
        )  # fmt: skip
    found = NOT_ESTABLISHED.search(text)
    if found:
        return LogError(
            "", NAME, "could not be established", errno_of(text, Errno.DISCONNECTED), "connect", NamedEnd(),
            parse_end(found["end"]), service="Kafka", peer_name=f"node {found['node']}", client_id=client_id,
        )  # fmt: skip
    return None


def _of_node(text: str, client_id: str) -> LogError | None:
    for pattern, errno, operation in OF_NODE:
        found = pattern.search(text)
        if found:
            words = found[0][:120]
            return LogError(
                "", NAME, words, errno, operation, service="Kafka", peer_name=f"node {found['node']}",
                client_id=client_id,
            )  # fmt: skip
    return None
