"""Where the opening of the connection failed or was held up: a SYN or SYN-ACK that got lost, a SYN without answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from pyreport.base.claim import claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.conclusion import END, WAY_FROM, Conclusion, ConclusionKind, confidence_in
from pyreport.compare.packet import Fate, Packet, merged
from pyreport.compare.thresholds import MOST_CITED, SYN_UNANSWERED_NS
from pyreport.compare.view import ENDS
from pyreport.diagnosis.result import Confidence
from pyreport.frames.finding import Level
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN


class Opening(StrEnum):
    """A segment that opens a connection (RFC 9293 section 3.5)."""

    SYN = "syn"
    SYN_ACK = "syn_ack"


#: The fates of a packet that its receiver has seen.
HEARD = (Fate.ARRIVED, Fate.ARRIVED_IN_PIECES, Fate.ARRIVED_UNSEEN)


def openings(alignment: Alignment, packets: Sequence[Packet]) -> Iterator[Conclusion]:
    """What became of the SYN and the SYN-ACK of each side, where it did not all go well."""
    is_open = any(not p.captured.frame.has(FLAG_SYN) and not p.captured.is_reset for p in packets)
    for sender in ENDS:
        own = [p for p in packets if p.sender == sender and p.captured.frame.has(FLAG_SYN)]
        for kind, needs_ack in ((Opening.SYN, False), (Opening.SYN_ACK, True)):
            found = [p for p in own if p.captured.frame.has(FLAG_ACK) is needs_ack and not p.captured.is_reset]
            lost = [p for p in found if p.fate is Fate.LOST]
            if lost:
                yield _lost(alignment, kind, found, lost, is_open=is_open)
            elif kind is Opening.SYN and _is_unanswered(alignment, found):
                yield _unanswered(alignment, found)


def _lost(
    alignment: Alignment, kind: Opening, found: Sequence[Packet], lost: Sequence[Packet], *, is_open: bool
) -> Conclusion:
    """``is_open``: a packet that only an open connection has is in either capture."""
    sender = lost[0].sender
    who, whom = alignment.parties[sender], alignment.parties[1 - sender]
    claims = [claim("openings-lost", opening=kind, count=len(lost), who=who, whom=whom)]
    level = Level.NOTE
    if any(p.fate in HEARD for p in found):
        claims.append(claim("opening-arrived-with-another", opening=kind, who=who))
    elif not is_open and all(p.fate in (Fate.LOST, Fate.NOT_COVERED) for p in found):
        claims.append(claim("opening-never-arrived"))
        level = Level.WARN
    sure = any(p.is_proven for p in lost) or len(lost) > 1
    confidence = Confidence.CONFIRMED if sure else confidence_in(lost[0])
    frames = merged(p.frames for p in lost[:MOST_CITED])
    return Conclusion(ConclusionKind.LOST, WAY_FROM[sender], level, confidence, tuple(claims), frames)


def _is_unanswered(alignment: Alignment, found: Sequence[Packet]) -> bool:
    """Whether each SYN arrived, over longer than a host waits for its answer, and the other end sent nothing at all."""
    if not found or any(p.far is None for p in found) or alignment.sent(found[0].receiver):
        return False
    arrived = [p.far.time_ns for p in found if p.far is not None]
    return max(arrived) - min(arrived) >= SYN_UNANSWERED_NS


def _unanswered(alignment: Alignment, found: Sequence[Packet]) -> Conclusion:
    whom = alignment.parties[found[0].receiver]
    told = claim("syn-not-answered", count=len(found), whom=whom)
    frames = merged(p.frames for p in found[:MOST_CITED])
    where = END[found[0].receiver]
    return Conclusion(ConclusionKind.NOT_ANSWERED, where, Level.WARN, Confidence.CONFIRMED, (told,), frames)
