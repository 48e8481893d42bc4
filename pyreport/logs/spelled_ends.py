"""The ends of a connection in the text of a record, however spelled: arrows, "host X port N", URLs, fields.

Every pattern is RE2's, so a hostile line costs no more than its length.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import re2
from msgspec import Struct

from pyreport.logs.ends import is_address, make_end, parse_end
from pyreport.logs.model import NamedEnd

_IP = r"(?:\d{1,3}\.){3}\d{1,3}"
_ADDRESS = rf"(?:\[[0-9A-Fa-f:.%\w]+\]|{_IP}|(?:[0-9A-Fa-f]{{0,4}}:){{2,7}}[0-9A-Fa-f.]*|[A-Za-z0-9_](?:[\w.-]*\w)?)"
# Java writes NAME/ADDRESS:PORT, with an empty name for an address; Netty NAME/<unresolved>:PORT.
_END = rf"(?:[\w.-]*/)?({_ADDRESS}(?:/<unresolved>)?):(\d{{1,5}})"
_BEFORE = r"(?:^|[^\w.:%/-]|[^\w.:%-]/|//)"
_AFTER = r"(?:[^\w:]|:[^\w]|:[A-Za-z]|:?$)"

# Netty: "L:/a:p - R:/b:p", "!" once the channel is inactive (AbstractChannel.toString); 4.0 wrote "/a:p => /b:p", ":>".
_CHANNEL = re2.compile(rf"\bL:{_END}\s*[-!]\s*R:{_END}")
_ARROW = re2.compile(rf"{_BEFORE}{_END}\s*(->|=>|→|:>|<->|-->|--)\s*{_END}{_AFTER}")
_NETTY_ARROWS = ("=>", ":>")
# Deno: "error sending request from A:P for URL (B:P)" (ext/fetch/lib.rs).
_FROM_FOR = re2.compile(rf"\bsending request from {_END} for \S+ \({_END}\)")
# HTTP.sys and other logs of fields: "CLIENT PORT SERVER PORT".
_FOUR = re2.compile(rf"(?:^|\s)({_IP}) (\d{{1,5}}) ({_IP}) (\d{{1,5}})(?:\s|$)")
# Cisco and Juniper: "outside:A/P to inside:B/P", "A/P->B/P"; a number up to 32 is the length of a prefix.
_SLASHED = re2.compile(rf"({_IP})/(\d{{2,5}})\s*(?:->|to)\s*(?:\w+:)?({_IP})/(\d{{2,5}})")
# "local=A remote=B", "local address: A", "peer A", "to A"; the value may be quoted or in brackets.
_KEY = (
    r"local(?:[_ ]?(?:addr(?:ess)?|end(?:point)?))?|laddr|src|source|raddr|peer(?:[_ ]?addr(?:ess)?)?|dst"
    r"|dest(?:ination)?|remote(?:[_ ]?(?:addr(?:ess)?|end(?:point)?|host))?|(?:remote )?server|upstream(?:_host)?"
    r"|broker|endpoint|addr(?:ess)?|host|with|to|from|client|on"
)
_KEYED = re2.compile(rf"(?i)\b({_KEY})\b[ =:\"'(/]+(?:\w+://)?{_END}{_AFTER}")
_URL = re2.compile(rf"\b[a-z][a-z0-9+.-]*://(?:[^\s/@\"']*@)?{_END}{_AFTER}")
_BARE = re2.compile(rf"{_BEFORE}{_END}{_AFTER}")
_PORT_APART = re2.compile(
    r"(?i)(?:^|[^\w.:-])(?:(host|to|from|with|by|at|on|remote host|server)[ =:\"'(]+)?"
    rf"\"?({_ADDRESS})\"?'?\)?(?: \(([0-9A-Fa-f.:]+)\))?,?[ /:,]+port[ =:\"']+(\d{{1,5}})\b"
)
_FIELDS_APART = re2.compile(
    rf"(?i)\b(?:host|address|ip|ipaddr|hostname|server)[\"']?[ =:\"'(]+({_ADDRESS})[\"']?[,; ]+[\"']?port[\"']?"
    r"[ =:\"']+(\d{1,5})\b"
    rf"|\(HOST=({_ADDRESS})\)\(PORT=(\d{{1,5}})\)|\('?({_IP})'?, (\d{{1,5}})\)"
)
# libpq before PostgreSQL 14.
_LIBPQ = re2.compile(
    rf"on host \"?({_ADDRESS})\"?(?: \(([0-9A-Fa-f.:]+)\))? and accepting\s+TCP/IP connections on port (\d{{1,5}})"
)
_ALONE = re2.compile(
    r"(?i)\b(?:host|from|to|client|peer|with|server|remote|remote host|by|on|at|address|ip|rip|unknown|detected)"
    rf"[ =:\"'(\[/]+(?:[\w.-]+\[)?({_IP})(?:[^\d.:\w/]|/\D|[.:]?\s|[.:]?$)"
)
# Node.js and JSON write address and port as fields of their own.
_INSPECTED = re2.compile(
    rf"(?i)\b(local|remote)(?:_?(?:address|addr|ip|host))\b[\"']?[ =:\"']+({_ADDRESS})[\"']?[,; \n\"']+"
    r"(?:local|remote)_?port\b[\"']?[ =:\"']+(\d{1,5})\b"
)
_FAMILY = re2.compile(r"\bipv[46]:")  # gRPC writes ipv4:ADDRESS:PORT
# Postfix writes NAME[ADDRESS]:PORT.
_BRACKETS = re2.compile(r"\b[\w.-]+\[((?:\d{1,3}\.){3}\d{1,3})\]:(\d)")
_LOCAL = ("local", "laddr", "src", "source")
# What these stand before is the other end only if nothing else is.
_WEAK = ("client",)
_UNSURE = ("to", "from", "on", "with", "host", "client", "addr", "address")
# A name with one of these endings and a number behind it is a place in a program's source.
_SOURCE = frozenset(
    (
        *("c", "cc", "cfg", "clj", "conf", "cpp", "cs", "cxx", "erl", "ex", "exs", "fs", "go", "groovy", "h", "hpp"),
        *(
            "inc",
            "java",
            "js",
            "json",
            "jsx",
            "kt",
            "kts",
            "log",
            "lua",
            "m",
            "mjs",
            "cjs",
            "mm",
            "php",
            "pl",
            "properties",
        ),
        *("py", "pyx", "rb", "rs", "scala", "sh", "sql", "swift", "ts", "tsx", "vb", "vue", "xml", "yaml", "yml"),
    )
)
# The fields of a JSON record that hold an end, or a host and its port in a second field.
_LOCAL_FIELDS = {
    "local": "localport", "localaddress": "localport", "local_addr": "local_port", "local_address": "local_port",
    "local_ip": "local_port", "laddr": "", "src": "", "src_ip": "src_port", "upstream_local_address": "",
}  # fmt: skip
_REMOTE_FIELDS = {
    "remote": "remoteport", "remoteaddress": "remoteport", "remote_addr": "remote_port",
    "remote_address": "remote_port",
    "remote_ip": "remote_port", "remoteip": "remoteport", "raddr": "", "peer": "", "peer_addr": "", "peer_address": "",
    "upstream_host": "", "upstream": "", "broker": "", "server": "", "server_addr": "server_port", "endpoint": "",
    "address": "port", "addr": "port", "host": "port", "hostname": "port", "ip": "port", "dst": "",
    "dst_ip": "dst_port",
    "client": "", "client_addr": "client_port",
}  # fmt: skip
_NONE = NamedEnd()


class SpelledEnds(Struct, frozen=True):
    """The two ends as far as they are named. ``client_first``: the arrow goes from the client to the server, whoever
    writes (Netty 4.0).
    """

    local: NamedEnd = _NONE
    remote: NamedEnd = _NONE
    client_first: bool = False

    def __bool__(self) -> bool:
        return bool(self.local or self.remote)

    @property
    def are_both(self) -> bool:
        """Whether both ends are whole."""
        return self.local.is_whole and self.remote.is_whole


def spelled_ends(text: str, fields: Mapping[str, str]) -> SpelledEnds:
    """The ends that a text and the fields of its record name without doubt."""
    said = _Said(_FAMILY.sub("", _BRACKETS.sub(r"\1:\2", _without_frames(text))))
    return _pair(said) or (_of_fields(fields) if fields else SpelledEnds()) or _keyed(said)


class _Said:
    """A text, and which of the patterns it has at all: one look for all of them costs what one look for one does."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._present = frozenset(_any_of_all().Match(text.encode("utf-8", "replace")) or ())

    def all(self, pattern: re2._Regexp[str]) -> Iterator[re2._Match[str]]:
        """The matches of one of _ALL."""
        return pattern.finditer(self.text) if _ALL.index(pattern) in self._present else iter(())


