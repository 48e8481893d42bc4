"""An RST that its receiver took no notice of: it went on sending as if there were none."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import late_ns
from pyreport.frames.frame import FLAG_RST, FLAG_SYN


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
        if frame.source == refusing.destination and frame.time_ns > settled and frame.space and not frame.has(FLAG_SYN)
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
