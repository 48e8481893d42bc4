"""Octets that a side sent and that never came: later ones did, or its own numbers count them, and nobody acknowledged
them.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.sequence_space import Hole, space_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import IN_FLIGHT_NS


def never_came(case: Case, side: Endpoint) -> Iterator[tuple[Hole, Claim]]:
    """The holes of a side that its peer left unacknowledged for longer than what is on its way takes: the capture did
    not lose them. None where the capture was taken at the side itself.
    """
    if case.quality.vantage.is_at(side):
        return
    for hole in space_of(case.connection, side).holes:
        if not hole.beyond.space:
            # It counts as sent what the receiver had not acknowledged before, and the capture goes on without it.
            if case.span.last_time_ns - hole.beyond.time_ns >= IN_FLIGHT_NS:
                yield hole, _counted(case, side, hole)
            continue
        shown_by = hole.shown_by
        if shown_by is not None and shown_by.time_ns - hole.beyond.time_ns >= IN_FLIGHT_NS:
            frames = tuple(frame.number for frame in (hole.before, hole.beyond, shown_by) if frame is not None)
            yield hole, claim("path-loss-hole", frames, sender=case.roles.party(side), octets=hole.octets)


def _counted(case: Case, side: Endpoint, hole: Hole) -> Claim:
    frames = tuple(frame.number for frame in (hole.before, hole.beyond) if frame is not None)
    sender, frame = case.roles.party(side), FrameNumber(hole.beyond.number)
    return claim("path-loss-counted", frames, sender=sender, octets=hole.octets, frame=frame)


def unheard_before_close(case: Case) -> Claim | None:
    """What the side that closed had sent before its FIN and never came: how long it had been silent, only it knows."""
    fin = case.ending.fin
    if fin is None:
        return None
    return next((told for hole, told in never_came(case, fin.source) if hole.beyond.number <= fin.frame), None)
