"""Where a FIN or RST was made, and whether it arrived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from pyreport.base.claim import Claim, claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.conclusion import (
    END,
    WAY_FROM,
    Conclusion,
    ConclusionKind,
    Where,
    confidence_in,
    delay_claims,
    level_of,
)
from pyreport.compare.packet import WHOLE, Fate, Packet, merged
from pyreport.compare.view import ENDS
from pyreport.diagnosis.result import Confidence
from pyreport.frames.finding import Level
from pyreport.frames.findings import PostFinReset, Reset

#: Of several copies of one FIN or RST, the one that says most is told.
TELLING = (Fate.NOT_SENT, Fate.ARRIVED, Fate.ARRIVED_IN_PIECES, Fate.ARRIVED_UNSEEN, Fate.SENT_UNSEEN)


class Close(StrEnum):
    """What ends a connection."""

    FIN = "fin"
    RST = "rst"


class Cause(StrEnum):
    """What an RST answers, as the plugin says."""

    PROBE = "probe"
    WRITE = "write"
    DATA = "data"


def closes(alignment: Alignment, packets: Sequence[Packet]) -> Iterator[Conclusion]:
    """What became of the FIN and of the RST of each side."""
    forged = [p for p in packets if p.captured.is_reset and p.fate is Fate.NOT_SENT]
    at_both = {p.sender for p in forged} == set(ENDS)
    if at_both:
        yield _forged_at_both(alignment, forged)
    for sender in ENDS:
        own = [p for p in packets if p.sender == sender]
        fins = [p for p in own if p.captured.is_fin]
        resets = [p for p in own if p.captured.is_reset and not (at_both and p.fate is Fate.NOT_SENT)]
        for close, found in ((Close.FIN, fins), (Close.RST, resets)):
            if found:
                yield from _close(alignment, close, found)


def _forged_at_both(alignment: Alignment, forged: Sequence[Packet]) -> Conclusion:
    confidence = Confidence.CONFIRMED if any(p.is_proven for p in forged) else Confidence.LIKELY
    first = [next(p for p in forged if p.sender == sender) for sender in ENDS]
    told = claim("rst-made-towards-both", who=alignment.parties[0], whom=alignment.parties[1])
    frames = merged(packet.evidence for packet in first)
    return Conclusion(ConclusionKind.MADE_BETWEEN, Where.BETWEEN, Level.ERROR, confidence, (told,), frames)


def _close(alignment: Alignment, close: Close, found: Sequence[Packet]) -> Iterator[Conclusion]:
    """The one that says most, and those of the same kind that got lost."""
    lost = [p for p in found if p.fate is Fate.LOST]
    packet = next((p for fate in TELLING for p in found if p.fate is fate), None)
    if packet is not None and packet.fate is Fate.NOT_SENT:
        yield _forged(alignment, close, packet)
    elif packet is not None:
        yield _genuine(alignment, close, packet)
    elif not lost:
        yield _open(alignment, close, found[0])
    if lost:
        yield _lost(alignment, close, lost, is_all=packet is None)


def _lost(alignment: Alignment, close: Close, lost: Sequence[Packet], is_all: bool) -> Conclusion:
    """They left one end and did not reach the other; ``is_all``: nor did any other of the kind."""
    packet = lost[0]
    who, whom = alignment.parties[packet.sender], alignment.parties[packet.receiver]
    if is_all and len(lost) == 1:
        told = [claim("close-lost", close=close, who=who, whom=whom), *packet.why]
    else:
        told = [claim("closes-lost", close=close, count=len(lost), who=who, whom=whom), *packet.why]
    if not is_all:
        told.append(claim("close-arrived-with-another", close=close, who=who))
    level = max(level_of(alignment, packet), Level.WARN) if is_all else Level.NOTE
    where, frames = WAY_FROM[packet.sender], merged(p.evidence for p in lost)
    return Conclusion(ConclusionKind.LOST, where, level, confidence_in(packet), tuple(told), frames)


def _open(alignment: Alignment, close: Close, packet: Packet) -> Conclusion:
    """Whether it was sent, or arrived, cannot be told."""
    who, whom = alignment.parties[packet.sender], alignment.parties[packet.receiver]
    told = claim(
        "close-sender-unknown" if packet.near is None else "close-arrival-unknown", close=close, who=who, whom=whom
    )
    level, claims = level_of(alignment, packet), (told, *packet.why)
    return Conclusion(
        ConclusionKind.UNDETERMINED, Where.UNKNOWN, level, Confidence.UNDETERMINED, claims, packet.evidence
    )


def _forged(alignment: Alignment, close: Close, packet: Packet) -> Conclusion:
    """It reached one end, and the other end did not send it."""
    who, whom = alignment.parties[packet.sender], alignment.parties[packet.receiver]
    told = claim("close-not-sent", close=close, who=who, whom=whom, proven=packet.is_proven)
    level, claims = max(level_of(alignment, packet), Level.WARN), (told, *packet.why)
    return Conclusion(ConclusionKind.MADE_BETWEEN, Where.BETWEEN, level, confidence_in(packet), claims, packet.evidence)


def _genuine(alignment: Alignment, close: Close, packet: Packet) -> Conclusion:
    """Its sender sent it, and it arrived."""
    who = alignment.parties[packet.sender]
    claims: tuple[Claim, ...]
    if packet.fate in WHOLE:
        told = claim("close-sent-and-arrived", close=close, who=who)
        delay = delay_claims(alignment, packet)
        claims, confidence = (told, *packet.why, *delay, *_cause(packet)), confidence_in(packet)
    else:
        without = alignment.parties[packet.receiver if packet.near else packet.sender]
        told = claim("close-arrived-unseen", close=close, who=who, without=without)
        claims, confidence = (told, *packet.why), Confidence.LIKELY
    where, level = END[packet.sender], level_of(alignment, packet)
    return Conclusion(ConclusionKind.ARRIVED, where, level, confidence, claims, packet.evidence)


def _cause(packet: Packet) -> tuple[Claim, ...]:
    """What an RST answers, where the plugin says it."""
    frame = packet.near.frame if packet.near else None
    after_fin, plain = (frame.found(PostFinReset), frame.found(Reset)) if frame else (None, None)
    cause = after_fin.cause_kind.value if after_fin else plain.followed.value if plain else ""
    return (claim("rst-answers", cause=Cause(cause)),) if cause in set(Cause) else ()
