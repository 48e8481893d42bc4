"""Hold a verdict against the truth of a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.choice.diagnosed import Diagnosis
from pyreport.diagnosis.result import Confidence, Kind, Status
from pyreport.words import Words
from tests.lab.truths import Truth

SURENESS = (Confidence.UNDETERMINED, Confidence.POSSIBLE, Confidence.LIKELY, Confidence.CONFIRMED)


def faults(diagnosis: Diagnosis, truth: Truth, logged: bool) -> list[str]:
    """All that the diagnosis says and that is not so, and what it denies and is so; empty when it is right."""
    return [*_faults_of_verdict(diagnosis, truth, logged), *_faults_of_explanations(diagnosis, truth)]


def _faults_of_verdict(diagnosis: Diagnosis, truth: Truth, logged: bool) -> Iterator[str]:
    verdict = diagnosis.verdict
    kinds = [kind for kind in truth.kinds if not (logged and kind is Kind.HEALTHY)]
    told = f"“{Words().join(verdict.claims)}”"
    if verdict.kind not in kinds:
        yield f"the kind is {verdict.kind}, not one of {', '.join(kinds)}: {told}"
    if SURENESS.index(verdict.confidence) > SURENESS.index(truth.at_most):
        yield f"{verdict.confidence} is surer than {truth.at_most}: {told}"
    if (verdict.kind is Kind.UNDETERMINED) != (verdict.confidence is Confidence.UNDETERMINED):
        yield f"{verdict.kind} does not go with the confidence {verdict.confidence}: {told}"
    if verdict.kind not in (Kind.UNDETERMINED, Kind.HEALTHY):
        for share in truth.blamed:
            if share not in verdict.attribution:
                yield f"{share} has no share: {told}"
    for share in truth.cleared:
        if share in verdict.attribution:
            yield f"{share} has a share: {told}"


def _faults_of_explanations(diagnosis: Diagnosis, truth: Truth) -> Iterator[str]:
    for explanation in diagnosis.explanations:
        evidence = Words().join(explanation.evidence)
        is_true = explanation.id in truth.true
        if is_true and explanation.status is Status.RULED_OUT:
            yield f"{explanation.id} is true and ruled out: {evidence}"
        if explanation.status is Status.SUPPORTED and not is_true and explanation.id not in truth.arguable:
            yield f"{explanation.id} is false and supported: {evidence}"
