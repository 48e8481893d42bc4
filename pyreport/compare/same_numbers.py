"""The same connection in the other capture, found by its numbers: addresses and ports may be translated on the way.

A segment's sequence and acknowledgment number together, 64 bits that both hosts drew at random (RFC 9293 section
3.4.1, RFC 6528), are hardly ever those of another connection.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from pyreport.base.endpoint import Endpoint
from pyreport.compare.partner import Partner, has_same_ends
from pyreport.compare.view import NO_SHIFT
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, Frame
from pyreport.frames.seq import MODULUS


class NumberIndex:
    """All segments of a capture by their sequence and acknowledgment numbers."""

    def __init__(self, index: CaptureIndex) -> None:
        self.connections = index.connections
        self._senders: dict[int, set[tuple[int, Endpoint]]] = defaultdict(set)
        for connection in index.connections.values():
            for frame in connection.frames:
                if (key := _key(frame)) is not None:
                    self._senders[key].add((connection.stream, frame.source))

    def partners(self, connection: Connection) -> list[Partner]:
        """The connections that share segments with one of another capture, the best first."""
        hits: Counter[tuple[int, Endpoint, Endpoint]] = Counter()
        for key, source in {(key, frame.source) for frame in connection.frames if (key := _key(frame)) is not None}:
            for stream, partner_source in self._senders.get(key, ()):
                hits[stream, *_oriented(connection, self.connections[stream], source, partner_source)] += 1
        found = [
            Partner(
                self.connections[stream], source, partner, count, NO_SHIFT, has_same_ends(connection, source, partner)
            )
            for (stream, source, partner), count in hits.items()
        ]
        return sorted((p for p in found if not _contradicts(connection, p)), key=lambda p: p.weight, reverse=True)


def _key(frame: Frame) -> int | None:
    """Both numbers of a segment as one; None when it has not both. A RST may be made by anyone."""
    if not frame.has(FLAG_ACK) or frame.has(FLAG_RST):
        return None
    return frame.seq * MODULUS + frame.ack


def _oriented(
    connection: Connection, partner: Connection, source: Endpoint, partner_source: Endpoint
) -> tuple[Endpoint, Endpoint]:
    """The same for the frames of both senders: end A of the connection and what it is called in the partner."""
    if source == connection.a:
        return source, partner_source
    return connection.other(source), partner.other(partner_source)


def _contradicts(connection: Connection, partner: Partner) -> bool:
    """Whether both captures have the handshake and it is not the same one."""
    first, second = connection.syn, partner.connection.syn
    return first is not None and second is not None and first.seq != second.seq


def all_pairs(first: CaptureIndex, second: NumberIndex) -> Iterator[tuple[Connection, Partner]]:
    """Each connection of the first capture with its best partner in the second, where it has one."""
    for connection in first.connections.values():
        found = second.partners(connection)
        if found:
            yield connection, found[0]
