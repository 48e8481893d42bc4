"""Connections between the same two hosts that end again and again at the same age of their last payload."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct

from pyreport.connections.close import Close
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.diagnosis.evidence.same_service import is_same_age
from pyreport.diagnosis.thresholds import FEWEST_PERIODIC, IDLE_FROM_NS, TOGETHER_NS
from pyreport.frames.finding import Finding
from pyreport.knowledge.services import is_service_port


class Periodic(Struct, frozen=True):
    """The closes, in order of time, all by ``closer``; ``age_ns`` is their median age of data."""

    closer: str
    other: str
    age_ns: int
    closes: tuple[Finding, ...]
    streams: tuple[int, ...]

    @property
    def frames(self) -> tuple[int, ...]:
        """The closing frames."""
        return tuple(close.frame for close in self.closes)


def periodic_closes(index: CaptureIndex) -> tuple[Periodic, ...]:
    """All such rules in a capture, the one with the most closes first.

    Closes at one moment are one event, not a rule: they have to be spread over more time than a process needs to end.
    """
    return index.once("periodic closes", lambda: _periodic_closes(index))


def _periodic_closes(index: CaptureIndex) -> tuple[Periodic, ...]:
    groups: dict[tuple[str, str], list[tuple[int, Close]]] = defaultdict(list)
    for close in index.first_close.values():
        age = close.last_data_ns
        if age is not None and age >= IDLE_FROM_NS and close.is_unprompted:
            groups[_names(close)].append((age, close))
    found = [periodic for ends, closes in groups.items() for periodic in _rules(*ends, closes)]
    return tuple(sorted(found, key=lambda periodic: (-len(periodic.closes), periodic.frames)))


def periodic_of(index: CaptureIndex, connection: Connection) -> Periodic | None:
    """The rule that a connection belongs to."""
    return next((found for found in periodic_closes(index) if connection.stream in found.streams), None)


def _names(close: Close) -> tuple[str, str]:
    """The closer and the other end: the service with its port, the client without, since that changes each time."""
    connection = close.connection
    other = connection.other(close.source)
    server = connection.b if connection.outline.syn_from >= 0 else None
    named = [end if end == server or (server is None and is_service_port(end)) else end.host
             for end in (close.source, other)]  # fmt: skip
    return named[0], named[1]


def _rules(closer: str, other: str, closes: list[tuple[int, Close]]) -> list[Periodic]:
    rules = []
    rest = sorted(closes, key=lambda close: close[0])
    while rest:
        same = [close for close in rest if is_same_age(rest[0][0], close[0])]
        rest = rest[len(same) :]
        times = [close.time_ns for _, close in same]
        if len(same) >= FEWEST_PERIODIC and max(times) - min(times) > TOGETHER_NS:
            ordered = sorted((close for _, close in same), key=lambda close: close.time_ns)
            closing = tuple(close.finding for close in ordered)
            streams = tuple(close.connection.stream for close in ordered)
            rules.append(Periodic(closer, other, same[len(same) // 2][0], closing, streams))
    return rules
