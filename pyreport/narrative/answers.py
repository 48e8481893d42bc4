"""The four answers to "service, network, host or application?", each with the claim of the explanation that decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyreport.base.claim import claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import fin_unnoticed, local_after_fin
from pyreport.diagnosis.result import Attribution, Explanation, ExplanationId, Kind, Status, Verdict
from pyreport.frames.findings import Fin
from pyreport.narrative.model import Answer, Standing, Subject

#: How the subject of an explanation stands when the explanation stands like this.
STANDING_OF = {
    Status.SUPPORTED: Standing.INVOLVED,
    Status.POSSIBLE: Standing.NOT_CLEARED,
    Status.NO_EVIDENCE: Standing.NO_SIGN,
    Status.RULED_OUT: Standing.CLEARED,
}


def answer_the_question(case: Case, explanations: Sequence[Explanation], verdict: Verdict) -> tuple[Answer, ...]:
    """Four answers: service, network, host, application."""
    weighed = {explanation.id: explanation for explanation in explanations}
    return (
        _service(case, verdict),
        _network(weighed, verdict),
        _host(case, weighed),
        _application(case, weighed, verdict),
    )


def _service(case: Case, verdict: Verdict) -> Answer:
    first = case.ending.first
    if first is None and verdict.kind is Kind.PEER_RESET:
        return Answer(Subject.SERVICE, Standing.INVOLVED, (claim("answer-service-refused"),))
    if first is None:
        return Answer(Subject.SERVICE, Standing.NO_SIGN, (claim("answer-service-did-not-close", who=case.peer_party),))
    frames = (first.frame,)
    if first.source != case.peer:
        reason = claim("answer-service-was-left", frames, who=case.local_party)
        return Answer(Subject.SERVICE, Standing.CLEARED, (reason,))
    if verdict.kind is Kind.HEALTHY:
        reason = claim("answer-service-closed-in-order", frames, who=case.peer_party)
        return Answer(Subject.SERVICE, Standing.NO_SIGN, (reason,))
    if verdict.kind is Kind.MIDDLEBOX_CLOSED:
        reason = claim("answer-service-close-looks-foreign", frames, who=case.peer_party)
        return Answer(Subject.SERVICE, Standing.NO_SIGN, (reason,))
    reason = claim(
        "answer-service-closed", frames, who=case.peer_party, how="fin" if isinstance(first, Fin) else "reset"
    )
    return Answer(Subject.SERVICE, Standing.INVOLVED, (reason,))


def _network(weighed: Mapping[ExplanationId, Explanation], verdict: Verdict) -> Answer:
    loss, foreign = weighed[ExplanationId.PATH_LOSS], weighed[ExplanationId.MIDDLEBOX_CLOSE]
    if verdict.kind is Kind.MIDDLEBOX_CLOSED:
        return Answer(Subject.NETWORK, Standing.INVOLVED, foreign.evidence[:1])
    is_open = Attribution.NETWORK_PATH in verdict.attribution
    if loss.status is not Status.SUPPORTED and is_open and verdict.kind in (Kind.KEEPALIVE_GAVE_UP, Kind.PATH_LOST):
        reason = claim("answer-path-or-host-silent", loss.evidence[0].frames)
        return Answer(Subject.NETWORK, Standing.NOT_CLEARED, (reason,))
    return Answer(Subject.NETWORK, STANDING_OF[loss.status], loss.evidence[:1])


def _host(case: Case, weighed: Mapping[ExplanationId, Explanation]) -> Answer:
    frozen, not_sent = weighed[ExplanationId.HOST_FROZEN_HERE], weighed[ExplanationId.PROBE_NOT_SENT]
    if frozen.status is Status.SUPPORTED:
        return Answer(
            Subject.HOST,
            Standing.INVOLVED,
            (claim("answer-host-stood-still", who=case.local_party), frozen.evidence[0]),
        )
    if not_sent.status in (Status.SUPPORTED, Status.POSSIBLE):
        return Answer(Subject.HOST, Standing.NOT_CLEARED, not_sent.evidence[:1])
    if frozen.status is Status.RULED_OUT:
        return Answer(Subject.HOST, Standing.CLEARED, frozen.evidence[:1])
    if not_sent.status is Status.RULED_OUT:
        return Answer(Subject.HOST, Standing.NO_SIGN, not_sent.evidence[:1])
    return Answer(Subject.HOST, Standing.UNKNOWN, (claim("answer-host-not-told"),))


def _application(case: Case, weighed: Mapping[ExplanationId, Explanation], verdict: Verdict) -> Answer:
    first = case.ending.first
    if weighed[ExplanationId.WRITE_ON_HALF_CLOSED].status is Status.SUPPORTED:
        unnoticed = fin_unnoticed(case)
        return Answer(Subject.APPLICATION, Standing.INVOLVED, (unnoticed,) if unnoticed else local_after_fin(case))
    if Attribution.LOCAL_APPLICATION in verdict.attribution:
        reason = claim("answer-application-ended-it", (first.frame,) if first else ())
        return Answer(Subject.APPLICATION, Standing.INVOLVED, (reason,))
    return Answer(Subject.APPLICATION, Standing.NO_SIGN, (claim("answer-application-nothing"),))
