"""How sure a verdict can be: the one place where flaws of the capture, a weak match of the log line, and a log that
contradicts the capture lower it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.contradictions import contradictions
from pyreport.diagnosis.result import Confidence, Kind, Verdict
from pyreport.matching.match import Strength
from pyreport.quality import RestsOn

#: What each kind of verdict rests on beside the frames that it cites. A close that was seen was seen; but that
#: nothing came before it, or that nothing is wrong at all, is said of frames that are not there.
RESTS_ON = {
    Kind.PEER_CLOSED_IDLE: (RestsOn.ABSENCE, RestsOn.TIMES),
    Kind.PEER_CLOSED: (RestsOn.ABSENCE,),
    Kind.PEER_RESET: (RestsOn.ABSENCE,),
    Kind.MIDDLEBOX_CLOSED: (RestsOn.ABSENCE,),
    Kind.PEER_RESTARTED: (RestsOn.ABSENCE,),
    Kind.PATH_LOST: (RestsOn.ANSWERS,),
    Kind.KEEPALIVE_GAVE_UP: (RestsOn.ANSWERS,),
    Kind.HOST_FROZEN: (RestsOn.ABSENCE, RestsOn.TIMES),
    Kind.LOCAL_CLOSED: (RestsOn.ABSENCE,),
    Kind.PEER_STALLED: (RestsOn.ABSENCE, RestsOn.ANSWERS),
    Kind.LOCAL_STALLED: (RestsOn.ABSENCE,),
    Kind.NEVER_OPENED: (RestsOn.ANSWERS,),
    Kind.HEALTH_CHECK: (RestsOn.ABSENCE,),
    Kind.HEALTHY: (RestsOn.ABSENCE, RestsOn.ANSWERS, RestsOn.ENDING),
    Kind.UNDETERMINED: (),
}

ONE_LOWER = {
    Confidence.CONFIRMED: Confidence.LIKELY,
    Confidence.LIKELY: Confidence.POSSIBLE,
    Confidence.POSSIBLE: Confidence.POSSIBLE,
    Confidence.UNDETERMINED: Confidence.UNDETERMINED,
}


#: Matches that name the connection, or nearly: both ends, the user's word, one end whole and the other's port, or the
#: length of its silence to the millisecond.
#: The others rest on time and outcome, so the line may be about another connection.
FIRM = (Strength.EXACT, Strength.REVERSED, Strength.NAMED, Strength.LOCAL_PORT, Strength.IDLE_AGE)


def temper(case: Case, verdict: Verdict) -> Verdict:
    """The verdict, one step less sure for each thing that weakens it, and saying what the first of them is."""
    reasons = tuple(_reasons(case, verdict))
    confidence = verdict.confidence
    for _ in reasons:
        confidence = ONE_LOWER[confidence]
    if confidence is verdict.confidence:
        return verdict
    why = claim("verdict-less-sure", reasons[0].frames, why=reasons[0])
    return replace(verdict, confidence=confidence, deciding=(*verdict.deciding, why))


def _reasons(case: Case, verdict: Verdict) -> Iterator[Claim]:
    yield from contradictions(case)[:1]
    if case.log is not None and case.log_match and Strength(case.log_match) not in FIRM:
        yield claim("log-match-weak", by=Strength(case.log_match))
    yield from (flaw.claim for flaw in case.quality.against(*RESTS_ON[verdict.kind])[:1])
