"""A log line without what is private: words that say what went wrong stay, all others get stand-ins.

What stays is listed: the words of the tables of wordings and of their samples, the words below, times, durations and
short numbers. Whatever is not known is taken for a name (of a host, a path, a topic, a group, a client).
"""

from __future__ import annotations

from functools import cache

import re2
from msgspec.structs import replace

from pyreport.logs.ends import is_address
from pyreport.logs.model import LogError, NamedEnd
from pyreport.logs.wording import wordings
from pyreport.redaction.addresses import COLONS, IPV4, address_shown, colons_shown, ipv4_shown, number_shown
from pyreport.redaction.stand_ins import StandIns

# Words of log lines that no table has: levels, fields, parts of sentences.
PLAIN_WORDS = frozenset(
    (
        *("trace", "debug", "info", "notice", "warn", "warning", "err", "error", "fatal", "critical", "panic", "level"),
        *("time", "ts", "timestamp", "msg", "message", "caller", "logger", "thread", "pid", "tcp", "udp", "tls", "ssl"),
        *("http", "https", "read", "write", "dial", "connect", "send", "recv", "accept", "close", "closed", "socket"),
        *("connection", "client", "server", "broker", "peer", "local", "remote", "from", "to", "host", "port", "addr"),
        *("address", "topic", "group", "partition", "offset", "consumer", "producer", "consume", "produce", "request"),
        *("response", "while", "during", "after", "before", "with", "without", "for", "of", "on", "in", "at", "by"),
        *("the", "an", "is", "was", "has", "have", "been", "not", "no", "and", "or", "failed", "failure", "kafka"),
        *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        *("mon", "tue", "wed", "thu", "fri", "sat", "sun", "utc", "gmt", "cst"),
    )
)
# What follows one of these and a separator is a name, whatever it is.
KEYS = (
    r"(?:topics?|groups?|group\.id|group_id|client|clients?\.?id|client_id|host|hostname|user|username|database|db|queue"
    r"|exchange|path|url|uri|file|server_name|servername|sni|tenant|account|service)"
)
_DATE = r"\d{4}[-/.]\d{2}[-/.]\d{2}(?:T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?)?(?:Z\b|[+-]\d{2}:?\d{2}\b)?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?"
_WORD = r"[\p{L}\p{N}_][\p{L}\p{N}_.\-]*"
_PIECES = re2.compile(
    rf"(?P<stamp>{_DATE})|(?P<v4>{IPV4})(?::(?P<port>\d{{1,5}})\b)?|(?P<colons>{COLONS})"
    rf"|(?P<key>(?i:\b{KEYS}))(?P<between>[\"']?[ ]?[:=][ ]?[\"']?)(?P<value>{_WORD})|(?P<word>{_WORD})"
)
_WHOLE_CLOCK = re2.compile(_CLOCK)
_NUMBER = re2.compile(r"\d{1,5}|\d{1,9}(?:\.\d{1,9})?(?:ns|us|µs|ms|s|sec|min|m|h)")
# Of a pattern: what is no word of it.
_SYNTAX = re2.compile(r"\\[a-zA-Z]|\(\?[-a-zA-Z]*:|[^\p{L}\p{N}_.\-]+|\\")
_LONE_WORD = re2.compile(r"\p{L}[\p{L}_]*")
#: Of a line, so much is looked at; the rest is left out.
LONGEST = 1 << 16


def redacted_error(error: LogError, stand_ins: StandIns) -> LogError:
    """What a record says, with stand-ins for all that is private in it."""
    ends = (error.local, error.remote, error.beside)
    hosts = {end.host for end in ends if end.host and not is_address(end.host)}
    private = frozenset(name.casefold() for name in (*hosts, error.peer_name, error.client_id) if name)
    for end in ends:
        if end.port is not None:
            stand_ins.port(end.port)
    return replace(
        error,
        line=redacted_text(error.line, stand_ins, private),
        error_text=redacted_text(error.error_text, stand_ins, private),
        operation=redacted_text(error.operation, stand_ins, private),
        local=_end(error.local, stand_ins),
        remote=_end(error.remote, stand_ins),
        beside=_end(error.beside, stand_ins),
        peer_name=_name(error.peer_name, stand_ins),
        client_id=_name(error.client_id, stand_ins),
    )


def redacted_text(text: str, stand_ins: StandIns, private: frozenset[str] = frozenset()) -> str:
    """A text with stand-ins; ``private`` are names (in small letters) that none of their words stays of."""

    def shown(piece: re2._Match[str]) -> str:
        if piece["stamp"] is not None:
            return str(piece["stamp"])
        if piece["v4"] is not None:
            return ipv4_shown(piece["v4"], piece["port"], stand_ins)
        if piece["colons"] is not None:
            return _colons(piece["colons"], stand_ins, private)
        if piece["key"] is not None:
            return f"{piece['key']}{piece['between']}{_name(piece['value'], stand_ins)}"
        return _word(piece["word"], stand_ins, private)

    cut = text[:LONGEST]
    return str(_PIECES.sub(shown, cut)) + ("…" if len(text) > LONGEST else "")


def _word(word: str, stand_ins: StandIns, private: frozenset[str]) -> str:
    bare = word.rstrip(".-")
    rest = word[len(bare) :]
    if _NUMBER.fullmatch(bare):
        return f"{number_shown(bare, stand_ins)}{rest}"
    is_known = bare.casefold() in _vocabulary() or (len(bare) == 1 and bare.isascii())
    if is_known and bare.casefold() not in private:
        return word
    return f"{stand_ins.name(bare)}{rest}"


def _colons(text: str, stand_ins: StandIns, private: frozenset[str]) -> str:
    """An IPv6 address, a hardware address, a time of day, or words between colons."""
    if _WHOLE_CLOCK.fullmatch(text):
        return text
    return colons_shown(text, stand_ins) or ":".join(
        _word(part, stand_ins, private) if part else "" for part in text.split(":")
    )


def _address(text: str, stand_ins: StandIns) -> str:
    """The stand-in of an address; "" of what is none, a name's of what looks like one."""
    return address_shown(text, stand_ins) or ("" if ":" in text else stand_ins.name(text))


def _name(name: str, stand_ins: StandIns) -> str:
    bare = name.rstrip(".-")
    if not name:
        return name
    if is_address(bare):
        return _address(bare, stand_ins) + name[len(bare) :]
    return stand_ins.name(bare) + name[len(bare) :]


def _end(end: NamedEnd, stand_ins: StandIns) -> NamedEnd:
    host = end.host.strip("[]")
    if not host:
        shown = ""
    elif is_address(end.host):
        mapped = _address(host, stand_ins)
        shown = f"[{mapped}]" if ":" in mapped else mapped
    else:
        shown = stand_ins.name(end.host)
    return NamedEnd(shown, None if end.port is None else stand_ins.port(end.port))


@cache
def _vocabulary() -> frozenset[str]:
    """The words that stay, in small letters: single words of the patterns, whole names of their samples' errors."""
    words = set(PLAIN_WORDS)
    for row in wordings():
        for pattern in row.words:
            for word in _SYNTAX.sub(" ", pattern).split():
                bare = word.strip(".-_")
                if _LONE_WORD.fullmatch(bare):
                    words.add(bare.casefold())
    return frozenset(words)
