"""The rules that the public captures pin hold without them."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from tests.dissector import mark_differences
from tests.dissector.headers_of import headers_of
from tests.dissector.mark_differences import UNEXPLAINED, differences
from tests.dissector.public_captures import CAPTURES
from tests.dissector.public_twins import TWINS
from tests.dissector.trace import Trace, check

EACH = {f"{name}: {what}": text for name, traces in TWINS.items() for what, text in traces.items()}


@pytest.mark.parametrize("text", EACH.values(), ids=EACH.keys())
def test_findings_of_a_twin(text: str, tmp_path: Path) -> None:
    check(text, tmp_path)


@functools.cache
def reasons_of(text: str, folder: Path) -> dict[int, str]:
    """Why Wireshark marks frames of a trace otherwise than the trace says."""
    trace = Trace(text)
    frames = {kind: {frame for frame, name, _ in trace.in_two_passes if name == kind} for kind in ("probe", "answer")}
    capture = trace.write(folder / f"{abs(hash(text))}.pcap")
    return differences(headers_of(capture), frames["probe"], frames["answer"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("twins")


@pytest.mark.parametrize("text", EACH.values(), ids=EACH.keys())
def test_wiresharks_other_marks_have_a_reason(text: str, folder: Path) -> None:
    assert UNEXPLAINED not in reasons_of(text, folder).values()


def test_every_reason_is_there(folder: Path) -> None:
    given = {reason for text in EACH.values() for reason in reasons_of(text, folder).values()}
    names = {name for name, value in vars(mark_differences).items() if name.isupper() and isinstance(value, str)}
    assert {name for name in names if getattr(mark_differences, name) not in given} == {"UNEXPLAINED"}


def test_every_public_capture_has_a_twin() -> None:
    assert set(TWINS) == set(CAPTURES)
    assert all(TWINS.values())
