"""The verdict on captures of real kernels, held against what the script did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pyreport.diagnosis.result import Status
from tests.lab.endings import ENDINGS
from tests.lab.judged import Question, diagnose_all, diagnosis_of
from tests.lab.lab import Outcome
from tests.lab.scenarios import SCENARIOS
from tests.lab.truths import CLIENT, EXPLANATIONS, TEMPTING, TRUTHS, Truth
from tests.lab.verdict_check import faults

Run = Callable[[str], Outcome]

# See endings.py: this lab cannot freeze a host.
NEVER_TRUE_HERE = {"host_frozen_here", "host_frozen_there"}
# True in test_capture_loss.py.
TRUE_ELSEWHERE = {"capture_loss"}


def questions(truth: Truth) -> list[Question]:
    """Each capture and log that a row speaks of."""
    return [
        Question(captured_at, truth.asked_by, truth.number, logged)
        for captured_at in truth.captured_at
        for logged in truth.logged
    ]


def _name(value: Truth | Question) -> str:
    if isinstance(value, Truth):
        return f"{value.scenario}-{value.number}" if value.number < 10 else value.scenario
    return f"at-{value.captured_at}-asked-by-{value.asked_by}{'-with-log' if value.logged else ''}"


@pytest.mark.parametrize(
    ("truth", "question"), [(truth, question) for truth in TRUTHS for question in questions(truth)], ids=_name
)
def test_verdict(outcome: Run, truth: Truth, question: Question) -> None:
    """The right kind, no surer than that end can be, the right ones to blame, and no false explanation supported."""
    found = faults(diagnosis_of(outcome(truth.scenario), question), truth, question.logged)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", [scenario.name for scenario in (*SCENARIOS, *ENDINGS)])
def test_every_connection_by_either_end(outcome: Run, name: str) -> None:
    """Report, frames and the plugin's marks agree, also where no row asks (tests.pyreport.consistent)."""
    assert all(diagnose_all(capture) for capture in outcome(name).captures.values())


def test_every_explanation_is_known_to_the_table(outcome: Run) -> None:
    """A new explanation cannot escape the table, nor the table speak of one that does not exist."""
    diagnosis = diagnosis_of(outcome("clean"), Question("client", "client"))
    assert sorted(explanation.id for explanation in diagnosis.explanations) == sorted(EXPLANATIONS)


@pytest.mark.parametrize("explanation", EXPLANATIONS)
def test_every_explanation_is_false_somewhere_and_tempting(explanation: str) -> None:
    """`test_verdict` then sees to it that it is not supported there."""
    scenario, _ = TEMPTING[explanation]
    rows = [truth for truth in TRUTHS if truth.scenario == scenario and truth.asked_by == CLIENT]
    assert any(explanation not in (*truth.true, *truth.arguable) for truth in rows)


@pytest.mark.parametrize("explanation", sorted(set(EXPLANATIONS) - NEVER_TRUE_HERE - TRUE_ELSEWHERE))
def test_every_explanation_is_found_where_it_is_true(outcome: Run, explanation: str) -> None:
    """Somewhere in the lab it is the truth and comes out as supported."""
    statuses = {
        (truth.scenario, question.captured_at): found.status
        for truth in TRUTHS
        if explanation in truth.true
        for question in questions(truth)
        for found in diagnosis_of(outcome(truth.scenario), question).explanations
        if found.id == explanation
    }
    assert Status.SUPPORTED in statuses.values(), statuses
