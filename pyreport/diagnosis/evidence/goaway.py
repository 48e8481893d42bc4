"""Why an end said that it ends the connection (HTTP/2 GOAWAY)."""

from __future__ import annotations

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.diagnosis.case import Case


def tell_goaway(case: Case) -> tuple[Claim, ...]:
    """Who said it, with which error, and its reason; nothing without one."""
    goaway = case.goaway
    if goaway is None:
        return ()
    who, frames = case.roles.party(goaway.by), (goaway.frame,)
    told = claim("goaway", frames, who=who, frame=FrameNumber(goaway.frame), error=goaway.error)
    if goaway.is_of_pings:
        other = case.roles.party(case.connection.other(goaway.by))
        return told, claim("goaway-too-many-pings", frames, who=who, other=other, said=goaway.said)
    return (told, claim("goaway-said", frames, said=goaway.said)) if goaway.said else (told,)
