"""Connections of one host that were all known to it up to one moment, and none of them after it.

A host that restarts forgets all its connections, and refuses what comes on each whenever that comes (RFC 9293 section
3.10.7.1). So does one that took over its address, and the host behind a device that lost its table of connections.
"""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.connections.close import Close
from pyreport.connections.connection import Connection
from pyreport.connections.outline import BEGINNING
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import FEWEST_TOGETHER, MOST_CLOSES, SHORTEST_LIMIT_NS
from pyreport.frames.findings import Reset
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, Frame

#: What it claims.
STROKE = "lost-at-a-stroke"


class Lost(Struct, frozen=True):
    """One of them: the last frame of the host on it, and the RST that the next segment drew."""

    connection: Connection
    heard: Frame
    reset: Frame

    @property
    def silence_ns(self) -> int:
        """Between the two."""
        return self.reset.time_ns - self.heard.time_ns


def lost_at_a_stroke(case: Case) -> Claim | None:
    """That this connection is one of several, of which none was answered after the first was refused, and all had been
    before: what they lost, they lost between. None where fewer were than may be chance, where one of that time lives
    on, and where each had been silent for so long that an idle limit of a device explains them as well.
    """
    first = case.ending.first
    if not isinstance(first, Reset) or first.source != case.peer or first.cause_frame is None:
        return None
    pair = case.local.host, case.peer.host
    streams, told = case.index.once((STROKE, pair), lambda: _of_hosts(case))
    return told if case.connection.stream in streams else None


def _of_hosts(case: Case) -> tuple[frozenset[int], Claim | None]:
    """The connections of two hosts that were lost so, and what tells of it; none, and None else."""
    there = list(islice(case.index.hosts.between(case.local.host, case.peer.host), MOST_CLOSES))
    lost = [found for other in there if (found := _lost(case, other)) is not None]
    if len(lost) < FEWEST_TOGETHER:
        return frozenset(), None
    last, refused = max((f.heard for f in lost), key=_time_of), min((f.reset for f in lost), key=_time_of)
    shortest_ns = min(found.silence_ns for found in lost)
    if last.time_ns >= refused.time_ns or shortest_ns >= SHORTEST_LIMIT_NS:
        return frozenset(), None
    gone = frozenset(found.connection.stream for found in lost)
    others = [other for other in there if other.stream not in gone]
    if any(_lives_on(case, other, last.time_ns, refused.time_ns) for other in others):
        return frozenset(), None
    opened = next((frame for other in others if (frame := _accepted(case, other, last.time_ns)) is not None), None)
    resets = tuple(sorted(found.reset.number for found in lost))
    told = claim(
        STROKE,
        (last.number, *resets, *(() if opened is None else (opened.number,))),
        peer=case.peer.host,
        count=len(lost),
        services=len({found.reset.source for found in lost}),
        last=FrameNumber(last.number),
        first=FrameNumber(refused.number),
        between=Duration(refused.time_ns - last.time_ns),
        opened=0 if opened is None else FrameNumber(opened.number),
    )
    return gone, told


def _lost(case: Case, connection: Connection) -> Lost | None:
    """A connection of the peer's host that it refused as one that it does not have, and on which it had been heard."""
    close: Close | None = case.index.first_close.get(connection.stream)
    if close is None or close.is_unprompted or close.source.host != case.peer.host:
        return None
    reset = connection.frame(close.frame) if isinstance(close.finding, Reset) else None
    if reset is None or reset.has(FLAG_ACK):
        return None
    own = (f for f in reversed(connection.frames) if f.source == close.source and f.number < reset.number)
    heard = next((frame for frame in own if not frame.has(FLAG_RST)), None)
    return None if heard is None else Lost(connection, heard, reset)


def _lives_on(case: Case, connection: Connection, last_ns: int, refused_ns: int) -> bool:
    """Whether the peer's host went on with a connection that was open before: not all was lost."""
    outline = connection.outline
    if outline.first_ns > last_ns or outline.has_reset:
        return False
    ends = (end for end in (connection.a, connection.b) if end.host == case.peer.host)
    return any(outline.last_of_end(end)[1] > refused_ns for end in ends)


def _accepted(case: Case, connection: Connection, last_ns: int) -> Frame | None:
    """The SYN-ACK of a connection that the peer's host took afterwards."""
    if connection.outline.first_ns <= last_ns:
        return None
    return next((f for f in connection.frames[:BEGINNING] if f.is_syn_ack and f.source.host == case.peer.host), None)


def _time_of(frame: Frame) -> int:
    return frame.time_ns
