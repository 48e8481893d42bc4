"""Packets of this connection were lost on the path."""

from __future__ import annotations

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_end_ns, tell_gap
from pyreport.diagnosis.evidence.next_hop import silent_hop, tell_silent_hop
from pyreport.diagnosis.evidence.packets_made import made_between
from pyreport.diagnosis.evidence.told_waits import host_was_heard, no_answer
from pyreport.diagnosis.evidence.waits import Wait, heard_meanwhile, waits
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.frames.findings import Answer, Missed


def explain(case: Case) -> Explanation:
    """Loss shows as asks without an answer from a host that is heard meanwhile, as segments sent again, and as probes
    that were made and do not arrive at a capture away from the prober.
    """
    hop = silent_hop(case)
    found = [] if hop is None or hop.is_peer else [(Status.SUPPORTED, tell_silent_hop(case, hop))]
    found += [_weigh(case, wait) for wait in waits(case)]
    found += [(Status.POSSIBLE, gap) for missed in case.connection.missed() if (gap := _gap(case, missed)) is not None]
    if found:
        order = (Status.NO_EVIDENCE, Status.POSSIBLE, Status.SUPPORTED)
        strongest = max((status for status, _ in found), key=order.index)
        return _result(strongest, *(told for _, told in found))
    marked = tuple(frame.number for frame in case.connection.frames if frame.retransmission)
    if marked:
        return _result(Status.POSSIBLE, claim("path-loss-marked", marked, marked=len(marked)))
    return _cleared(case)


def _weigh(case: Case, wait: Wait) -> tuple[Status, Claim]:
    if case.quality.vantage.is_at(wait.silent) and not wait.is_data:
        return Status.NO_EVIDENCE, no_answer(case, wait)
    if wait.is_data and wait.answer is not None and len(wait.asks) == 2:
        asker, silent = case.roles.party(wait.asker), case.roles.party(wait.silent)
        return Status.POSSIBLE, claim(
            "path-loss-sent-twice", (*wait.frames, wait.answer.number), asker=asker, silent=silent
        )
    heard = heard_meanwhile(case, wait)
    if heard and len(wait.asks) > 1:
        return Status.SUPPORTED, host_was_heard(case, wait, heard)
    return Status.POSSIBLE, no_answer(case, wait)


def _gap(case: Case, missed: Missed) -> Claim | None:
    """Probes that are missing away from the prober; None when its packet counter shows that it made none."""
    by = missed.by
    if case.quality.vantage.is_at(by):
        return None
    gap = tell_gap(case, missed)
    made = made_between(case.connection, by, missed.due_at_ns, gap_end_ns(missed))
    if made is None:
        return claim("path-loss-gap", gap.frames, gap=gap)
    if not made.absent:
        return None
    who = case.roles.party(by)
    return claim("path-loss-gap-dropped", (*gap.frames, *made.frames), gap=gap, who=who, packets=made.absent)


def _cleared(case: Case) -> Explanation:
    answers = case.connection.of(Answer)
    arrived = tuple(f.frame for f in answers if case.quality.vantage.is_at(case.connection.other(f.source)))
    if arrived:
        return _result(case.when_absent, claim("path-loss-answers-arrived", arrived, answers=len(arrived)))
    if answers:
        return _result(Status.NO_EVIDENCE, claim("path-loss-answers-left", tuple(f.frame for f in answers)))
    return _result(Status.NO_EVIDENCE, claim("path-loss-not-tested"))


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.PATH_LOSS, status, evidence)
