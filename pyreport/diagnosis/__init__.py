"""Explanations weighed, and the verdict: pure functions of a Case."""

from __future__ import annotations

from pyreport.diagnosis.explanations import explain_all
from pyreport.diagnosis.model import Case, Explanation, Verdict
from pyreport.diagnosis.quality import temper
from pyreport.diagnosis.verdict import judge


def diagnose(case: Case) -> tuple[tuple[Explanation, ...], Verdict]:
    """Weigh all explanations of a case and decide."""
    explanations = explain_all(case)
    return explanations, temper(case, judge(case, explanations))
