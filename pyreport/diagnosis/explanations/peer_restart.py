"""The process of the peer ended or was restarted, and closed all its connections at once."""

from __future__ import annotations

from pyreport.application.parting import Why
from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import NOT_CLOSED
from pyreport.diagnosis.evidence.last_words import words_of_peer
from pyreport.diagnosis.evidence.same_service import Opening, lives_on, next_opening, tell_opening
from pyreport.diagnosis.evidence.spread import Cause, Spread, tell_together, together
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import LATE_NS, SYN_SOON_NS, TIGHTER, TOGETHER_NS
from pyreport.frames.findings import GaveUp


def explain(case: Case) -> Explanation:
    """A process that ends closes all its sockets together, with FIN or (unread data) RST whatever their age, and nobody
    listens until it is back (net/ipv4/tcp.c tcp_close()).
    """
    first = case.ending.first
    if first is None:
        return _result(Status.NO_EVIDENCE, [NOT_CLOSED])
    if first.source != case.peer or isinstance(first, GaveUp):
        return _result(Status.RULED_OUT, [claim("peer-restart-not-its-close", peer=case.peer_party)])
    evidence: list[Claim] = []
    against: list[Claim] = []
    said = words_of_peer(case)
    if said is not None and said.parting.why is Why.SHUTDOWN:
        frame, text = FrameNumber(said.frame), said.text
        evidence.append(claim("peer-restart-said", (said.frame,), peer=case.peer_party, frame=frame, said=text))
    batch = together(case.index, case.peer, first)
    if len(batch.closes) > 1:
        (against if batch.cause is Cause.LIMIT else evidence).append(tell_together(batch, case.peer))
    alive = lives_on(case.index, case.peer, first.time_ns, _over_at(batch, first.time_ns), first.time_ns + TOGETHER_NS)
    if alive:
        against.append(claim("peer-restart-others-went-on", alive, service=case.peer, others=len(alive)))
        # A service may be many processes, of which one ended.
        if batch.cause is Cause.EVENT:
            return _result(Status.POSSIBLE, evidence, against)
        return _result(Status.RULED_OUT, against, evidence)
    opening = next_opening(case.index, case.peer, first.time_ns)
    is_down = False
    if opening is not None:
        refused = opening[0] is Opening.REFUSED
        is_down = refused and _time_of(case, opening[1]) - first.time_ns <= SYN_SOON_NS
        if opening[0] is not Opening.UNANSWERED:  # which is nothing that a running service does, nor one that ended
            (evidence if refused else against).append(tell_opening(case.peer, first, opening))
    if is_down or batch.cause is Cause.EVENT:
        return _result(Status.SUPPORTED, evidence, against)
    if evidence:
        return _result(Status.POSSIBLE, evidence, against)
    return _result(Status.NO_EVIDENCE, against or [claim("peer-restart-none-together", service=case.peer)])


def _over_at(batch: Spread, closed_ns: int) -> int:
    """From when on a process that ended would have closed all that it had, in ns since the epoch: of closes that were
    one event, as soon as several times that event have passed.
    """
    if batch.cause is not Cause.EVENT:
        return closed_ns + TOGETHER_NS
    last_ns = max(close.time_ns for close in batch.closes)
    return last_ns + min(TOGETHER_NS, max(TIGHTER * batch.moments_ns, LATE_NS))


def _time_of(case: Case, number: int) -> int:
    attempts = (c for c in case.index.by_endpoint.get(case.peer, []) if c.outline.first <= number <= c.outline.last)
    return next((found.time_ns for c in attempts if (found := c.frame(number)) is not None), case.span.last_time_ns)


def _result(status: Status, evidence: list[Claim], against: list[Claim] | None = None) -> Explanation:
    return Explanation(ExplanationId.PEER_RESTART, status, tuple(evidence), tuple(against or ()), chief=evidence[-1])
