"""Octets that a side sent and that never came: later ones did, and nobody acknowledged them."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, claim
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
        shown_by = hole.shown_by
        if shown_by is not None and shown_by.time_ns - hole.beyond.time_ns >= IN_FLIGHT_NS:
            frames = tuple(frame.number for frame in (hole.before, hole.beyond, shown_by) if frame is not None)
            yield hole, claim("path-loss-hole", frames, sender=case.roles.party(side), octets=hole.octets)


def unheard_before_close(case: Case) -> Claim | None:
    """What the side that closed had sent before its FIN and never came: how long it had been silent, only it knows."""
    fin = case.ending.fin
    if fin is None:
        return None
    return next((told for hole, told in never_came(case, fin.source) if hole.beyond.number <= fin.frame), None)
