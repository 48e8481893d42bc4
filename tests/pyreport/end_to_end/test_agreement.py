"""That a report and the plugin disagree is seen: what the one says is held against marks that say something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec import structs

from pyreport.connections.index import build_index
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Kind
from pyreport.frames.finding import Finding, Level
from pyreport.frames.findings import Fin, FinAck, PostFinReset, PostFinWrite, Probe, Reset, ResetFollowed
from pyreport.frames.frame import FLAG_RST
from pyreport.narrative.walkthrough import walk
from tests.pyreport.agreement import disagreements
from tests.pyreport.cases import CLIENT, SERVER, Story, case_in, case_of, idle_close, overlooked_close
from tests.pyreport.consistent import told_of

Change = Callable[[Finding], Finding]


def changed(kind: type[Finding], **data: object) -> Change:
    """The same finding with other data."""
    return lambda found: structs.replace(found, **data) if isinstance(found, kind) else found


def refused_write() -> Story:
    """The server closes; the client writes 5 s later, and is refused."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).fin(61.0, SERVER, 1.0)
    return story.write_after_fin(66.0, CLIENT, 61.0).reset_after_fin(66.1, SERVER, 66.0, "write", 61.0)


def reset_alone() -> Story:
    """An RST of the server, 60 s after the last data."""
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).reset(61.0, SERVER)


def reset_in_answer() -> Story:
    """An RST of the server in answer to data."""
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).data(61.0, CLIENT).reset(61.1, SERVER, "data", 61.0)


@pytest.mark.parametrize(
    ("story", "change"),
    [
        pytest.param(idle_close(), changed(Fin, silence_ns=1, data_idle_ns=1), id="the age at a FIN"),
        pytest.param(idle_close(), changed(FinAck, delay_ns=1), id="when a FIN was acknowledged"),
        pytest.param(overlooked_close(), changed(PostFinReset, cause_frame=1), id="what an RST answers after a FIN"),
        pytest.param(refused_write(), changed(PostFinWrite, level=Level.NOTE), id="the level of a write"),
        pytest.param(reset_alone(), changed(Reset, silence_ns=1, data_idle_ns=1), id="the age at an RST"),
        pytest.param(reset_alone(), changed(Reset, followed=ResetFollowed.ACK), id="that an RST answers nothing"),
        pytest.param(reset_in_answer(), changed(Reset, cause_frame=1), id="what an RST answers"),
    ],
)  # fmt: skip
def test_marks_that_say_something_else(story: Story, change: Change) -> None:
    case = case_of(story, local=CLIENT)
    assert not list(found_by(case, case))
    assert list(found_by(case, other_marks(case, change)))


def test_healthy_beside_a_warning() -> None:
    case = case_of(Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.0, 3))
    assert diagnose(case)[1].kind is Kind.HEALTHY
    assert not list(found_by(case, case))
    assert list(found_by(case, other_marks(case, changed(Probe, level=Level.WARN))))


def test_an_error_of_which_no_step_tells() -> None:
    case = case_of(overlooked_close(), local=CLIENT)
    explanations, verdict = diagnose(case)
    steps = [step for step in walk(case) if not is_of_reset(case, step.first_frame)]
    assert list(disagreements(case, verdict, told_of(case, explanations, verdict), steps))


def is_of_reset(case: Case, number: int | None) -> bool:
    """Whether a step begins with an RST."""
    frame = case.connection.frame(number or 0)
    return frame is not None and frame.has(FLAG_RST)


def other_marks(case: Case, change: Change) -> Case:
    """The case of the same frames when the plugin had found something else."""
    frames = [structs.replace(f, findings=tuple(map(change, f.findings))) for f in case.connection.frames]
    return case_in(build_index(frames), case.span, local=case.local)


def found_by(told: Case, marked: Case) -> list[str]:
    """What a report on one case says otherwise than the marks of another."""
    explanations, verdict = diagnose(told)
    return list(disagreements(marked, verdict, told_of(told, explanations, verdict), walk(told)))
