"""Octets that a side sent and that never came: later ones did, or its own numbers count them, and nobody acknowledged
them.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.sequence_space import Hole, space_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import FEWEST_REPEATS, IDLE_FROM_NS, IN_FLIGHT_NS, LEAST_FULL, SHORTEST_LIMIT_NS

#: What is told of a side that was heard although it owes octets.
HEARD = "hole-heard-all-along"


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


def heard_all_along(case: Case, side: Endpoint) -> Claim | None:
    """That a side which owes octets was heard again and again after them, for so long that its retransmission timer
    must have run out many times (RFC 6298 section 5), and that its full segments had passed: either each copy was lost,
    where nothing else was, or there was none. None else.
    """
    space = space_of(case.connection, side)
    holes = [hole for hole, _ in never_came(case, side) if hole.beyond.space]
    if not holes or space.largest < LEAST_FULL or space.largest_frame is None:
        return None
    since = holes[0].beyond
    later = [f for f in case.connection.frames if f.source == side and f.time_ns - since.time_ns >= IDLE_FROM_NS]
    lasted_ns = later[-1].time_ns - since.time_ns if later else 0
    if len(later) < FEWEST_REPEATS or lasted_ns < SHORTEST_LIMIT_NS:
        return None
    frames = (space.largest_frame, since.number, *(frame.number for frame in later))
    sender, heard = case.roles.party(side), len(later)
    return claim(HEARD, frames, sender=sender, heard=heard, lasted=Duration(lasted_ns))


def unheard_before_close(case: Case) -> Claim | None:
    """What the side that closed had sent before its FIN and never came: how long it had been silent, only it knows."""
    fin = case.ending.fin
    if fin is None:
        return None
    return next((told for hole, told in never_came(case, fin.source) if hole.beyond.number <= fin.frame), None)