_ALL = (
    _CHANNEL,
    _ARROW,
    _FROM_FOR,
    _FOUR,
    _SLASHED,
    _KEYED,
    _URL,
    _BARE,
    _PORT_APART,
    _FIELDS_APART,
    _LIBPQ,
    _ALONE,
    _INSPECTED,
)


@cache
def _any_of_all() -> re2.Set:
    matcher = re2.Set.SearchSet()
    for pattern in _ALL:
        matcher.Add(pattern.pattern)
    matcher.Compile()
    return matcher


def _pair(said: _Said) -> SpelledEnds:
    channel = next(said.all(_CHANNEL), None)
    if channel:
        return SpelledEnds(make_end(channel[1], channel[2]), make_end(channel[3], channel[4]))
    for arrow in said.all(_ARROW):
        left, right = make_end(arrow[1], arrow[2]), make_end(arrow[4], arrow[5])
        if _is_host(left.host) and _is_host(right.host):
            return SpelledEnds(left, right, arrow[3] in _NETTY_ARROWS)
    for slashed in said.all(_SLASHED):
        if int(slashed[2]) > 32 < int(slashed[4]):
            return SpelledEnds(make_end(slashed[1], slashed[2]), make_end(slashed[3], slashed[4]))
    for found in said.all(_FROM_FOR):
        return SpelledEnds(make_end(found[1], found[2]), make_end(found[3], found[4]))
    for four in said.all(_FOUR):
        return SpelledEnds(make_end(four[1], four[2]), make_end(four[3], four[4]), client_first=True)
    return SpelledEnds()


