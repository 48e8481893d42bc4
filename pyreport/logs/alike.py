"""Records that are alike but for times, addresses and identifiers: read once, then only what differs is put in.

A log with many errors has few kinds of them. What a record says depends on its words; an address says which end, not
what happened. So the reading of a record serves each that has the same text but for these, of the same lengths.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from pyreport.logs.model import Entry, LogError, NamedEnd

# So many kinds are remembered, of records up to a length.
_MOST_KINDS = 4096
_LONGEST = 4096

_DATE = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_HEX = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{16}"
# The number of a line of a source, of a thread ("exec-12", but not an end: "kafka-1:9092"), of a process ("sshd[12]").
_ENDINGS = ("go", "java", "scala", "py", "cpp", "cc", "c", "js", "ts", "rs", "rb", "cs", "erl")
_LINE = "|".join(rf"(?<=\.{ending}:)" for ending in _ENDINGS)
_NUMBER = rf"(?:{_LINE})\d{{1,5}}\b|(?<=[a-z]-)\d{{1,6}}(?![\w.:/-])|(?<=[a-z]\[)\d{{1,10}}(?=\])"
_IP = r"(?P<ip>(?:\d{1,3}\.){3}\d{1,3})(?::(?P<port>\d{1,5}))?(?![\w.])"
_DIFFERS = re.compile(rf"\b(?=[\da-f])(?:(?<![.:-])(?:{_DATE})(?![\w:])|(?<!\.){_IP}|(?:{_HEX})\b|{_NUMBER})")
_TO_ZERO = str.maketrans("123456789abcdef", "0" * 15)
# Texts of a reading that may hold what differs: then the reading serves its own record only.
_TEXTS = ("error_text", "peer_name", "client_id", "state", "product", "termination")


class _Address(Struct, frozen=True):
    """An address as it stands in a text, and the port behind it, or None."""

    host: str
    port: int | None


class _End(Struct, frozen=True):
    """Where an end of the reading comes from: ``index`` of an address of the text, None for the end as it is."""

    end: NamedEnd
    index: int | None = None
    has_port: bool = False


class _Kind(Struct, frozen=True):
    """The reading of the first record of a kind, and where its ends come from."""

    error: LogError | None
    local: _End
    remote: _End
    beside: _End


class Alike:
    """Remembers readings. ``read`` reads a record in full."""

    def __init__(self, read: Callable[[Entry], LogError | None]) -> None:
        self._read = read
        self._kinds: dict[object, _Kind] = {}

    def read(self, entry: Entry) -> LogError | None:
        """What ``read`` says of a record."""
        if len(entry.text) > _LONGEST or "__realtime_timestamp" in entry.fields:
            return self._read(entry)
        skeleton, addresses = _skeleton(entry.text)
        key = (skeleton, _order(addresses), tuple(entry.fields))
        kind = self._kinds.get(key)
        if kind is not None:
            return _filled(kind, addresses)
        error = self._read(entry)
        kind = _kind(error, skeleton, addresses)
        if kind is not None:
            if len(self._kinds) >= _MOST_KINDS:
                self._kinds.clear()
            self._kinds[key] = kind
        return error


def _skeleton(text: str) -> tuple[str, list[_Address]]:
    """The text with noughts for what differs, and its addresses in order."""
    addresses: list[_Address] = []

    def zeros(found: re.Match[str]) -> str:
        host, port = found["ip"], found["port"]
        if host is not None:
            if not _is_address(host) or (port and int(port) > 65535):
                return found[0]
            addresses.append(_Address(host, int(port) if port else None))
        return found[0].translate(_TO_ZERO)

    return _DIFFERS.sub(zeros, text), addresses


def _is_address(host: str) -> bool:
    return all(part == "0" or (part[0] != "0" and int(part) < 256) for part in host.split("."))


def _order(addresses: list[_Address]) -> tuple[int, ...]:
    """Which addresses of a text are the same, as numbers: two ends that are one are read otherwise than two."""
    hosts: dict[str, int] = {}
    wholes: dict[_Address, int] = {}
    order = []
    for address in addresses:
        order.append(hosts.setdefault(address.host, len(hosts)))
        order.append(wholes.setdefault(address, len(wholes)))
    return tuple(order)


def _kind(error: LogError | None, skeleton: str, addresses: list[_Address]) -> _Kind | None:
    """How a reading serves others; None when it depends on what differs."""
    if error is None:
        none = _End(NamedEnd())
        return _Kind(None, none, none, none)
    if error.stamp is not None or not all(_is_same(getattr(error, name), skeleton) for name in _TEXTS):
        return None
    ends = [_end(end, skeleton, addresses) for end in (error.local, error.remote, error.beside)]
    return _Kind(error, *ends) if all(end is not None for end in ends) else None  # type: ignore[arg-type]


def _is_same(text: str, skeleton: str) -> bool:
    """Whether a text of the reading holds nothing that differs."""
    return text in skeleton or not any(c.isdigit() for c in text)


def _end(end: NamedEnd, skeleton: str, addresses: list[_Address]) -> _End | None:
    """Where an end comes from; None when that is not sure."""
    for index, address in enumerate(addresses):
        if address.host == end.host and address.port == end.port and end.port is not None:
            return _End(end, index, has_port=True)
    hosts = [address.host for address in addresses]
    if end.host in hosts:
        return _End(end, hosts.index(end.host))
    return _End(end) if _is_same(end.host, skeleton) else None


def _filled(kind: _Kind, addresses: list[_Address]) -> LogError | None:
    if kind.error is None or not addresses:
        return kind.error
    return replace(
        kind.error,
        local=_put(kind.local, addresses),
        remote=_put(kind.remote, addresses),
        beside=_put(kind.beside, addresses),
    )


def _put(end: _End, addresses: list[_Address]) -> NamedEnd:
    if end.index is None:
        return end.end
    address = addresses[end.index]
    return NamedEnd(address.host, address.port if end.has_port else end.end.port)
