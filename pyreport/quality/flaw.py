"""Flaws of a capture, and the claims that each of them weakens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pyreport.base.sentence import Sentence
from pyreport.quality.vantage import Place, Vantage


class Claim(StrEnum):
    """A kind of conclusion that rests on the capture being sound."""

    ABSENCE = "absence"  # that something was not sent: no RST, no probe, no FIN before this one
    ANSWERS = "answers"  # that something got no answer
    COUNTS = "counts"  # how many probes, retransmissions, acknowledgments there were
    TIMES = "times"  # how long something took, how old something was
    ENDING = "ending"  # how the connection ended
    PAYLOAD = "payload"  # what the payload says


#: How a claim is named in "This weakens what is said about ...".
CLAIM_WORDS = {
    Claim.ABSENCE: "what was not sent",
    Claim.ANSWERS: "what got no answer",
    Claim.COUNTS: "how often something was sent",
    Claim.TIMES: "how long something took",
    Claim.ENDING: "how the connection ended",
    Claim.PAYLOAD: "what the payload holds",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with the capture. ``weakens`` is empty for a mere remark."""

    id: str
    sentence: Sentence
    weakens: tuple[Claim, ...] = ()


UNKNOWN_VANTAGE = Vantage(Place.UNKNOWN, None, ())


@dataclass(frozen=True, slots=True)
class Quality:
    """The place of the capture and its flaws, seen from one connection."""

    vantage: Vantage = UNKNOWN_VANTAGE
    flaws: tuple[Flaw, ...] = ()

    def against(self, *claims: Claim) -> tuple[Flaw, ...]:
        """The flaws that weaken any of these claims."""
        return tuple(flaw for flaw in self.flaws if set(flaw.weakens) & set(claims))


#: What is known of a capture that nobody has looked at.
NOT_ASSESSED = Quality()
