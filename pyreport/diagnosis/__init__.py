"""Explanations weighed, and the verdict: pure functions of a Case."""

from __future__ import annotations

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.explanations import explain_all
from pyreport.diagnosis.result import Explanation, Verdict
from pyreport.diagnosis.verdict.decide import judge
from pyreport.diagnosis.verdict.temper import temper


def diagnose(case: Case) -> tuple[tuple[Explanation, ...], Verdict]:
    """Weigh all explanations of a case and decide."""
    explanations = explain_all(case)
    return explanations, temper(case, judge(case, explanations))
