"""What kind of capture this is: where it was taken, what it lacks, and what that weakens."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.diagnosis.case import Case
from pyreport.quality.flaw import CLAIM_WORDS, Flaw
from pyreport.quality.vantage import Place, Vantage

ALL_WELL = (
    "Nothing speaks against it: no byte that was acknowledged is missing, no frame is there twice, and its clock never "
    "goes back."
)


def about_capture(case: Case) -> tuple[Claim, ...]:
    """The place, and that all is well or each flaw with what it weakens."""
    vantage, flaws = case.quality.vantage, case.quality.flaws
    place = _place(case, vantage)
    if not flaws and not vantage.is_disputed and vantage.place is not Place.UNKNOWN:
        return place, sentence(ALL_WELL)
    clues = vantage.clues if vantage.is_disputed or vantage.place is Place.UNKNOWN else ()
    told = [place, *(clue.sentence for clue in clues), *map(_tell, flaws)]
    return tuple(told if flaws else [*told, sentence(ALL_WELL)])


def _place(case: Case, vantage: Vantage) -> Claim:
    if vantage.is_disputed:
        outcome = "it cannot be told where it was taken" if vantage.place is Place.UNKNOWN else _where(case, vantage)
        return sentence(f"The clues to the place of this capture contradict each other; on balance, {outcome}.")
    if vantage.place is Place.UNKNOWN:
        return sentence(
            "Where this capture was taken cannot be told from it: what is missing here may have been lost on the way."
        )
    clue = next((clue for clue in vantage.clues if clue.place is vantage.place), None)
    where = _where(case, vantage)
    text = f"{where[0].upper()}{where[1:]}."
    return sentence(f"{text} {clue.sentence.text}", clue.sentence.frames) if clue else sentence(text)


def _where(case: Case, vantage: Vantage) -> str:
    if vantage.end is not None:
        return f"this capture was taken at {case.roles.name(vantage.end)}"
    if vantage.place is Place.BOTH:
        return "this capture shows both ends: they are on one host"
    return "this capture was taken between the two ends, at neither"


def _tell(flaw: Flaw) -> Claim:
    if not flaw.weakens:
        return flaw.sentence
    *before, last = [CLAIM_WORDS[claim] for claim in flaw.weakens]
    claims = f"{', '.join(before)} and {last}" if before else last
    return sentence(f"{flaw.sentence.text} This weakens what is said about {claims}.", flaw.sentence.frames)
