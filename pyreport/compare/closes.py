"""Where a FIN or RST was made, and whether it arrived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.base.sentence import capitalized
from pyreport.base.units import count_words, format_duration
from pyreport.compare.conclusions import END, WAY_FROM, Conclusion, Kind, Scene, Where, merged, sure
from pyreport.compare.fate import WENT_ON
from pyreport.compare.model import ENDS, Fate, Passage
from pyreport.diagnosis.result import Confidence
from pyreport.frames.frame import Level

#: Of several copies of one FIN or RST, the one that says most is told.
TELLING = (Fate.NOT_SENT, Fate.ARRIVED, Fate.ARRIVED_IN_PIECES, Fate.ARRIVED_UNSEEN, Fate.SENT_UNSEEN)
CAUSES = {"probe": "a probe", "write": "a write", "data": "data"}


def closes(scene: Scene) -> Iterator[Conclusion]:
    """What became of the FIN and of the RST of each side."""
    forged = [p for p in scene.passages if p.packet.is_reset and p.fate is Fate.NOT_SENT]
    at_both = {p.sender for p in forged} == set(ENDS)
    if at_both:
        yield _forged_at_both(scene, forged)
    for sender in ENDS:
        own = [p for p in scene.passages if p.sender == sender]
        fins = [p for p in own if p.packet.is_fin]
        resets = [p for p in own if p.packet.is_reset and not (at_both and p.fate is Fate.NOT_SENT)]
        for word, found in (("FIN", fins), ("RST", resets)):
            if found:
                yield from _close(scene, word, found)


def _forged_at_both(scene: Scene, forged: Sequence[Passage]) -> Conclusion:
    names = scene.names
    text = (
        f"{capitalized(names.end(0))} and {names.end(1)} each received a RST that the other one did not send: "
        "something between them ended the connection towards both."
    )
    confidence = Confidence.CONFIRMED if any(p.is_proven for p in forged) else Confidence.LIKELY
    first = [next(p for p in forged if p.sender == sender) for sender in ENDS]
    frames = merged(frames for p in first for frames in (p.frames(), p.proof))
    return Conclusion(Kind.MADE_BETWEEN, Where.BETWEEN, Level.ERROR, confidence, text, frames)


def _close(scene: Scene, word: str, found: Sequence[Passage]) -> Iterator[Conclusion]:
    """The one that says most, and those that got lost beside it."""
    lost = [p for p in found if p.fate is Fate.LOST]
    passage = next((p for fate in TELLING for p in found if p.fate is fate), None)
    if passage is not None:
        yield _forged(scene, word, passage) if passage.fate is Fate.NOT_SENT else _genuine(scene, word, passage)
    elif not lost:
        yield _open(scene, word, found[0])
    if lost:
        yield _lost(scene, word, lost, is_all=passage is None)


def _lost(scene: Scene, word: str, lost: Sequence[Passage], is_all: bool) -> Conclusion:
    """They left one end and did not reach the other; ``is_all``: nor did any other of the kind."""
    passage = lost[0]
    sender, receiver = scene.names.end(passage.sender), scene.names.end(passage.receiver)
    which = f"The {word}" if is_all and len(lost) == 1 else capitalized(count_words(len(lost), word))
    text = f"{which} that {sender} sent did not reach {receiver}: {passage.why}."
    if not is_all:
        text += " Another one did."
    level = max(scene.level(passage), Level.WARN) if is_all else Level.NOTE
    frames = merged(f for p in lost for f in (p.frames(), p.proof))
    return Conclusion(Kind.LOST, WAY_FROM[passage.sender], level, sure(passage), text, frames)


def _open(scene: Scene, word: str, passage: Passage) -> Conclusion:
    """Whether it was sent, or arrived, cannot be told."""
    sender, receiver = scene.names.end(passage.sender), scene.names.end(passage.receiver)
    doubt = (
        f"that {receiver} received came from {sender}" if passage.near is None else f"of {sender} reached {receiver}"
    )
    text = f"Whether the {word} {doubt} cannot be told: {passage.why}."
    frames = merged([passage.frames(), passage.proof])
    return Conclusion(Kind.UNDETERMINED, Where.UNKNOWN, scene.level(passage), Confidence.UNDETERMINED, text, frames)


def _forged(scene: Scene, word: str, passage: Passage) -> Conclusion:
    """It reached one end, and the other end did not send it."""
    sender, receiver = scene.names.end(passage.sender), scene.names.end(passage.receiver)
    how = "was not sent" if passage.is_proven else "was probably not sent"
    why = passage.why.replace(WENT_ON, _going_on(scene, passage) or WENT_ON)
    text = f"The {word} that {receiver} received {how} by {sender}: {why}."
    level = max(scene.level(passage), Level.WARN)
    frames = merged([passage.frames(), passage.proof])
    return Conclusion(Kind.MADE_BETWEEN, Where.BETWEEN, level, sure(passage), text, frames)


def _genuine(scene: Scene, word: str, passage: Passage) -> Conclusion:
    """Its sender sent it, and it arrived."""
    sender = scene.names.end(passage.sender)
    level, frames = scene.level(passage), merged([passage.frames(), passage.proof])
    if passage.fate in (Fate.ARRIVED, Fate.ARRIVED_IN_PIECES):
        text = f"The {word} was sent by {sender} itself{_drawn_by(passage)} and arrived{scene.delay(passage)}."
        return Conclusion(Kind.ARRIVED, END[passage.sender], level, sure(passage), text, frames)
    lacking = scene.names.capture(passage.receiver if passage.near else passage.sender)
    text = f"The {word} of {sender} was sent and arrived, although {lacking} lacks it: {passage.why}."
    return Conclusion(Kind.ARRIVED, END[passage.sender], level, Confidence.LIKELY, text, frames)


def _drawn_by(passage: Passage) -> str:
    """What a RST answers, as the plugin says."""
    found = passage.near.frame.found("post_fin_reset", "reset") if passage.near else None
    cause = found.text("cause_kind") or found.text("followed") if found else ""
    return f", in answer to {CAUSES[cause]}," if cause in CAUSES else ""


def _going_on(scene: Scene, passage: Passage) -> str:
    """Until when its alleged sender goes on; "" when that cannot be measured."""
    way, proof = scene.lineup.way(passage.sender), passage.proof[passage.sender]
    last = scene.lineup.views[passage.sender].connection.frame(proof[-1]) if proof else None
    if last is None or way is None or passage.far is None:
        return ""
    later = last.time_ns + way.at_departure(last.time_ns).middle_ns - passage.far.time_ns
    names = scene.names
    return (
        f"in {names.capture(passage.sender)}, {names.end(passage.sender)} goes on sending until about "
        f"{format_duration(later)} after it"
    )
