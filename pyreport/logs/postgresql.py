"""PostgreSQL: the server's log, and libpq's and pgjdbc's words at the client.

postgres/postgres src/backend/libpq/pqcomm.c (pq_recvbuf, internal_flush), src/backend/tcop/postgres.c
(ProcessInterrupts), src/interfaces/libpq/fe-misc.c and fe-secure.c; log_line_prefix's %r is "host(port)".
"""

from __future__ import annotations

import re

from pyreport.logs.ends import BARE_IP, make_end
from pyreport.logs.errnos import errno_of, socket_error
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

SERVER = (
    (re.compile(r"could not receive data from client: (?P<said>[^\n\"]{1,160})"), "read", None),
    (re.compile(r"could not send data to client: (?P<said>[^\n\"]{1,160})"), "write", None),
    (re.compile(r"(?P<said>connection to client lost)"), "", Errno.DISCONNECTED),
    (re.compile(r"(?P<said>unexpected EOF on client connection[\w ]{0,60})"), "read", Errno.EOF),
)
# The server says these in its log and to the client; who wrote the line tells which end it is.
TERMINATING = re.compile(r"FATAL: {1,3}(?P<said>terminating connection (?:due to|because of) [\w -]{1,60})")
SERVER_LINE = re.compile(r"\[\d{1,10}(?:-\d{1,10})?\]|\bpid=\d{1,10}")
EXCEPTION = re.compile(r"\bpsycopg|\bsqlalchemy|\basyncpg|org\.postgresql|Error\b|Exception\b|errors\.")
FROM = re.compile(rf"(?<![\w.:])(?P<host>{BARE_IP})\((?P<port>\d{{1,5}})\)")
CLIENT = (
    (re.compile(r"(?P<said>server closed the connection unexpectedly)"), "read", Errno.EOF),
    (re.compile(r"could not receive data from server: (?P<said>[^\n\"]{1,160})"), "read", None),
    (re.compile(r"could not send data to server: (?P<said>[^\n\"]{1,160})"), "write", None),
    (re.compile(r"(?P<said>SSL SYSCALL error: [^\n\"]{1,160})"), "", None),
    (re.compile(r"(?P<said>SSL connection has been closed unexpectedly)"), "read", Errno.EOF),
    (re.compile(r"(?P<said>An I/O error occurred while sending to the backend)"), "", Errno.DISCONNECTED),
    (
        re.compile(r"connection to server at \"[^\"\n]{1,253}\"[^\n]{0,80} failed: (?P<said>[^\n]{1,160})"),
        "connect",
        None,
    ),
)
AT = re.compile(
    r"connection to server at \"(?P<host>[^\"\s]{1,253})\"(?: \((?P<ip>[^)\s]{2,60})\))?, port (?P<port>\d{1,5})"
)
NAME = "PostgreSQL"


def parse(entry: Entry) -> LogError | None:
    """What the server says of a client, or a client of the server; None for other lines."""
    text = entry.text
    for pattern, operation, errno in SERVER:
        found = pattern.search(text)
        if found:
            return _of_server(text, found["said"], errno or errno_of(found["said"]), operation)
    found = TERMINATING.search(text)
    if found:
        before = text[: found.start()]
        if SERVER_LINE.search(before) and not EXCEPTION.search(before):
            return _of_server(text, found["said"], Errno.CLOSED_HERE, "")
        return _of_client(text, found["said"], Errno.EOF, "read")
    for pattern, operation, errno in CLIENT:
        found = pattern.search(text)
        if found:
            # Behind pgjdbc's sentence the cause of the exception names the socket's error.
            cause = socket_error(text)
            return _of_client(text, found["said"], cause[0] if cause else errno or errno_of(found["said"]), operation)
    return None


def _of_server(text: str, said: str, errno: Errno, operation: str) -> LogError:
    client = FROM.search(text)
    remote = make_end(client["host"], client["port"]) if client else NamedEnd()
    return LogError(
        "", f"{NAME} server", said.strip(), errno, operation, NamedEnd(), remote, service=NAME, by_server=True
    )


def _of_client(text: str, said: str, errno: Errno, operation: str) -> LogError:
    at = AT.search(text)
    remote = make_end(at["ip"] or at["host"], at["port"]) if at else NamedEnd()
    return LogError("", f"{NAME} client", said.strip(), errno, operation, NamedEnd(), remote, service=NAME)