def _of_fields(fields: Mapping[str, str]) -> SpelledEnds:
    remote = next(_field_ends(fields, _REMOTE_FIELDS), NamedEnd())
    local = next(_field_ends(fields, _LOCAL_FIELDS), NamedEnd())
    return SpelledEnds(local, remote)


def _field_ends(fields: Mapping[str, str], names: Mapping[str, str]) -> Iterator[NamedEnd]:
    for name, port_name in names.items():
        value = fields.get(name, "").removeprefix("tcp://").strip("/")
        port = fields.get(port_name, "") if port_name else ""
        if not value:
            continue
        if port.isdecimal() and (is_address(value) or _is_host(value)):
            yield make_end(value, port)
        else:
            found = _BARE.search(value)
            if found and _is_host(found[1]):
                yield make_end(_host(found[1]), found[2])


def _keyed(said: _Said) -> SpelledEnds:
    """The ends by the words before them; the only one there is when no word tells."""
    local: dict[str, None] = {}
    remote: dict[str, None] = {}
    weak: dict[str, None] = {}
    for key, host, port in _spelled(said):
        end = make_end(_host(host), port)
        if end and key.startswith(_LOCAL):
            local.setdefault(str(end))
        elif end and key in _WEAK:
            weak.setdefault(str(end))
        elif end:
            remote.setdefault(str(end))
    remote = remote or weak
    unsure = [str(make_end(_host(host), port)) for host, port in _bare(said)]
    if not remote:
        rest = dict.fromkeys(end for end in unsure if end not in local)
        remote = rest if len(rest) == 1 else {}
    if not remote and not local:
        alone = dict.fromkeys(found[1] for found in said.all(_ALONE) if is_address(found[1]))
        remote = alone if len(alone) == 1 and not unsure else {}
    return SpelledEnds(
        parse_end(next(iter(local))) if len(local) == 1 else NamedEnd(),
        parse_end(next(iter(remote))) if len(remote) == 1 else NamedEnd(),
    )


def _spelled(said: _Said) -> Iterator[tuple[str, str, str]]:
    """Key, host and port of each end that a word stands before."""
    apart = [
        (found[1] or "host", found[3] or found[2], found[4])
        for found in said.all(_PORT_APART)
        if found[1] or _is_certain(found[2])
    ]
    apart += [
        ("host", found[1] or found[3] or found[5], found[2] or found[4] or found[6])
        for found in said.all(_FIELDS_APART)
    ]
    apart += [("host", found[2] or found[1], found[3]) for found in said.all(_LIBPQ)]
    apart += [(found[1], found[2], found[3]) for found in said.all(_INSPECTED)]
    yield from ((key.lower(), host, port) for key, host, port in apart if _is_host(host) and host.lower() != "local")
    for found in said.all(_URL):
        if _is_host(found[1]):
            yield "url", found[1], found[2]
    for found in said.all(_KEYED):
        key = found[1].lower()
        if _is_host(found[2]) and (key not in _UNSURE or _is_certain(found[2]) or _is_name(found[2])):
            yield key, found[2], found[3]


def _bare(said: _Said) -> Iterator[tuple[str, str]]:
    for found in said.all(_BARE):
        if _is_certain(_host(found[1])):
            yield found[1], found[2]


def _is_certain(host: str) -> bool:
    """Whether a host is an address or a full name, without a word before it that says so."""
    if is_address(host):
        return True
    last = host.rpartition(".")[2]
    return "." in host and last.isalpha() and len(last) >= 2 and not _is_of_source(last)


def _is_name(host: str) -> bool:
    """Whether a host can be a short name behind a word such as "to": kafka-1, but not a method or a file."""
    return "." not in host and host.lower() == host and any(c.isalpha() for c in host)


def _is_host(host: str) -> bool:
    if is_address(host):
        return True
    host = _host(host)
    _, dot, last = host.rpartition(".")
    is_of_source = _is_of_source(last) if dot else last.lower() in _SOURCE
    return any(c.isalpha() for c in host) and ":" not in host and not is_of_source


def _is_of_source(last: str) -> bool:
    """Whether the last part of a dotted name is a class ("io.lettuce.CommandHandler") or the ending of a file."""
    return last.lower() in _SOURCE or (last[:1].isupper() and any(c.islower() for c in last))


def _host(host: str) -> str:
    return host.removesuffix("/<unresolved>")


def _without_frames(text: str) -> str:
    """The text without the lines of a stack trace that name places of the source."""
    lines = text.split("\n")
    if len(lines) == 1:
        return text
    return "\n".join(line for line in lines if not line.lstrip().startswith(("at ", "File ", "... ")))
