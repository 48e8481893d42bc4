"""A segment of this connection that came under another address: a translator on the path did not translate it."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import NEAR_NUMBERS, STRAY_FRAMES
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, Frame
from pyreport.frames.seq import ahead


def untranslated(case: Case) -> Claim | None:
    """That an end was sent a segment with the numbers of this connection from another address, and refused it by an RST
    with those numbers, which ends the connection at whoever gets it (RFC 9293 section 3.10.7.4). Linux' conntrack does
    not translate what lies outside the window that it knows (nf_conntrack_tcp_be_liberal; kubernetes issue 74839). None
    else.
    """
    for end in (case.local, case.peer):
        for stray in _strays(case, end):
            refusal = next((f for f in stray.frames if f.source == end and f.has(FLAG_RST)), None)
            if refusal is None:
                continue
            came = [f for f in stray.frames if f.source != end and f.number < refusal.number and f.has(FLAG_ACK)]
            segment = next((f for f in came if _continues(case.connection, end, f)), None)
            if segment is not None and refusal.seq == segment.ack:
                return claim(
                    "untranslated",
                    (segment.number, refusal.number),
                    who=case.roles.party(end),
                    other=case.roles.party(case.connection.other(end)),
                    frame=FrameNumber(segment.number),
                    source=segment.source,
                    refusal=FrameNumber(refusal.number),
                )
    return None


def _strays(case: Case, end: Endpoint) -> Iterator[Connection]:
    """What has the same end in the connection's time, never opened, and is no more than a few frames."""
    own = case.connection.outline
    for other in case.index.by_endpoint.get(end, []):
        outline = other.outline
        if other is case.connection or outline.syn_from >= 0 or outline.frames > STRAY_FRAMES:
            continue
        if own.first_ns <= outline.first_ns <= own.last_ns:
            yield other


def _continues(connection: Connection, end: Endpoint, segment: Frame) -> bool:
    """Whether the segment's numbers are those that the other end of the connection uses at that time."""
    before = [f for f in connection.frames if f.number < segment.number]
    sent = next((f for f in reversed(before) if f.source == end), None)
    came = next((f for f in reversed(before) if f.source != end), None)
    if sent is None or came is None:
        return False
    is_near = abs(ahead(segment.seq, came.end)) < NEAR_NUMBERS
    return is_near and -NEAR_NUMBERS < ahead(segment.ack, sent.end) <= 0
