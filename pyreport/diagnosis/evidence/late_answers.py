"""Answers to keep-alive probes that a queue on the path held back for longer than the prober waits between two."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.frames.findings import Answer, Probe


def late_answers(case: Case) -> Claim | None:
    """How many answers of the peer came after the local end had sent its next probe, and how late; None where each came
    before.
    """
    answers = case.connection.of(Answer, side=case.peer)
    probes = [found.frame for found in case.connection.of(Probe, side=case.local)]
    late = [one for one in answers if any(one.probe_frame < number < one.frame for number in probes)]
    if not late:
        return None
    frames = tuple(one.frame for one in late)
    longest = Duration(max(one.delay_ns for one in late))
    return claim("keepalive-answers-late", frames, who=case.peer_party, late=len(late), longest=longest)
