"""How sure a verdict can be: the one place where flaws of the capture, a weak match of the log line, and a log that
contradicts the capture lower it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pyreport.base.sentence import Sentence
from pyreport.diagnosis.evidence.contradictions import contradictions
from pyreport.diagnosis.model import Case, Confidence, Kind, Verdict
from pyreport.matching.match import Strength
from pyreport.quality import Claim

#: What each kind of verdict rests on beside the frames that it cites. A close that was seen was seen; but that
#: nothing came before it, or that nothing is wrong at all, is said of frames that are not there.
RESTS_ON = {
    Kind.PEER_CLOSED_IDLE: (Claim.ABSENCE, Claim.TIMES),
    Kind.PEER_CLOSED: (Claim.ABSENCE,),
    Kind.PEER_RESET: (Claim.ABSENCE,),
    Kind.MIDDLEBOX_CLOSED: (Claim.ABSENCE,),
    Kind.PEER_RESTARTED: (Claim.ABSENCE,),
    Kind.PATH_LOST: (Claim.ANSWERS,),
    Kind.KEEPALIVE_GAVE_UP: (Claim.ANSWERS,),
    Kind.HOST_FROZEN: (Claim.ABSENCE, Claim.TIMES),
    Kind.LOCAL_CLOSED: (Claim.ABSENCE,),
    Kind.HEALTHY: (Claim.ABSENCE, Claim.ANSWERS, Claim.ENDING),
    Kind.UNDETERMINED: (),
}

ONE_LOWER = {
    Confidence.CONFIRMED: Confidence.LIKELY,
    Confidence.LIKELY: Confidence.POSSIBLE,
    Confidence.POSSIBLE: Confidence.POSSIBLE,
    Confidence.UNDETERMINED: Confidence.UNDETERMINED,
}


#: Matches that name the connection, or nearly: both ends, the user's word, or one end whole and the other's port.
#: The others rest on time and outcome, so the line may be about another connection.
FIRM = (Strength.EXACT, Strength.REVERSED, Strength.NAMED, Strength.LOCAL_PORT)


def temper(case: Case, verdict: Verdict) -> Verdict:
    """The verdict, one step less sure for each thing that weakens it, and saying what the first of them is."""
    reasons = tuple(_reasons(case, verdict))
    confidence = verdict.confidence
    for _ in reasons:
        confidence = ONE_LOWER[confidence]
    if confidence is verdict.confidence:
        return verdict
    why = Sentence(f"Less sure than the frames alone would be: {reasons[0].text}", reasons[0].frames)
    return replace(verdict, confidence=confidence, deciding=(*verdict.deciding, why))


def _reasons(case: Case, verdict: Verdict) -> Iterator[Sentence]:
    yield from contradictions(case)[:1]
    if case.log is not None and case.log_match and Strength(case.log_match) not in FIRM:
        yield Sentence(f"The log line was matched by {case.log_match} only: it may be about another connection.")
    yield from (flaw.sentence for flaw in case.quality.against(*RESTS_ON[verdict.kind])[:1])
