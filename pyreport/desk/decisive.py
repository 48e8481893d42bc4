"""The frame to go to for a connection that was judged."""

from __future__ import annotations

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Verdict
from pyreport.frames.finding import Finding


def decisive_frame(case: Case, verdict: Verdict) -> int:
    """The last frame of those that prove the first claim of the verdict, else the first of the worst findings, else the
    connection's last frame.
    """
    for claim in verdict.claims:
        if claim.frames:
            return claim.frames[-1]
    findings: list[Finding] = [finding for frame in case.connection.frames for finding in frame.findings]
    worst = max((finding.level for finding in findings), default=None)
    first = next((finding.frame for finding in findings if finding.level is worst), None)
    return case.connection.frames[-1].number if first is None else first
