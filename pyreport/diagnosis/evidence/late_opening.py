"""A connection that opened, and only after its SYN had been sent again and again."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.diagnosis.thresholds import COPY_NS, FEWEST_REPEATS
from pyreport.frames.frame import Frame


def late_opening(case: Case) -> Claim | None:
    """How many SYNs got no answer before one did, and after how long; None where they are no more than ordinary loss
    repeats (RFC 6298 section 5.5), and where the connection did not open.
    """
    if case.connection.syn is None or never_opened(case.connection):
        return None
    client, early = case.connection.syn.source, case.connection.before_opening()
    syns: list[Frame] = []
    for frame in case.connection.frames:
        if frame.source == client and frame.is_syn:
            if not syns or frame.time_ns - syns[-1].time_ns > COPY_NS:
                syns.append(frame)
        elif frame.source != client and frame.number not in early:
            if len(syns) <= FEWEST_REPEATS:
                return None
            frames = (*(syn.number for syn in syns), frame.number)
            took = Duration(frame.time_ns - syns[0].time_ns)
            return claim("opening-late", frames, who=case.roles.party(client), syns=len(syns) - 1, took=took)
    return None
