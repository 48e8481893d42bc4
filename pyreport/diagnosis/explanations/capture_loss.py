"""Frames are missing because the capture lost them, not because nobody sent them."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_end_ns
from pyreport.diagnosis.evidence.neighbours import frames_of, kept_their_grid, neighbours, others
from pyreport.diagnosis.evidence.packets_made import made_between
from pyreport.diagnosis.result import Explanation, ExplanationId, Status

# Flaws that prove that frames are missing, and those that a drop inside the host or on the way explains as well.
PROVING, HINTING = ("lost_frames", "dropped", "one_sided"), ("counter_gaps",)


def explain(case: Case) -> Explanation:
    """Acknowledged and unseen octets, the file's own drop counters, gaps in a side's packet counter, and probes that
    are missing on all connections at once and come back at their usual times.
    """
    flaws = case.quality.flaws
    proofs = [flaw.sentence for flaw in flaws if flaw.id in PROVING]
    hints = [flaw.sentence for flaw in flaws if flaw.id in HINTING]
    for missed in case.connection.missed():
        due_ns = missed.number("due_at_ns") or missed.time_ns
        by, end_ns = missed.text("by"), gap_end_ns(missed)
        lapses = neighbours(case, due_ns, end_ns).lapses if by == case.local else ()
        if lapses and kept_their_grid(missed, lapses):
            text = (
                f"{others(lapses)} of this host lack probes at that time as well, and they came back at their usual "
                "times: the timers ran, so the frames of that time are missing."
            )
            hints.append(sentence(text, frames_of(lapses)))
        answered = made_between(case.connection, case.connection.other(by), due_ns, end_ns)
        if answered is not None and answered.absent:
            text = "The other side's packet counter went on in that time: it answered something that is not here."
            hints.append(sentence(text, answered.frames))
    if proofs:
        return _result(Status.SUPPORTED, (*proofs, *hints))
    if hints:
        return _result(Status.POSSIBLE, tuple(hints))
    text = "Every byte that was acknowledged is here, and no counter has a gap. Lost ACKs and probes may not show."
    return _result(Status.NO_EVIDENCE, (sentence(text),))


def _result(status: Status, evidence: tuple[Claim, ...]) -> Explanation:
    return Explanation(ExplanationId.CAPTURE_LOSS, status, evidence)
