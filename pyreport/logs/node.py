"""Node.js, and kafkajs on top of it.

nodejs/node lib/internal/errors.js (the messages of system errors: "read ECONNRESET", "connect ECONNREFUSED
HOST:PORT"); tulios/kafkajs src/network/connection.js and src/loggers/index.js (one JSON object a line, UTC).
"""

from __future__ import annotations

import re

from pyreport.logs.ends import BARE_IP, make_end, parse_end
from pyreport.logs.errnos import errno_of
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

SYSTEM_ERROR = re.compile(
    rf"\b(?P<operation>read|write|connect|shutdown) (?P<code>E[A-Z]{{3,20}})"
    rf"(?: (?P<remote>(?:[\w.-]{{1,253}}|{BARE_IP}):\d{{1,5}}))?(?: - Local \((?P<local>[^)\s]{{3,60}})\))?"
)
CODE = re.compile(r"\bcode: '(?P<code>E[A-Z]{3,20})'")
SYSCALL = re.compile(r"\bsyscall: '(?P<syscall>\w{1,20})'")
ADDRESS = re.compile(r"\baddress: '(?P<address>[^'\n]{2,60})'")
PORT = re.compile(r"\bport: (?P<port>\d{1,5})\b")
KAFKAJS = ("kafkajs", "kafkajs-client")
CLOSED = re.compile(r"Kafka server has closed connection|Closed connection|Connection closed by the server")


def parse(entry: Entry) -> LogError | None:
    """A system error of Node.js, or a record of kafkajs; None when it is neither."""
    if entry.fields.get("logger") in KAFKAJS or "KafkaJSConnection" in entry.text:
        return _kafkajs(entry)
    return _system_error(entry, "Node.js")


def _kafkajs(entry: Entry) -> LogError | None:
    remote = parse_end(entry.fields.get("broker", ""))
    client_id = entry.fields.get("clientid", "")
    found = _system_error(entry, "kafkajs")
    message = entry.fields.get("message") or entry.text.partition("\n")[0]
    text = message.removeprefix("[Connection] ").strip()[:160]
    if found is not None:
        errno, operation, remote = found.errno, found.operation, remote or found.remote
    elif CLOSED.search(entry.text):
        errno, operation = Errno.EOF, "read"
    elif "Connection timeout" in text:
        errno, operation = Errno.DEADLINE, "connect"
    else:
        errno, operation = errno_of(text), ""
    if errno is Errno.OTHER:
        return None
    return LogError(
        "", "kafkajs", text, errno, operation, found.local if found else NamedEnd(), remote, service="Kafka",
        client_id=client_id,
    )  # fmt: skip


def _system_error(entry: Entry, name: str) -> LogError | None:
    text = entry.text
    found = SYSTEM_ERROR.search(text)
    if found:
        words, errno, operation = found[0], errno_of(found["code"]), found["operation"]
        local, remote = make_end(found["local"] or ""), make_end(found["remote"] or "")
    elif "socket hang up" in text:  # http: the peer's end came before the answer
        words, errno, operation, local, remote = "socket hang up", Errno.DISCONNECTED, "read", NamedEnd(), NamedEnd()
    else:
        code = entry.fields.get("code") or _group(CODE, text, "code")
        syscall = entry.fields.get("syscall") or _group(SYSCALL, text, "syscall")
        if not (code and syscall):
            return None
        words, errno, operation, local, remote = f"{syscall} {code}", errno_of(code), syscall, NamedEnd(), NamedEnd()
    if errno is Errno.OTHER:
        return None
    address = entry.fields.get("address") or _group(ADDRESS, text, "address")
    port = entry.fields.get("port") or _group(PORT, text, "port")
    if not remote and address and port:
        remote = make_end(address, port)
    return LogError("", name, words, errno, operation, local, remote)


def _group(pattern: re.Pattern[str], text: str, name: str) -> str:
    found = pattern.search(text)
    return found[name] if found else ""
