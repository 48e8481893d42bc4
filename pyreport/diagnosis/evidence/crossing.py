"""Payload of one end and the other end's FIN that passed each other on the way."""

from __future__ import annotations

from msgspec import Struct

from pyreport.connections.round_trip import round_trip_ns
from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import IN_FLIGHT_NS
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, Frame
from pyreport.frames.seq import ahead


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


def _takes(frame: Frame, request: Frame, fin: Frame) -> bool:
    is_ack = frame.source == fin.source and frame.has(FLAG_ACK) and not frame.has(FLAG_RST)
    return is_ack and ahead(frame.ack, request.end) >= 0
