"""What a failing trace says: the whole conversation, with what was expected and what was found on each frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dissector import trace
from tests.dissector.trace import Trace, check
from tests.lab import judged
from tests.support.plugin import FindingOnFrame

TEXT = """
    0.000 client probe  : => probe
    0.001 server ACK    : answer
    2.000 server len=10 lost
    5.008 client probe  : unanswered/Warn, probe
    9.000 other
"""
BESIDE = """
   frame  line                   expected                found
   1         0.000 client probe  probe                   probe
>  2         0.001 server ACK    answer                  -
>  3         5.008 client probe  unanswered/Warn, probe  unanswered, probe
>  4         9.000 other         -                       missed
"""


def found(*findings: tuple[int, str, str]) -> list[FindingOnFrame]:
    return [FindingOnFrame(frame, 0, 0, "", name, level, {}) for frame, name, level in findings]


def test_a_failing_trace_is_printed_line_by_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The usual level is not named, what is not in the capture has no line, and the pass that fails is told."""
    one_pass = found((2, "answer", "Chat"), (3, "unanswered", "Warn"), (3, "probe", "Chat"))
    two_passes = found((1, "probe", "Chat"), (3, "unanswered", "Note"), (3, "probe", "Chat"), (4, "missed", "Warn"))
    monkeypatch.setattr(
        trace, "run_findings", lambda _capture, two_pass, _options: two_passes if two_pass else one_pass
    )
    with pytest.raises(AssertionError) as failure:
        check(TEXT, tmp_path)
    text = str(failure.value)
    assert text.startswith("in two passes\n")
    assert [line for line in BESIDE.splitlines() if line not in text] == []


@pytest.mark.parametrize("module", [trace, judged])
def test_pytest_explains_what_a_helper_asserts(module: object) -> None:
    assert hasattr(module, "@pytest_ar")


def test_a_trace_as_it_is_found_has_no_line_that_differs() -> None:
    told = Trace(TEXT)
    assert ">" not in told.beside(told.in_two_passes, told.in_two_passes)
