"""What became of payload: writes after a FIN, and segments that got lost."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.sentence import capitalized
from pyreport.base.units import count_words
from pyreport.compare.conclusions import END, WAY_FROM, Conclusion, Kind, Scene, merged, sure
from pyreport.compare.model import ENDS, Fate, Passage
from pyreport.compare.probes import sent_meanwhile
from pyreport.diagnosis.result import Confidence
from pyreport.frames.frame import FLAG_SYN, Level

#: So many frames are cited of a long list.
CITED = 12


def writes_after_fin(scene: Scene) -> Iterator[Conclusion]:
    """The first write after a FIN that is not everyday traffic."""
    for passage in scene.passages:
        found = passage.packet.frame.found("post_fin_write")
        if found is None or found.text("harmless"):
            continue
        sender, receiver = scene.names.end(passage.sender), scene.names.end(passage.receiver)
        frames = merged([passage.frames(), passage.proof])
        if passage.fate in (Fate.ARRIVED, Fate.ARRIVED_IN_PIECES):
            text = f"The write of {sender} after the FIN arrived{scene.delay(passage)}."
            yield Conclusion(Kind.ARRIVED, END[passage.sender], found.level, sure(passage), text, frames)
        elif passage.fate is Fate.LOST:
            text = f"The write of {sender} after the FIN did not reach {receiver}: {passage.why}."
            yield Conclusion(Kind.LOST, WAY_FROM[passage.sender], found.level, sure(passage), text, frames)
        return


def losses(scene: Scene) -> Iterator[Conclusion]:
    """Payload that got lost, by direction."""
    for sender in ENDS:
        left = [p for p in scene.passages if p.sender == sender and p.near is not None and _has_payload(p)]
        lost = [p for p in left if p.fate is Fate.LOST]
        if not lost:
            continue
        is_final = not all(_was_acknowledged(scene, passage) for passage in lost)
        text = (
            f"{capitalized(count_words(len(lost), 'segment'))} with payload, of {len(left):,} that left "
            f"{scene.names.end(sender)}, did not reach {scene.names.end(1 - sender)}; "
            f"{'not all of it arrived later' if is_final else 'all of it arrived when it was sent again'}."
        )
        frames = merged(passage.frames() for passage in lost[:CITED])
        # One frame that a capture lost is an accident; several that the host did not acknowledge either are none.
        is_sure = any(p.is_proven for p in lost) or (len(lost) > 1 and sent_meanwhile(scene.lineup, 1 - sender, lost))
        confidence = Confidence.CONFIRMED if is_sure else Confidence.LIKELY
        level = Level.WARN if is_final else Level.NOTE
        yield Conclusion(Kind.LOST, WAY_FROM[sender], level, confidence, text, frames)


def _was_acknowledged(scene: Scene, lost: Passage) -> bool:
    """Whether the receiver acknowledged the octets later, so that they arrived with another segment."""
    return any(reply.acknowledges(lost.packet.end) for reply in reversed(scene.lineup.sent(lost.receiver)))


def _has_payload(passage: Passage) -> bool:
    packet = passage.packet
    return packet.frame.length > 0 and not (
        packet.is_reset or packet.frame.has(FLAG_SYN) or packet.frame.found("probe")
    )
