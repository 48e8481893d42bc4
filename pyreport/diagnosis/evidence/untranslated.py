"""A segment of this connection that came under another address: a translator on the path did not translate it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from msgspec import Struct

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.diagnosis.thresholds import LATE_NS, MOST_STRAYS, NEAR_NUMBERS, STRAY_FRAMES
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, Frame
from pyreport.frames.seq import ahead


class Stray(Struct, frozen=True):
    """What came under another address: the connection that it looks like, the segment, and its receiver's refusal."""

    connection: Connection
    segment: Frame
    refusal: Frame


def untranslated(case: Case) -> Claim | None:
    """That an end was sent a segment with the numbers of this connection from another address, and refused it by an RST
    with those numbers, which ends the connection at whoever gets it (RFC 9293 section 3.10.7.4). Linux' conntrack does
    not translate what lies outside the window that it knows (nf_conntrack_tcp_be_liberal; kubernetes issue 74839). None
    else.
    """
    stray = stray_of(case)
    if stray is None:
        return None
    end = stray.refusal.source
    return claim(
        "untranslated",
        (stray.segment.number, stray.refusal.number),
        who=case.roles.party(end),
        other=case.roles.party(case.connection.other(end)),
        frame=FrameNumber(stray.segment.number),
        source=stray.segment.source,
        port=stray.segment.source.host == case.connection.other(end).host,
        refusal=FrameNumber(stray.refusal.number),
    )


def untranslated_opening(case: Case) -> Claim | None:
    """The same of a connection that never opened: its SYN-ACK came from another address, and the client refused it, as
    it had asked another one (RFC 9293 section 3.10.7.3). Its number says which SYN it answers. None else.
    """
    stray = _stray_answer(case)
    if stray is None:
        return None
    return claim(
        "opening-untranslated",
        (stray.segment.number, stray.refusal.number),
        who=case.roles.party(stray.refusal.source),
        frame=FrameNumber(stray.segment.number),
        source=stray.segment.source,
        refusal=FrameNumber(stray.refusal.number),
    )


def _stray_answer(case: Case) -> Stray | None:
    syns = [f for f in case.connection.frames if f.is_syn]
    if not syns or not never_opened(case.connection):
        return None
    client, asked = syns[0].source, {frame.end for frame in syns}
    for other in case.index.by_endpoint.get(client, []):
        if other is case.connection or other.outline.first_ns > case.connection.outline.last_ns + LATE_NS:
            continue
        came = (f for f in other.frames if f.source != client and f.is_syn_ack)
        answer = next((f for f in came if f.ack in asked and f.time_ns >= syns[0].time_ns), None)
        if answer is None:
            continue
        refusals = (f for f in other.frames if f.source == client and f.has(FLAG_RST) and f.number > answer.number)
        refusal = next((f for f in refusals if f.seq == answer.ack), None)
        if refusal is not None:
            return Stray(other, answer, refusal)
    return None


def stray_of(case: Case) -> Stray | None:
    """The same as frames. Wireshark counts it as a connection of its own, and nobody opened that."""
    for end in (case.local, case.peer):
        for stray in _strays(case, end):
            refusal = next((f for f in stray.frames if f.source == end and f.has(FLAG_RST)), None)
            if refusal is None:
                continue
            came = [f for f in stray.frames if f.source != end and f.number < refusal.number and f.has(FLAG_ACK)]
            segment = next((f for f in came if _continues(case.connection, end, f)), None)
            if segment is not None and refusal.seq == segment.ack:
                return Stray(stray, segment, refusal)
    return None


def stray_streams(cases: Iterable[Case]) -> set[int]:
    """The streams that are no connections, but what strayed from one of these."""
    strays = (stray_of(case) or _stray_answer(case) for case in cases)
    return {stray.connection.stream for stray in strays if stray is not None}


def is_like_a_stray(connection: Connection) -> bool:
    """Whether nobody is seen to open a connection, and it is no more than a few frames, with an RST."""
    outline = connection.outline
    return outline.syn_from < 0 and outline.has_reset and outline.frames <= STRAY_FRAMES


def _strays(case: Case, end: Endpoint) -> Iterator[Connection]:
    """What has the same end in the connection's time, never opened, and is no more than a few frames: the first of
    them, since an end with many such connections has them for another reason.
    """
    index, own = case.index, case.connection.outline
    strays = index.once("strays", lambda: _strays_of(index.connections.values())).get(end, [])
    first = bisect_left(strays, own.first_ns, key=_first_ns)
    for other in strays[first : first + MOST_STRAYS]:
        if other is not case.connection and other.outline.first_ns <= own.last_ns:
            yield other


def _strays_of(connections: Iterable[Connection]) -> dict[str, list[Connection]]:
    found: dict[str, list[Connection]] = {}
    for connection in connections:
        if is_like_a_stray(connection):
            for end in (connection.a, connection.b):
                found.setdefault(end, []).append(connection)
    for strays in found.values():
        strays.sort(key=_first_ns)
    return found


def _first_ns(connection: Connection) -> int:
    return connection.outline.first_ns


def _continues(connection: Connection, end: Endpoint, segment: Frame) -> bool:
    """Whether the segment's numbers are those that the other end of the connection uses at that time."""
    before = [f for f in connection.frames if f.number < segment.number]
    sent = next((f for f in reversed(before) if f.source == end), None)
    came = next((f for f in reversed(before) if f.source != end), None)
    if sent is None or came is None:
        return False
    is_near = abs(ahead(segment.seq, came.end)) < NEAR_NUMBERS
    return is_near and -NEAR_NUMBERS < ahead(segment.ack, sent.end) <= 0
