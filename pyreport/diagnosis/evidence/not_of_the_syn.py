"""An RST that came in answer to a SYN, and does not refuse it."""

from __future__ import annotations

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.frames.frame import FLAG_ACK, Frame
from pyreport.frames.seq import ahead

#: What it claims.
NOT_OF_THE_SYN = "opening-rst-not-of-syn"


def not_of_the_syn(case: Case, client: Endpoint, reset: Frame) -> Claim | None:
    """That the RST acknowledges none of the SYNs before it. A host on which nobody listens acknowledges the SYN that it
    refuses (RFC 9293 section 3.10.7.1), and who has sent a SYN takes no other RST (section 3.10.7.3). None where it
    does, and where the capture has no SYN before it.
    """
    syns = [f for f in case.connection.frames if f.source == client and f.is_syn]
    before = [f for f in syns if f.number < reset.number]
    refuses = reset.has(FLAG_ACK) and any(0 < ahead(reset.ack, f.seq) <= ahead(f.end, f.seq) for f in before)
    if not before or refuses:
        return None
    again = next((f for f in syns if f.number > reset.number), None)
    frames = (before[-1].number, reset.number, *(() if again is None else (again.number,)))
    return claim(
        NOT_OF_THE_SYN,
        frames,
        who=case.roles.party(client),
        frame=FrameNumber(reset.number),
        acks=reset.has(FLAG_ACK),
        again=again is not None,
    )
