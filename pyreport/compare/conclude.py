"""Where it happened: what the fates of the packets that matter say together.

What a packet is (a probe, its answer, a write after a FIN) and how grave that is, is the plugin's word in both
captures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from pyreport.base.claim import Claim, claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.closes import closes
from pyreport.compare.conclusion import Conclusion, ConclusionKind, Where
from pyreport.compare.flow import nothing_in_common
from pyreport.compare.keepalives import keepalives
from pyreport.compare.opening import openings
from pyreport.compare.packet import WHOLE, Fate, Packet
from pyreport.compare.payload import injected, losses, writes_after_fin
from pyreport.compare.stood_still import stood_still
from pyreport.compare.view import ENDS
from pyreport.diagnosis.result import Confidence
from pyreport.frames.finding import Level

#: Of equally grave things, the one that says most about the way comes first.
WEIGHT = (
    ConclusionKind.SAME,
    ConclusionKind.UNDETERMINED,
    ConclusionKind.ARRIVED,
    ConclusionKind.NOT_SENT,
    ConclusionKind.NOT_ANSWERED,
    ConclusionKind.LOST,
    ConclusionKind.STOOD_STILL,
    ConclusionKind.MADE_BETWEEN,
)


def conclude(alignment: Alignment, packets: Sequence[Packet]) -> tuple[Conclusion, ...]:
    """All conclusions, the gravest first; of equally grave ones, what came first. There is always one."""
    parts = (openings, closes, keepalives, writes_after_fin, losses, injected, stood_still)
    found = [conclusion for part in parts for conclusion in part(alignment, packets)]
    if not any(conclusion.kind in (ConclusionKind.LOST, ConclusionKind.MADE_BETWEEN) for conclusion in found):
        found.append(_nothing_grave([packet.fate for packet in packets]))
    return gravest_first(packets, found)


def gravest_first(packets: Sequence[Packet], found: Sequence[Conclusion]) -> tuple[Conclusion, ...]:
    """The conclusions in the order in which they are told."""
    told = list(_with_what_held_them_up(found))
    return tuple(sorted(told, key=lambda c: (-c.level, -WEIGHT.index(c.kind), _begins(packets, c))))


def _with_what_held_them_up(found: Sequence[Conclusion]) -> Iterator[Conclusion]:
    """The conclusions; that an end stood still is as grave as what arrived late for it, and so is told before that."""
    for conclusion in found:
        held_up = [
            other.level
            for other in found
            if other.kind is ConclusionKind.ARRIVED
            and all(set(other.frames[end]) <= set(conclusion.frames[end]) for end in ENDS)
        ]
        is_cause = conclusion.kind is ConclusionKind.STOOD_STILL
        yield replace(conclusion, level=max([conclusion.level, *held_up])) if is_cause else conclusion


def _begins(packets: Sequence[Packet], conclusion: Conclusion) -> int:
    """The place of the first packet that a conclusion rests on."""
    for place, packet in enumerate(packets):
        if any(set(packet.frames[end]) & set(conclusion.frames[end]) for end in ENDS):
            return place
    return len(packets)


def _nothing_grave(fates: Sequence[Fate]) -> Conclusion:
    """Nothing that matters was seen to be lost or made on the way."""
    if not any(fate in WHOLE for fate in fates):
        claims = (nothing_in_common(), claim("the-way-is-unknown"))
        return Conclusion(ConclusionKind.UNDETERMINED, Where.UNKNOWN, Level.CHAT, Confidence.UNDETERMINED, claims)
    confidence = Confidence.LIKELY if Fate.UNKNOWN in fates else Confidence.CONFIRMED
    return Conclusion(ConclusionKind.SAME, Where.NOWHERE, Level.CHAT, confidence, tuple(_counted(fates)))


def _counted(fates: Sequence[Fate]) -> Iterator[Claim]:
    yield claim("packets-are-in-both", count=sum(fates.count(fate) for fate in WHOLE))
    odd = fates.count(Fate.LOST) + fates.count(Fate.NOT_SENT)
    yield claim("only-acks-lost-or-made", count=odd) if odd else claim("nothing-lost-or-made")
    if uncovered := fates.count(Fate.NOT_COVERED):
        yield claim("packets-not-covered", count=uncovered)
    if unknown := fates.count(Fate.UNKNOWN):
        yield claim("packets-not-told", count=unknown)
