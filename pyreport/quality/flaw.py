"""Flaws of a capture, and the claims that each of them weakens."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim
from pyreport.quality.vantage import Place, Vantage


class RestsOn(StrEnum):
    """A kind of conclusion that rests on the capture being sound."""

    ABSENCE = "absence"  # that something was not sent: no RST, no probe, no FIN before this one
    ANSWERS = "answers"  # that something got no answer
    COUNTS = "counts"  # how many probes, retransmissions, acknowledgments there were
    TIMES = "times"  # how long something took, how old something was
    ENDING = "ending"  # how the connection ended
    PAYLOAD = "payload"  # what the payload says


class FlawId(StrEnum):
    """What can be wrong with a capture."""

    ONE_SIDED = "one_sided"
    LOST_FRAMES = "lost_frames"
    COUNTER_GAPS = "counter_gaps"
    DROPPED = "dropped"
    COPIES = "copies"
    ENDS_EARLY = "ends_early"
    STARTS_LATE = "starts_late"
    NO_BEGINNING = "no_beginning"
    NO_DATA = "no_data"
    CAPTURE_HOLE = "capture_hole"
    CLOCK_STEPS = "clock_steps"
    CUT_FRAMES = "cut_frames"


class Flaw(Struct, frozen=True):
    """One thing that is wrong with the capture. ``weakens`` is empty for a mere remark."""

    id: FlawId
    claim: Claim
    weakens: tuple[RestsOn, ...] = ()


UNKNOWN_VANTAGE = Vantage(Place.UNKNOWN, None, ())


class Quality(Struct, frozen=True):
    """The place of the capture and its flaws, seen from one connection."""

    vantage: Vantage = UNKNOWN_VANTAGE
    flaws: tuple[Flaw, ...] = ()

    def told(self, identifier: FlawId) -> Claim | None:
        """What says that the capture has this flaw; None when it does not have it."""
        return next((flaw.claim for flaw in self.flaws if flaw.id is identifier), None)

    def against(self, *grounds: RestsOn) -> tuple[Flaw, ...]:
        """The flaws that weaken what rests on any of these."""
        return tuple(flaw for flaw in self.flaws if set(flaw.weakens) & set(grounds))


#: What is known of a capture that nobody has looked at.
NOT_ASSESSED = Quality()
