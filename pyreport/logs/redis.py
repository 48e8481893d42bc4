"""Redis: the server's log, redis-py, Jedis and Lettuce.

redis/redis src/networking.c (readQueryFromClient, writeToClient, catClientInfoString), src/timeout.c;
redis/redis-py redis/connection.py; redis/jedis src/main/java/redis/clients/jedis/util/RedisInputStream.java.
"""

from __future__ import annotations

import re

from pyreport.base.units import NS_PER_S
from pyreport.logs.ends import HOST_PORT, parse_end
from pyreport.logs.errnos import errno_of, errno_of_number, socket_error
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

SERVER = re.compile(
    r"(?P<said>Client closed connection|Closing idle client|(?:Reading from|Error writing to) client: [^\n]{1,80})"
)
SERVER_LINE = re.compile(r"\b\d{1,10}:[MSCX] \d\d \w{3} \d{4} |\baddr=\S{3,60} ")
ADDR = re.compile(rf"\baddr=(?P<end>{HOST_PORT})")
LADDR = re.compile(rf"\bladdr=(?P<end>{HOST_PORT})")
IDLE = re.compile(r"\bidle=(?P<s>\d{1,12})\b")
AGE = re.compile(r"\bage=(?P<s>\d{1,12})\b")

PY_SOCKET = re.compile(
    r"Error (?P<number>\d{1,6}|UNKNOWN) while (?P<what>writing|reading) (?:to|from) socket\. ?(?P<said>[^\n]{0,160})"
)
PY_READING = re.compile(
    rf"Error while reading from (?:(?P<end>{HOST_PORT})|socket) ?: \((?P<number>\d{{1,6}}), '(?P<said>[^'\n]{{1,160}})'"
)
PY_TIMEOUT = re.compile(
    rf"Timeout (?P<what>reading from|writing to|connecting to) (?:(?P<end>{HOST_PORT})|socket|server)"
)
PY_CONNECT = re.compile(rf"Error (?P<number>-?\d{{1,6}}) connecting to (?P<end>{HOST_PORT})\. (?P<said>[^\n]{{1,160}})")
PY_CLOSED = "Connection closed by server"
# Other libraries close with the same words: redis-py's name has to stand shortly before them.
PY_NAME = re.compile(r"redis|celery|kombu|\brq\b|ConnectionError: $", re.IGNORECASE)

JAVA = re.compile(r"JedisConnectionException|redis\.clients\.jedis|io\.lettuce\.core|RedisException")
JAVA_END = re.compile(rf"(?:Failed connecting to|Unable to connect to|Connection to) \W{{0,3}}(?P<end>{HOST_PORT})")
NAME = "Redis"


def parse(entry: Entry) -> LogError | None:
    """What the server says of a client, or a client of the server; None for other lines."""
    return _server(entry.text) or _redis_py(entry.text) or _java(entry.text)


def _server(text: str) -> LogError | None:
    found = SERVER.search(text)
    if found is None or not SERVER_LINE.search(text):
        return None
    said = found["said"].strip()
    if said.startswith("Closing"):
        errno = Errno.CLOSED_HERE
    else:
        errno = Errno.EOF if said.startswith("Client closed") else errno_of(said)
    if errno is Errno.OTHER:
        return None
    idle, age = IDLE.search(text), AGE.search(text)
    return LogError(
        "", "Redis server", said, errno, "write" if "writing" in said else "read", _end(LADDR, text), _end(ADDR, text),
        service=NAME, by_server=True, idle_ns=int(idle["s"]) * NS_PER_S if idle else None,
        lasted_ns=int(age["s"]) * NS_PER_S if age else None,
    )  # fmt: skip


def _redis_py(text: str) -> LogError | None:
    found = PY_SOCKET.search(text) or PY_READING.search(text) or PY_CONNECT.search(text)
    if found:
        parts = found.groupdict()
        errno = errno_of_number(int(parts["number"])) if parts["number"].lstrip("-").isdecimal() else Errno.OTHER
        errno = errno_of(parts["said"], Errno.DISCONNECTED) if errno is Errno.OTHER else errno
        what = parts.get("what") or ("connecting" if "connecting" in found[0] else "reading")
        return _py(parts["said"].strip(" ."), errno, what, parts.get("end"))
    found = PY_TIMEOUT.search(text)
    if found:
        return _py(found[0], Errno.DEADLINE, found["what"], found["end"])
    closed = text.find(PY_CLOSED)
    if closed >= 0 and PY_NAME.search(text[max(0, closed - 400) : closed]):
        return _py(PY_CLOSED, Errno.EOF, "reading", None)
    return None


def _py(said: str, errno: Errno, what: str, end: str | None) -> LogError:
    operation = {"writing": "write", "reading": "read", "connecting": "connect"}[what.partition(" ")[0]]
    remote = parse_end(end) if end else NamedEnd()
    return LogError("", "redis-py", said, errno, operation, NamedEnd(), remote, service=NAME)


def _java(text: str) -> LogError | None:
    if not JAVA.search(text):
        return None
    said = socket_error(text)
    words = said[1] if said else "Unexpected end of stream" if "end of stream" in text else ""
    errno = said[0] if said else errno_of(text)
    if errno is Errno.OTHER:
        return None
    name = "Lettuce" if "lettuce" in text else "Jedis"
    operation = "write" if errno is Errno.EPIPE else ""
    return LogError("", name, words or errno.value, errno, operation, NamedEnd(), _end(JAVA_END, text), service=NAME)


def _end(pattern: re.Pattern[str], text: str) -> NamedEnd:
    found = pattern.search(text)
    return parse_end(found["end"]) if found else NamedEnd()
