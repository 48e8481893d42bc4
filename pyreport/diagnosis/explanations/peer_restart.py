"""The process of the peer ended or was restarted, and closed all its connections at once."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import capitalized, sentence
from pyreport.base.units import count_words
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.same_service import Close, closes_by, is_same_age, lives_on, next_opening
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import FEWEST_TOGETHER, SYN_SOON_NS, TOGETHER_NS


def explain(case: Case) -> Explanation:
    """A process that ends closes all its sockets together, with FIN or (unread data) RST whatever their age, and nobody
    listens until it is back (net/ipv4/tcp.c tcp_close()).
    """
    first = case.ending.first
    if first is None:
        return _result(Status.NO_EVIDENCE, [sentence("Nobody ended the connection in this capture.")])
    if first.source != case.peer or first.id == "gave_up":
        return _result(Status.RULED_OUT, [sentence(f"{case.roles.title(case.peer)} did not end the connection here.")])
    closes = list(closes_by(case.index, case.peer))
    together = [c for c in closes if abs(c.finding.time_ns - first.time_ns) <= TOGETHER_NS]
    evidence: list[Claim] = []
    against: list[Claim] = []
    scattered = _are_scattered(together)
    if len(together) > 1:
        count = count_words(len(together), "connection")
        frames = tuple(sorted(close.finding.frame for close in together))
        text = f"{capitalized(count)} of {case.peer} ended within a second, this one among them"
        if scattered:
            evidence.append(sentence(f"{text}, at different ages of their last data.", frames))
        else:
            against.append(sentence(f"{text}, but at the same age of data: an idle limit does that too.", frames))
    alive = lives_on(case.index, case.peer, first.time_ns, first.time_ns + TOGETHER_NS)
    if alive:
        count = count_words(len(alive), "other connection")
        against.append(sentence(f"{capitalized(count)} of {case.peer} went on after it.", alive))
        return _result(Status.RULED_OUT, against, evidence)
    opening = next_opening(case.index, case.peer, first.time_ns)
    refused = False
    if opening is not None:
        outcome, frame = opening
        frames = (first.frame, frame)
        soon = _time_of(case, frame) - first.time_ns <= SYN_SOON_NS
        refused = outcome == "refused" and soon
        text = f"The next attempt to connect to {case.peer} was {outcome}."
        (evidence if outcome == "refused" else against).append(sentence(text, frames))
    if refused or (len(together) >= FEWEST_TOGETHER and scattered):
        return _result(Status.SUPPORTED, evidence, against)
    if evidence:
        return _result(Status.POSSIBLE, evidence, against)
    if against:
        return _result(Status.NO_EVIDENCE, against)
    return _result(Status.NO_EVIDENCE, [sentence("No other connection of that service ended at that time.")])


def _are_scattered(together: list[Close]) -> bool:
    """Whether the ages of the last data differ by more than one idle limit explains."""
    ages = sorted(close.data_idle_ns for close in together if close.data_idle_ns is not None)
    return len(ages) > 1 and not is_same_age(ages[0], ages[-1])


def _time_of(case: Case, number: int) -> int:
    return next(
        (found.time_ns for c in case.index.by_endpoint.get(case.peer, []) if (found := c.frame(number)) is not None),
        case.span.last_time_ns,
    )


def _result(status: Status, evidence: list[Claim], against: list[Claim] | None = None) -> Explanation:
    return Explanation(ExplanationId.PEER_RESTART, status, tuple(evidence), tuple(against or ()))
