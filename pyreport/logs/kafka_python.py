"""kafka-python, old and new.

dpkp/kafka-python kafka/net/backend/transport.py (KafkaTCPTransport.__str__ and host_port: remote end, then the local
port), kafka/net/connection.py; before 2.1 kafka/conn.py (BrokerConnection.__str__) and kafka/client_async.py.
"""

from __future__ import annotations

import re

from pyreport.base.units import NS_PER_MS
from pyreport.logs.ends import HOST_PORT, make_end, parse_end
from pyreport.logs.errnos import errno_of
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

NEW = re.compile(
    rf"<Kafka\w{{1,40}} [^\[\n]{{0,200}}\[(?P<end>{HOST_PORT})(?:<-(?P<port>\d{{1,5}}))?\][^>\n]{{0,200}}>: "
    r"(?P<said>[^\n]{1,300})"
)
OLD = re.compile(
    rf"<BrokerConnection (?:client_id=(?P<client>[^,\n]{{0,249}}), )?node_id=(?P<node>\S{{1,40}}) "
    rf"host=(?P<host>{HOST_PORT}) (?P<rest>[^\n]{{0,600}})"
)
RESOLVED = re.compile(r"\('(?P<host>[^']{2,60})', (?P<port>\d{1,5})")
NODE = re.compile(r"node_id=(?P<node>[^\s,\]]{1,40})")
CLIENT = re.compile(r"client_id=(?P<client>[^\s,>]{1,249})")
IDLE = re.compile(r"Closing idle connection (?P<node>\S{1,40}), last active (?P<ms>\d{1,15}) ms ago")
NAME = "kafka-python"


def parse(entry: Entry) -> LogError | None:
    """What a transport or connection of kafka-python says when it is lost; None for other lines."""
    text = entry.text
    idle = IDLE.search(text)
    if idle:
        return LogError(
            "", NAME, "closing idle connection", Errno.CLOSED_HERE, service="Kafka", peer_name=f"node {idle['node']}",
            idle_ns=int(idle["ms"]) * NS_PER_MS,
        )  # fmt: skip
    new, old = NEW.search(text), OLD.search(text)
    if new:
        local, remote, said = (
            NamedEnd(port=int(new["port"])) if new["port"] else NamedEnd(),
            parse_end(new["end"]),
            new["said"],
        )
    elif old:
        said = old["rest"].rpartition(">: ")[2]
        resolved = RESOLVED.search(old["rest"])
        local = NamedEnd()
        remote = make_end(resolved["host"], resolved["port"]) if resolved else parse_end(old["host"])
    else:
        return None
    # The socket's own error stands in the exception behind the first line.
    errno = errno_of(said) if "disconnected" in said else errno_of(text[text.find(said) :], Errno.OTHER)
    errno = Errno.EOF if "socket disconnected" in said else errno
    if errno is Errno.OTHER:
        return None
    node, client = NODE.search(text), CLIENT.search(text)
    return LogError(
        "", NAME, said.strip()[:160], errno, _operation(said), local, remote, service="Kafka",
        peer_name=f"node {node['node']}" if node else "", client_id=client["client"] if client else "",
    )  # fmt: skip


def _operation(said: str) -> str:
    if "sending" in said:
        return "write"
    return "read" if "receiving" in said or "socket disconnected" in said else ""
