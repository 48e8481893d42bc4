"""The words for socket errors, in the texts of C libraries, Go, Java, Python, Node.js and Windows.

Texts: glibc's and BSD's strerror(3); Go's net package (src/net/net.go: timeoutError, errClosing); libuv's error names;
winsock's messages of 10053, 10054 and 10060.
"""

from __future__ import annotations

import re

from pyreport.logs.model import Errno

# In the order in which they are looked for: what is sure before what is loose.
SOCKET_ERRORS = (
    (Errno.EPIPE, r"broken pipe|\bEPIPE\b"),
    (Errno.ECONNRESET, r"connection reset|reset by peer|\bECONNRESET\b|forcibly closed by the remote host"),
    (
        Errno.ECONNABORTED,
        r"software caused connection abort|connection was aborted by the software|\bECONNABORTED\b",
    ),
    (Errno.ETIMEDOUT, r"connection timed out|operation timed out|\bETIMEDOUT\b|did not properly respond"),
    (Errno.ECONNREFUSED, r"connection refused|\bECONNREFUSED\b|actively refused"),
    (Errno.EHOSTUNREACH, r"no route to host|\bEHOSTUNREACH\b"),
    (Errno.ENETUNREACH, r"network is unreachable|\bENETUNREACH\b"),
)
LOOSE_ERRORS = (
    (Errno.DEADLINE, r"i/o timeout|deadline exceeded|timed out|timeout"),
    (Errno.EOF, r"\bEOF\b|\bEOFException\b|end of stream|closed by (?:the )?(?:peer|server)|remote end closed"),
    (Errno.DISCONNECTED, r"disconnect|connection lost|connection (?:was |has been )?closed|socket hang up"),
)
# Linux, macOS and BSD, Windows, z/OS (z/OS UNIX System Services Messages and Codes: EDC5140I, EDC8118I to EDC8130I).
NUMBERS = {
    140: Errno.EPIPE, 1118: Errno.ENETUNREACH, 1120: Errno.ECONNABORTED, 1121: Errno.ECONNRESET,
    1127: Errno.ETIMEDOUT, 1128: Errno.ECONNREFUSED, 1130: Errno.EHOSTUNREACH,
    32: Errno.EPIPE,
    104: Errno.ECONNRESET, 54: Errno.ECONNRESET, 10054: Errno.ECONNRESET,
    103: Errno.ECONNABORTED, 53: Errno.ECONNABORTED, 10053: Errno.ECONNABORTED,
    110: Errno.ETIMEDOUT, 60: Errno.ETIMEDOUT, 10060: Errno.ETIMEDOUT,
    111: Errno.ECONNREFUSED, 61: Errno.ECONNREFUSED, 10061: Errno.ECONNREFUSED,
    113: Errno.EHOSTUNREACH, 65: Errno.EHOSTUNREACH, 10065: Errno.EHOSTUNREACH,
    101: Errno.ENETUNREACH, 51: Errno.ENETUNREACH, 10051: Errno.ENETUNREACH,
}  # fmt: skip

_SOCKET = tuple((errno, re.compile(words, re.IGNORECASE)) for errno, words in SOCKET_ERRORS)
_LOOSE = tuple((errno, re.compile(words, re.IGNORECASE)) for errno, words in LOOSE_ERRORS)


def socket_error(text: str) -> tuple[Errno, str] | None:
    """The socket error that a text names without doubt, and the words for it; None when it names none."""
    return _first(_SOCKET, text)


def errno_of(text: str, default: Errno = Errno.OTHER) -> Errno:
    """The error of a text that is known to be about one: a socket error, else a loose word for one."""
    found = _first(_SOCKET, text) or _first(_LOOSE, text)
    return found[0] if found else default


def errno_of_number(number: int) -> Errno:
    """The error of a number as libraries print it; negative where libuv does."""
    return NUMBERS.get(abs(number), Errno.OTHER)


def _first(table: tuple[tuple[Errno, re.Pattern[str]], ...], text: str) -> tuple[Errno, str] | None:
    for errno, words in table:
        found = words.search(text)
        if found:
            return errno, found[0]
    return None
