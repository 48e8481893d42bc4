"""Where it happened: what the fates of the packets that matter say together.

What a packet is (a probe, its answer, a write after a FIN) and how grave that is, is the plugin's word in both
captures.
"""

from __future__ import annotations

from pyreport.base.sentence import capitalized
from pyreport.base.units import count_words
from pyreport.compare.closes import closes
from pyreport.compare.conclusions import Conclusion, Kind, Scene, Where
from pyreport.compare.keepalives import keepalives
from pyreport.compare.model import ENDS, Fate
from pyreport.compare.payload import losses, writes_after_fin
from pyreport.diagnosis.result import Confidence
from pyreport.frames.frame import Level

#: Of equally grave things, the one that says most about the way comes first.
WEIGHT = (Kind.SAME, Kind.UNDETERMINED, Kind.ARRIVED, Kind.NOT_SENT, Kind.NOT_ANSWERED, Kind.LOST, Kind.MADE_BETWEEN)


def conclude(scene: Scene) -> tuple[Conclusion, ...]:
    """All conclusions, the gravest first; of equally grave ones, what came first. There is always one."""
    found = [*closes(scene), *keepalives(scene), *writes_after_fin(scene), *losses(scene)]
    if not any(conclusion.kind in (Kind.LOST, Kind.MADE_BETWEEN) for conclusion in found):
        found.append(_nothing_grave(scene))
    return tuple(sorted(found, key=lambda c: (-c.level, -WEIGHT.index(c.kind), _begins(scene, c))))


def _begins(scene: Scene, conclusion: Conclusion) -> int:
    """The place of the first packet that a conclusion rests on."""
    for place, passage in enumerate(scene.passages):
        own = passage.frames()
        if any(set(own[end]) & set(conclusion.frames[end]) for end in ENDS):
            return place
    return len(scene.passages)


def _nothing_grave(scene: Scene) -> Conclusion:
    """Nothing that matters was seen to be lost or made on the way."""
    fates = [passage.fate for passage in scene.passages]
    both = fates.count(Fate.ARRIVED) + fates.count(Fate.ARRIVED_IN_PIECES)
    if not both:
        text = "Not one packet of this connection is surely in both captures: what happened on the way cannot be told."
        return Conclusion(Kind.UNDETERMINED, Where.UNKNOWN, Level.CHAT, Confidence.UNDETERMINED, text)
    told = capitalized(count_words(both, "packet"))
    text = f"{told} of this connection {'is' if both == 1 else 'are'} in both captures; "
    odd = fates.count(Fate.LOST) + fates.count(Fate.NOT_SENT)
    if odd:
        text += f"{count_words(odd, 'acknowledgment')} got lost or came from between, which ends nothing."
    else:
        text += "none was seen to be lost or made on the way."
    uncovered, unknown = fates.count(Fate.NOT_COVERED), fates.count(Fate.UNKNOWN)
    if uncovered:
        text += f" {capitalized(count_words(uncovered, 'packet'))} fell into a time that one capture does not cover."
    if unknown:
        text += f" Of {count_words(unknown, 'packet')} it cannot be told."
    confidence = Confidence.CONFIRMED if not unknown else Confidence.LIKELY
    return Conclusion(Kind.SAME, Where.NOWHERE, Level.CHAT, confidence, text)
