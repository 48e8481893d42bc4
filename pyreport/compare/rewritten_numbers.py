"""The same connection in the other capture, when something between the captures rewrites sequence numbers.

The timestamps (RFC 7323) or the pattern of lengths give the constant that is added in each direction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from pyreport.base.endpoint import Endpoint
from pyreport.compare.packet import IDENTITY_FLAGS
from pyreport.compare.partner import Partner, has_same_ends
from pyreport.compare.thresholds import CLEAR_LEAD, FEWEST_ALIKE, MOST_ALIKE
from pyreport.compare.view import Shift
from pyreport.connections.connection import Connection
from pyreport.frames.frame import FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import since

Look = tuple[int, ...]


def rewritten(connection: Connection, others: Iterable[Connection]) -> list[Partner]:
    """The connections that can be the given one on the other side of such a device, the best first."""
    found = [
        partner
        for other in others
        for partner_source in (other.a, other.b)
        if (partner := _partner(connection, other, partner_source)) is not None
    ]
    return sorted(found, key=lambda partner: partner.weight, reverse=True)


def plausible(connection: Connection, other: Connection) -> bool:
    """Whether an address or a port is the same: something that translates all of them at once is rare."""
    hosts = {connection.a.host, connection.b.host} & {other.a.host, other.b.host}
    ports = {connection.a.port, connection.b.port} & {other.a.port, other.b.port}
    return bool(hosts or ports)


def _partner(connection: Connection, other: Connection, partner_source: Endpoint) -> Partner | None:
    if connection.syn is not None and other.syn is not None and other.syn.source != partner_source:
        return None  # `connection.a` is the client, and so must be its partner
    shifts, hits = [], 0
    for source, far_source in ((connection.a, partner_source), (connection.b, other.other(partner_source))):
        near = [frame for frame in connection.frames if frame.source == source]
        far = [frame for frame in other.frames if frame.source == far_source]
        shift, votes = _vote(near, far)
        shifts.append(shift)
        hits += votes
    if hits < FEWEST_ALIKE:
        return None
    same = has_same_ends(connection, connection.a, partner_source)
    return Partner(other, connection.a, partner_source, hits, Shift((shifts[0], shifts[1])), same)


def _vote(near: list[Frame], far: list[Frame]) -> tuple[int, int]:
    """What most of the segments that look alike say is added to a sequence number, and how many say so."""
    by_look: dict[Look, list[int]] = defaultdict(list)
    for frame in far:
        if (look := _look(frame)) is not None and len(by_look[look]) < MOST_ALIKE:
            by_look[look].append(frame.seq)
    votes: Counter[int] = Counter()
    seen: dict[Look, set[int]] = defaultdict(set)
    for frame in near:
        look = _look(frame)
        if look is not None and frame.seq not in seen[look] and len(seen[look]) < MOST_ALIKE:
            seen[look].add(frame.seq)
            votes.update({since(seq, frame.seq) for seq in by_look.get(look, ())})
    best = votes.most_common(2)
    if not best or (len(best) == 2 and best[0][1] < best[1][1] + CLEAR_LEAD):
        return 0, 0
    return best[0]


def _look(frame: Frame) -> Look | None:
    """What a device that rewrites sequence numbers leaves as it is; None for segments that all look the same."""
    flags = frame.flags & IDENTITY_FLAGS
    if flags & FLAG_RST:
        return None
    stamp, echo = frame.marks.timestamp, frame.marks.timestamp_echo
    if stamp is not None and echo is not None:
        return frame.length, flags, stamp, echo
    if frame.length > 1 or flags & FLAG_SYN:
        return frame.length, flags
    return None
