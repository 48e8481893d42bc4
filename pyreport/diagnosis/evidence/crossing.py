"""Payload of the local end and the peer's FIN that passed each other on the way."""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.case import Case
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, Frame
from pyreport.frames.seq import ahead


@dataclass(frozen=True, slots=True)
class Crossing:
    """``request`` is payload that the local end sent before it had the peer's FIN. ``taken_in`` is the frame that
    acknowledges the request, ``refused_by`` the peer's RST that answers it; None when the capture has none.
    """

    fin: Frame
    request: Frame
    taken_in: Frame | None
    refused_by: Frame | None


def crossing(case: Case) -> Crossing | None:
    """The request that crossed the peer's FIN; None when none did. Its ACK field does not cover the FIN, and the FIN's
    does not cover the request: neither end had what the other one had sent.
    """
    connection = case.connection
    if not case.peer_closed_first or case.ending.fin is None:
        return None
    fin = connection.frame(case.ending.fin.frame)
    if fin is None:
        return None
    crossed = [
        frame
        for frame in connection.frames
        if frame.source == case.local
        and frame.length
        and not frame.found(Probe)
        and not frame.has(FLAG_RST)
        and frame.has(FLAG_ACK)
        and ahead(frame.ack, fin.end) < 0
        and ahead(frame.end, fin.ack) > 0
    ]
    if not crossed:
        return None
    request = crossed[0]
    after = max(fin.number, request.number)
    outstanding = {frame.number for frame in space_of(connection, case.local).outstanding}
    taken = next((f for f in connection.frames if f.number > after and _takes(f, request, case)), None)
    resets = (f for f in connection.frames if f.number > after and f.source == case.peer and f.has(FLAG_RST))
    is_open = request.number in outstanding
    return Crossing(fin, request, None if is_open else taken, next(resets, None) if is_open else None)


def _takes(frame: Frame, request: Frame, case: Case) -> bool:
    is_ack = frame.source == case.peer and frame.has(FLAG_ACK) and not frame.has(FLAG_RST)
    return is_ack and ahead(frame.ack, request.end) >= 0
