"""A FIN that the capture lacks: the other side's acknowledgments show it."""

from __future__ import annotations

from itertools import pairwise

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.frames.frame import FLAG_ACK
from pyreport.frames.seq import ahead


def unseen_fin(case: Case) -> Claim | None:
    """That the side whose FIN is the first one here acknowledges, with it or before, one octet more that the capture
    lacks: the FIN of the other side (RFC 9293 section 3.4: a FIN takes one number of the sequence space), or a payload
    of one octet. None where the capture has all that the other side sent, or where more than that was acknowledged.
    """
    fin = case.ending.fin
    if fin is None or case.doubt is None:
        return None
    acks = [f for f in case.connection.frames if f.source == fin.source and f.has(FLAG_ACK) and f.number <= fin.frame]
    steps = [(after, ahead(after.ack, before.ack)) for before, after in pairwise(acks) if after.ack != before.ack]
    if not steps or steps[-1][1] != 1:
        return None
    frame = steps[-1][0].number
    who, other = case.roles.party(fin.source), case.roles.party(case.connection.other(fin.source))
    return claim("close-unseen-fin", (frame, fin.frame), who=who, other=other, frame=FrameNumber(frame))
