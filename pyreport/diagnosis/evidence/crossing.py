"""What one end sent and the other end's FIN that passed each other on the way: payload, or its own FIN."""

from __future__ import annotations

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.units import NS_PER_MS
from pyreport.connections.round_trip import round_trip_ns
from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import IN_FLIGHT_NS
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, Frame
from pyreport.frames.seq import ahead

#: What a host takes to put a segment on the wire, beside the way: a kernel that is busy.
CROSSING_LATE_NS = 5 * NS_PER_MS


class Crossing(Struct, frozen=True):
    """``request`` is payload that one end sent before it had the FIN of the other, the closer. ``taken_in`` is the
    frame that acknowledges the request, ``refused_by`` the closer's RST that answers it; None when the capture has
    none.
    """

    fin: Frame
    request: Frame
    taken_in: Frame | None
    refused_by: Frame | None


def crossing(case: Case) -> Crossing | None:
    """The request that crossed the first FIN; None when none did. Its ACK field does not cover the FIN, and the FIN's
    does not cover the request: neither end had what the other one had sent. What was sent long before the other and
    never got there was lost, and crossed nothing: a request, or a FIN.
    """
    connection = case.connection
    if case.ending.fin is None:
        return None
    fin = connection.frame(case.ending.fin.frame)
    if fin is None:
        return None
    asker = connection.other(fin.source)
    crossed = [
        frame
        for frame in connection.frames
        if frame.source == asker
        and frame.length
        and not frame.found(Probe)
        and not frame.has(FLAG_RST)
        and frame.has(FLAG_ACK)
        and ahead(frame.ack, fin.end) < 0
        and ahead(frame.end, fin.ack) > 0
    ]
    if not crossed or abs(fin.time_ns - crossed[0].time_ns) > IN_FLIGHT_NS + round_trip_ns(connection):
        return None
    request = crossed[0]
    after = max(fin.number, request.number)
    outstanding = {frame.number for frame in space_of(connection, asker).outstanding}
    taken = next((f for f in connection.frames if f.number > after and _takes(f, request, fin)), None)
    resets = (f for f in connection.frames if f.number > after and f.source == fin.source and f.has(FLAG_RST))
    is_open = request.number in outstanding
    return Crossing(fin, request, None if is_open else taken, next(resets, None) if is_open else None)


def crossed_fins(case: Case) -> Claim | None:
    """That both ends closed before either had the other's FIN (RFC 9293 section 3.6, case 3): neither closed in answer
    to the other, and which was first, a capture at one place does not tell. None else; a FIN that comes long after the
    other and does not acknowledge it belongs to a side that never got that one.
    """
    connection, first = case.connection, case.ending.fin
    fin = None if first is None else connection.frame(first.frame)
    own = None if fin is None else connection.fin_of(connection.other(fin.source))
    if fin is None or own is None or own.number < fin.number or ahead(own.ack, fin.end) >= 0:
        return None
    apart = own.time_ns - fin.time_ns
    if apart > round_trip_ns(connection) + CROSSING_LATE_NS:
        return None
    who, other = case.roles.party(fin.source), case.roles.party(own.source)
    frames = (fin.number, own.number)
    return claim("close-crossed", frames, who=who, other=other, frame=FrameNumber(own.number), apart=Duration(apart))


def _takes(frame: Frame, request: Frame, fin: Frame) -> bool:
    is_ack = frame.source == fin.source and frame.has(FLAG_ACK) and not frame.has(FLAG_RST)
    return is_ack and ahead(frame.ack, request.end) >= 0
