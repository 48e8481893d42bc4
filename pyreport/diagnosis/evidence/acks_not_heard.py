"""Data that is sent again although the capture has its acknowledgment: that did not get to the sender.

RFC 6298 section 5.2: a timer that sends again is off when all that was sent is acknowledged. Where the capture was
taken at the acknowledging end, the path back lost the acknowledgments, or a filter before the sender's TCP did.
"""

from __future__ import annotations

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import Wait, late_ns
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import ahead

#: What it claims.
NOT_HEARD = "acks-not-heard"


class UnheardAcks(Struct, frozen=True):
    """``sender`` sent one segment again, in ``copies``, after the frame ``acked`` had acknowledged all of it."""

    sender: Endpoint
    copies: tuple[Frame, ...]
    acked: Frame


def acks_not_heard(case: Case) -> UnheardAcks | None:
    """The first such row of a timer that backs off, with which its sender ends: it sent nothing new behind it. None
    else, also where fewer copies were sent than show a timer.
    """
    return next((found for side in (case.peer, case.local) if (found := _of_side(case, side)) is not None), None)


def tell_not_heard(case: Case, found: UnheardAcks) -> Claim:
    """What was sent again, and what had acknowledged it."""
    copies = found.copies
    return claim(
        NOT_HEARD,
        tuple(sorted((found.acked.number, *(frame.number for frame in copies)))),
        sender=case.roles.party(found.sender),
        other=case.roles.party(case.connection.other(found.sender)),
        copies=len(copies),
        lasted=Duration(copies[-1].time_ns - copies[0].time_ns),
        frame=FrameNumber(found.acked.number),
    )


def _of_side(case: Case, sender: Endpoint) -> UnheardAcks | None:
    settled = late_ns(case.connection)
    acks: list[Frame] = []
    copies: list[Frame] = []
    heard = 0  # so many of the acknowledgments had had the time to get there
    for frame in case.connection.frames:
        if frame.source != sender:
            is_ack = frame.has(FLAG_ACK) and not frame.has(FLAG_RST | FLAG_SYN)
            if is_ack and (not acks or ahead(frame.ack, acks[-1].ack) > 0):
                acks.append(frame)
        elif frame.length and not frame.found(Probe):
            while heard < len(acks) and acks[heard].time_ns + settled <= frame.time_ns:
                heard += 1
            if not heard or ahead(acks[heard - 1].ack, frame.end) < 0:
                copies = []
            elif copies and copies[-1].seq != frame.seq:
                copies = [frame]
            else:
                copies.append(frame)
    if not copies:
        return None
    other = case.connection.other(sender)
    row = Wait(sender, other, tuple(copies), None, is_data=True)
    acked = next(ack for ack in acks if ahead(ack.ack, copies[0].end) >= 0)
    return UnheardAcks(sender, row.asks, acked) if row.backs_off else None
