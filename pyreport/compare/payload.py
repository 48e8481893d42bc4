"""What became of payload: writes after a FIN, and segments that got lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.base.claim import Claim, claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.conclusion import END, WAY_FROM, Conclusion, ConclusionKind, Where, confidence_in, delay_claims
from pyreport.compare.packet import WHOLE, Fate, Packet, merged
from pyreport.compare.probes import sent_meanwhile
from pyreport.compare.thresholds import FEWEST_LOST_BY_SIZE, MOST_CITED
from pyreport.compare.view import ENDS
from pyreport.diagnosis.result import Confidence
from pyreport.frames.finding import Level
from pyreport.frames.findings import PostFinWrite, Probe
from pyreport.frames.frame import FLAG_SYN


def writes_after_fin(alignment: Alignment, packets: Sequence[Packet]) -> Iterator[Conclusion]:
    """The first write after a FIN that is not everyday traffic."""
    for packet in packets:
        found = packet.captured.frame.found(PostFinWrite)
        if found is None or found.harmless:
            continue
        who, whom = alignment.parties[packet.sender], alignment.parties[packet.receiver]
        level, sure, frames = found.level, confidence_in(packet), packet.evidence
        if packet.fate in WHOLE:
            claims = (claim("write-after-fin-arrived", who=who, whom=whom), *delay_claims(alignment, packet))
            yield Conclusion(ConclusionKind.ARRIVED, END[packet.sender], level, sure, claims, frames)
        elif packet.fate is Fate.LOST:
            claims = (claim("write-after-fin-lost", who=who, whom=whom), *packet.why)
            yield Conclusion(ConclusionKind.LOST, WAY_FROM[packet.sender], level, sure, claims, frames)
        return


def losses(alignment: Alignment, packets: Sequence[Packet]) -> Iterator[Conclusion]:
    """Payload that got lost, by direction."""
    for sender in ENDS:
        left = [p for p in packets if p.sender == sender and p.near is not None and _has_payload(p)]
        lost = [p for p in left if p.fate is Fate.LOST]
        if not lost:
            continue
        who, whom = alignment.parties[sender], alignment.parties[1 - sender]
        is_final = not all(_was_acknowledged(alignment, packet) for packet in lost)
        claims = (
            claim("payload-all-lost", count=len(lost), who=who, whom=whom)
            if len(lost) == len(left)
            else claim("payload-lost", count=len(lost), left=len(left), who=who, whom=whom),
            *_by_size([p for p in left if p.fate in WHOLE], lost),
            claim("payload-never-arrived") if is_final else claim("payload-arrived-again", who=who),
        )
        frames = merged(packet.frames for packet in lost[:MOST_CITED])
        # One frame that a capture lost is an accident; several that the host did not acknowledge either are none.
        is_sure = any(p.is_proven for p in lost) or (len(lost) > 1 and sent_meanwhile(alignment, 1 - sender, lost))
        confidence = Confidence.CONFIRMED if is_sure else Confidence.LIKELY
        level = Level.WARN if is_final else Level.NOTE
        yield Conclusion(ConclusionKind.LOST, WAY_FROM[sender], level, confidence, claims, frames)


def injected(alignment: Alignment, packets: Sequence[Packet]) -> Iterator[Conclusion]:
    """Payload that arrived in the name of an end which did not send it."""
    for sender in ENDS:
        made = [p for p in packets if p.sender == sender and p.fate is Fate.NOT_SENT and _has_payload(p)]
        if not made:
            continue
        who, whom, is_sure = alignment.parties[sender], alignment.parties[1 - sender], any(p.is_proven for p in made)
        told = claim("payload-not-sent", count=len(made), who=who, whom=whom, proven=is_sure)
        confidence = Confidence.CONFIRMED if is_sure else Confidence.LIKELY
        claims, frames = (told, *made[0].why), merged(packet.evidence for packet in made[:MOST_CITED])
        yield Conclusion(ConclusionKind.MADE_BETWEEN, Where.BETWEEN, Level.WARN, confidence, claims, frames)


def _by_size(arrived: Sequence[Packet], lost: Sequence[Packet]) -> tuple[Claim, ...]:
    """That every segment which got lost is larger than every one that arrived, and one of these left after the first
    loss: what a link too narrow for large packets does (RFC 2923 section 2.1).
    """
    first_ns = min(p.captured.time_ns for p in lost)
    if len(lost) < FEWEST_LOST_BY_SIZE or not any(p.captured.time_ns > first_ns for p in arrived):
        return ()
    least, most = min(p.captured.frame.length for p in lost), max(p.captured.frame.length for p in arrived)
    return (claim("payload-lost-is-the-large", least=least, most=most),) if least > most else ()


def _was_acknowledged(alignment: Alignment, lost: Packet) -> bool:
    """Whether the receiver acknowledged the bytes later, so that they arrived with another segment."""
    return any(reply.acknowledges(lost.captured.end) for reply in reversed(alignment.sent(lost.receiver)))


def _has_payload(packet: Packet) -> bool:
    captured = packet.captured
    return captured.frame.length > 0 and not (
        captured.is_reset or captured.frame.has(FLAG_SYN) or captured.frame.found(Probe)
    )
