"""An RST that its receiver took no notice of: it went on sending as if there were none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import late_ns
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import ahead

#: To look at one RST takes a look at all frames, and a connection may have very many of them.
MOST_LOOKED_AT = 50


def not_taken(case: Case, reset: int) -> Claim | None:
    """That the other end sent data or a FIN well after an RST. A host that gets an acceptable RST has no connection
    then (RFC 9293 section 3.5.3): this one did not get it, or did not accept it, as for a number other than the next
    one (RFC 5961 section 3.2), for a missing signature (RFC 2385), or by a filter of its own. None else.
    """
    refusing = case.connection.frame(reset)
    if refusing is None or not refusing.has(FLAG_RST):
        return None
    settled = refusing.time_ns + late_ns(case.connection)
    later = [
        frame
        for frame in case.connection.frames
        if frame.number > reset and frame.time_ns > settled
        if frame.source == refusing.destination and frame.space and not frame.has(FLAG_SYN)
    ]
    if not later:
        return None
    return claim(
        "reset-not-taken",
        (reset, *(frame.number for frame in later)),
        who=case.roles.party(refusing.destination),
        reset=FrameNumber(reset),
        first=FrameNumber(later[0].number),
        after=Duration(later[0].time_ns - refusing.time_ns),
        count=len(later),
    )


def first_rst(case: Case) -> Frame | None:
    """The first RST that may have ended something; None when there is none."""
    return next(
        (f for looked, f in enumerate(_resets(case)) if looked == MOST_LOOKED_AT or not ended_nothing(case, f)), None
    )


def ended_nothing(case: Case, reset: Frame) -> bool:
    """Whether the connection went on after an RST as if there were none: the plugin holds none for its end, the end
    that it is for sent something new afterwards, and the end whose name it bears acknowledged that.
    """
    dead = case.ending.dead
    if dead is not None and dead.number <= reset.number:
        return False
    ignored = not_taken(case, reset.number)
    if ignored is None:
        return False
    new = next((f for f in map(case.connection.frame, ignored.frames[1:]) if f is not None and f.length), None)
    return new is not None and any(
        frame.source == reset.source
        and frame.has(FLAG_ACK)
        and not frame.has(FLAG_RST)
        and ahead(frame.ack, new.end) >= 0
        for frame in case.connection.frames
        if frame.number > new.number
    )


def unheeded(case: Case) -> Claim | None:
    """The first RST that ended nothing; None when there is none among the first ones."""
    resets = islice(_resets(case), MOST_LOOKED_AT)
    return next((not_taken(case, f.number) for f in resets if ended_nothing(case, f)), None)


def _resets(case: Case) -> Iterator[Frame]:
    return (frame for frame in case.connection.frames if frame.has(FLAG_RST))
