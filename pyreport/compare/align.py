"""The same connection in two captures, found by its numbers: addresses and ports may be translated on the way.

A segment's sequence and acknowledgment number together, 64 bits that both hosts drew at random (RFC 9293 section
3.4.1, RFC 6528), are hardly ever those of another connection. Where something between rewrites sequence numbers, the
timestamps (RFC 7323) or the pattern of lengths give the constant that it adds in each direction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyreport.compare.model import IDENTITY_FLAGS, NO_OPTIONS, NO_SHIFT, Options, Shift
from pyreport.compare.numbers import MODULUS
from pyreport.connections.connection import CaptureIndex, Connection, host_of
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, Frame
from pyreport.knowledge.services import port_of

#: Segments of one look that are compared with each other when sequence numbers are rewritten; more are not needed.
MOST_ALIKE = 40
#: So many segments must agree on what a firewall adds, when nothing but their lengths says so.
FEWEST_ALIKE = 4
#: Segments of one length at even distances also agree when they are lined up one too far: by one vote less.
CLEAR_LEAD = 2

Signature = tuple[int, ...]
BothOptions = tuple[Mapping[int, Options], Mapping[int, Options]]


@dataclass(frozen=True, slots=True)
class Match:
    """A connection of capture 1 that can be the given one of capture 0.

    ``hits`` counts the segments that both have; ``source`` of capture 0 is ``partner_source`` of capture 1. ``shift``
    is by the sender, that of ``source`` first.
    """

    connection: Connection
    source: str
    partner_source: str
    hits: int
    shift: Shift = NO_SHIFT
    same_ends: bool = False

    def partner_of(self, endpoint: str) -> str:
        """What an endpoint of capture 0 is called in capture 1."""
        return self.partner_source if endpoint == self.source else self.connection.other(self.partner_source)

    def turned(self, connection: Connection) -> Match:
        """The same seen from capture 1; ``connection`` is the given one of capture 0."""
        first, second = self.shift.by_sender
        back = Shift((-first, -second))
        return Match(connection, self.partner_source, self.source, self.hits, back, self.same_ends)

    @property
    def weight(self) -> tuple[int, bool]:
        """Sort key, the best highest."""
        return self.hits, self.same_ends


class NumberIndex:
    """All segments of a capture by their sequence and acknowledgment numbers."""

    def __init__(self, index: CaptureIndex) -> None:
        self.connections = index.connections
        self._senders: dict[int, set[tuple[int, str]]] = defaultdict(set)
        for connection in index.connections.values():
            for frame in connection.frames:
                if (key := _key(frame)) is not None:
                    self._senders[key].add((connection.stream, frame.source))

    def matches(self, connection: Connection) -> list[Match]:
        """The connections that share segments with one of another capture, the best first."""
        hits: Counter[tuple[int, str, str]] = Counter()
        for key, source in {(key, frame.source) for frame in connection.frames if (key := _key(frame)) is not None}:
            for stream, partner_source in self._senders.get(key, ()):
                hits[stream, *_oriented(connection, self.connections[stream], source, partner_source)] += 1
        found = [
            Match(self.connections[stream], source, partner, count, NO_SHIFT, _same_ends(connection, source, partner))
            for (stream, source, partner), count in hits.items()
        ]
        return sorted(
            (match for match in found if not _contradicts(connection, match)), key=lambda m: m.weight, reverse=True
        )


def _key(frame: Frame) -> int | None:
    """Both numbers of a segment as one; None when it has not both. A RST may be made by anyone."""
    if not frame.has(FLAG_ACK) or frame.has(FLAG_RST):
        return None
    return frame.seq * MODULUS + frame.ack


def _oriented(connection: Connection, partner: Connection, source: str, partner_source: str) -> tuple[str, str]:
    """The same for the frames of both senders: end A of the connection and what it is called in the partner."""
    if source == connection.a:
        return source, partner_source
    return connection.other(source), partner.other(partner_source)


def _same_ends(connection: Connection, source: str, partner_source: str) -> bool:
    return source == partner_source or connection.other(source) == partner_source


def _contradicts(connection: Connection, match: Match) -> bool:
    """Whether both captures have the handshake and it is not the same one."""
    first, second = connection.syn, match.connection.syn
    return first is not None and second is not None and first.seq != second.seq


def rewritten(connection: Connection, others: Iterable[Connection], options: BothOptions) -> list[Match]:
    """The connections that can be the given one behind a device that rewrites sequence numbers, the best first.

    ``options`` are by frame number, of the capture of the given one and of that of the others.
    """
    found = [
        match
        for other in others
        for partner in (other.a, other.b)
        if (match := _match_rewritten(connection, other, partner, options)) is not None
    ]
    return sorted(found, key=lambda match: match.weight, reverse=True)


def plausible(connection: Connection, other: Connection) -> bool:
    """Whether an address or a port is the same: something that translates all of them at once is rare."""
    hosts = {host_of(connection.a), host_of(connection.b)} & {host_of(other.a), host_of(other.b)}
    ports = {port_of(connection.a), port_of(connection.b)} & {port_of(other.a), port_of(other.b)}
    return bool(hosts or ports)


def _match_rewritten(connection: Connection, other: Connection, partner: str, options: BothOptions) -> Match | None:
    if connection.syn is not None and other.syn is not None and other.syn.source != partner:
        return None  # `connection.a` is the client, and so must be its partner
    shifts, hits = [], 0
    for source, far_source in ((connection.a, partner), (connection.b, other.other(partner))):
        near = [frame for frame in connection.frames if frame.source == source]
        far = [frame for frame in other.frames if frame.source == far_source]
        shift, votes = _vote(near, far, options)
        shifts.append(shift)
        hits += votes
    if hits < FEWEST_ALIKE:
        return None
    same = _same_ends(connection, connection.a, partner)
    return Match(other, connection.a, partner, hits, Shift((shifts[0], shifts[1])), same)


def _vote(near: list[Frame], far: list[Frame], options: BothOptions) -> tuple[int, int]:
    """What most of the segments that look alike say is added to a sequence number, and how many say so."""
    by_look: dict[Signature, list[int]] = defaultdict(list)
    for frame in far:
        if (look := _look(frame, options[1])) is not None and len(by_look[look]) < MOST_ALIKE:
            by_look[look].append(frame.seq)
    votes: Counter[int] = Counter()
    seen: dict[Signature, set[int]] = defaultdict(set)
    for frame in near:
        look = _look(frame, options[0])
        if look is not None and frame.seq not in seen[look] and len(seen[look]) < MOST_ALIKE:
            seen[look].add(frame.seq)
            votes.update({(seq - frame.seq) % MODULUS for seq in by_look.get(look, ())})
    best = votes.most_common(2)
    if not best or (len(best) == 2 and best[0][1] < best[1][1] + CLEAR_LEAD):
        return 0, 0
    return best[0]


def _look(frame: Frame, options: Mapping[int, Options]) -> Signature | None:
    """What a device that rewrites sequence numbers leaves as it is; None for segments that all look the same."""
    flags = frame.flags & IDENTITY_FLAGS
    if flags & FLAG_RST:
        return None
    extra = options.get(frame.number, NO_OPTIONS)
    if extra.tsval is not None and extra.tsecr is not None:
        return frame.length, flags, extra.tsval, extra.tsecr
    if frame.length > 1 or flags & FLAG_SYN:
        return frame.length, flags
    return None


def all_pairs(first: CaptureIndex, second: NumberIndex) -> Iterator[tuple[Connection, Match]]:
    """Each connection of the first capture with its best partner in the second, where it has one."""
    for connection in first.connections.values():
        found = second.matches(connection)
        if found:
            yield connection, found[0]


def is_ambiguous(matches: list[Match]) -> bool:
    """Whether the best two of several partners are equally good."""
    return len(matches) > 1 and matches[0].weight == matches[1].weight
