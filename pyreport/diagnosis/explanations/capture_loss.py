"""Frames are missing because the capture lost them, not because nobody sent them."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_end_ns
from pyreport.diagnosis.evidence.neighbours import came_back_on_time, kept_their_grid, neighbours
from pyreport.diagnosis.evidence.packets_made import made_between
from pyreport.diagnosis.explanations.keepalive_gave_up import unseen_before_reset
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.frames.findings import Missed
from pyreport.quality import FlawId

# Flaws that prove that frames are missing, and those that a drop inside the host or on the way explains as well.
PROVING, HINTING = (FlawId.LOST_FRAMES, FlawId.DROPPED, FlawId.ONE_SIDED), (FlawId.COUNTER_GAPS,)


def explain(case: Case) -> Explanation:
    """Acknowledged and unseen bytes, the file's own drop counters, gaps in a side's packet counter, and probes that
    are missing on all connections at once and come back at their usual times.
    """
    flaws = case.quality.flaws
    proofs = [flaw.claim for flaw in flaws if flaw.id in PROVING]
    hints = [flaw.claim for flaw in flaws if flaw.id in HINTING]
    for missed in case.connection.missed():
        hints += _about_gap(case, missed)
    if proofs:
        return _result(Status.SUPPORTED, (*proofs, *hints))
    if hints:
        return _result(Status.POSSIBLE, tuple(hints))
    if unseen_before_reset(case) is not None:
        return _result(Status.NO_EVIDENCE, (claim("capture-loss-bytes-are-there"),))
    return _result(Status.NO_EVIDENCE, (claim("capture-loss-nothing-missing"),))


def _about_gap(case: Case, missed: Missed) -> Iterator[Claim]:
    """What shows that probes which seem to be missing are missing from the capture only."""
    by, due_ns, end_ns = missed.by, missed.due_at_ns, gap_end_ns(missed)
    lapses = neighbours(case, due_ns, end_ns).lapses if by == case.local else ()
    if lapses and kept_their_grid(missed, lapses):
        yield came_back_on_time(case, lapses)
    other = case.connection.other(by)
    answered = made_between(case.connection, other, due_ns, end_ns)
    if answered is not None and answered.absent:
        who = case.roles.party(other)
        yield claim("capture-loss-answers-made", answered.frames, who=who, packets=answered.absent)


def _result(status: Status, evidence: tuple[Claim, ...]) -> Explanation:
    return Explanation(ExplanationId.CAPTURE_LOSS, status, evidence)
