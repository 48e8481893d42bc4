"""Python: the exceptions of sockets, as the last line of a traceback or alone.

python/cpython Objects/exceptions.c (OSError.__str__: "[Errno 104] text", "[WinError 10054] text" and its subclasses);
Lib/http/client.py (RemoteDisconnected); urllib3's and requests' texts around them.
"""

from __future__ import annotations

import re

from pyreport.logs.ends import make_end
from pyreport.logs.errnos import errno_of, errno_of_number
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

NUMBERED = re.compile(r"\[(?:Errno|WinError) (?P<number>-?\d{1,6})\] (?P<text>[^\n'\")]{0,200})")
TUPLE = re.compile(
    r"\b(?P<class>ConnectionResetError|BrokenPipeError|ConnectionAbortedError|TimeoutError|ConnectionRefusedError"
    r"|OSError|error)\((?P<number>\d{1,6}), '(?P<text>[^'\n]{1,200})'"
)
NAMED = re.compile(
    r"\b(?P<class>ConnectionResetError|BrokenPipeError|ConnectionAbortedError|ConnectionRefusedError"
    r"|RemoteDisconnected|IncompleteReadError|socket\.timeout|TimeoutError|ReadTimeoutError)\b"
    r"(?:: (?P<text>[^\n]{1,200}))?"
)
CLASSES = {
    "ConnectionResetError": Errno.ECONNRESET,
    "BrokenPipeError": Errno.EPIPE,
    "ConnectionAbortedError": Errno.ECONNABORTED,
    "ConnectionRefusedError": Errno.ECONNREFUSED,
    "RemoteDisconnected": Errno.EOF,
    "IncompleteReadError": Errno.EOF,
    "socket.timeout": Errno.DEADLINE,
    "TimeoutError": Errno.DEADLINE,
    "ReadTimeoutError": Errno.DEADLINE,
}
POOL = re.compile(r"ConnectionPool\(host='(?P<host>[^'\n]{1,253})', port=(?P<port>\d{1,5})\)")
CALLS = ((re.compile(r"\bsend(?:all|to|msg|file)?\("), "write"), (re.compile(r"\brecv(?:_into|from|msg)?\("), "read"))


def parse(entry: Entry) -> LogError | None:
    """The socket error of an exception; None when there is none."""
    text = entry.text
    found = NUMBERED.search(text) or TUPLE.search(text)
    if found:
        errno, words = errno_of_number(int(found["number"])), found["text"].strip()
        errno = errno_of(words) if errno is Errno.OTHER else errno
    else:
        named = NAMED.search(text)
        if named is None:
            return None
        errno, words = CLASSES[named["class"]], (named["text"] or named["class"]).strip()
    if errno is Errno.OTHER:
        return None
    pool = POOL.search(text)
    remote = make_end(pool["host"], pool["port"]) if pool else NamedEnd()
    operation = "write" if errno is Errno.EPIPE else next((name for call, name in CALLS if call.search(text)), "")
    return LogError("", "Python", words, errno, operation, NamedEnd(), remote)
