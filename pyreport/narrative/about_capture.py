"""What kind of capture this is: where it was taken, what it lacks, and what that weakens."""

from __future__ import annotations

from itertools import groupby

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.quality.flaw import Flaw, FlawId
from pyreport.quality.vantage import Place, Vantage


def about_capture(case: Case) -> tuple[tuple[Claim, ...], ...]:
    """The place, and that all is well or each flaw with what it weakens; a paragraph each."""
    vantage, flaws = case.quality.vantage, case.quality.flaws
    if never_opened(case.connection):
        # It had no data that an age could be counted from.
        flaws = tuple(flaw for flaw in flaws if flaw.id is not FlawId.NO_DATA)
    place, well = _place(case, vantage), (claim("capture-is-sound"),)
    if not flaws and not vantage.is_disputed and vantage.place is not Place.UNKNOWN:
        return place, well
    clues = vantage.clues if vantage.is_disputed or vantage.place is Place.UNKNOWN else ()
    told = (
        place,
        *((clue.claim,) for clue in clues),
        *(_tell(tuple(alike)) for _, alike in groupby(flaws, key=lambda flaw: flaw.weakens)),
    )
    return told if flaws else (*told, well)


def _place(case: Case, vantage: Vantage) -> tuple[Claim, ...]:
    where = _where(case, vantage)
    if vantage.is_disputed:
        return claim("place-disputed"), where
    clue = next((clue for clue in vantage.clues if clue.place is vantage.place), None)
    return (where,) if clue is None or vantage.place is Place.UNKNOWN else (where, clue.claim)


def _where(case: Case, vantage: Vantage) -> Claim:
    if vantage.end is not None:
        return claim("place-at-end", who=case.roles.party(vantage.end))
    if vantage.place is Place.UNKNOWN:
        return claim("place-unknown")
    return claim("place-at-both" if vantage.place is Place.BOTH else "place-between")


def _tell(flaws: tuple[Flaw, ...]) -> tuple[Claim, ...]:
    """Flaws that weaken the same, and what that is."""
    told = tuple(flaw.claim for flaw in flaws)
    if not flaws[0].weakens:
        return told
    weakened = tuple(Claim(f"weakened-{ground.value}") for ground in flaws[0].weakens)
    return *told, claim("flaw-weakens", what=weakened)
