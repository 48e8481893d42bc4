"""Captures made by others: the findings agree with the packets, and each of Wireshark's other opinions has a reason.

test_public_twins.py has each of their rules in a small capture of our own.
"""

from __future__ import annotations

import functools
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.dissector.headers_of import headers_of
from tests.dissector.mark_differences import UNEXPLAINED, differences
from tests.dissector.public_captures import CAPTURES, Expected
from tests.dissector.trace import USUAL_LEVEL
from tests.support.plugin import FindingOnFrame, run_findings
from tests.support.public import needs_public_captures, public_captures

pytestmark = needs_public_captures

each_capture = pytest.mark.parametrize(("name", "expected"), CAPTURES.items(), ids=CAPTURES.keys())


def options_for(expected: Expected) -> tuple[str, ...]:
    """tshark's options for a capture."""
    return ("-c", str(expected.first_frames)) if expected.first_frames else ()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the captures. A tshark of another system (tests/matrix) sees the temporary folder, but not theirs."""
    return Path(shutil.copytree(public_captures(), tmp_path_factory.mktemp("public") / "captures"))


@functools.cache
def findings_of(capture: Path, two_pass: bool = True) -> list[FindingOnFrame]:
    """The plugin's findings in a capture."""
    return run_findings(capture, two_pass, options_for(CAPTURES[capture.name]))


def frames_with(findings: list[FindingOnFrame], name: str) -> list[int]:
    """Frames with a finding, in order."""
    return [finding.frame for finding in findings if finding.id == name]


def told(finding: FindingOnFrame) -> str:
    """A finding as `Expected` writes it: with its level when that is Warn or Error, or is not the usual one."""
    is_plain = finding.level not in ("Warn", "Error") and finding.level == USUAL_LEVEL[finding.id]
    return finding.id if is_plain else f"{finding.id}/{finding.level}"


def test_every_capture_is_expected() -> None:
    assert {path.name for path in public_captures().glob("*.pcap*")} == set(CAPTURES)


@each_capture
def test_findings_agree_with_the_packets(folder: Path, name: str, expected: Expected) -> None:
    findings = findings_of(folder / name)
    on_frame: dict[int, list[str]] = {}
    for finding in findings:
        on_frame.setdefault(finding.frame, []).append(told(finding))
    assert {frame: ", ".join(on_frame.get(frame, [])) for frame in expected.decisive} == dict(expected.decisive)
    bad = {finding.frame for finding in findings if finding.level in ("Warn", "Error")}
    assert bad - set(expected.decisive) == set()
    counts = Counter(finding.id for finding in findings if finding.level not in ("Warn", "Error"))
    assert {kind: counts[kind] for kind in expected.quiet} == dict(expected.quiet)


@each_capture
def test_every_probe_has_its_answer(folder: Path, name: str, expected: Expected) -> None:
    findings = findings_of(folder / name)
    probes = {finding.frame: finding for finding in findings if finding.id == "probe"}
    assert len(probes) == expected.probes
    assert [probe.data["answer"] for probe in probes.values()] == [
        next(f.frame for f in findings if f.id == "answer" and f.data["probe"] == frame) for frame in probes
    ]
    assert not frames_with(findings, "unanswered") + frames_with(findings, "gave_up")


@each_capture
def test_wiresharks_other_marks_have_a_reason(folder: Path, name: str, expected: Expected) -> None:
    findings = findings_of(folder / name)
    probes, answers = (set(frames_with(findings, kind)) for kind in ("probe", "answer"))
    reasons = differences(headers_of(folder / name, *options_for(expected)), probes, answers)
    assert [frame for frame, reason in reasons.items() if reason == UNEXPLAINED] == []
    counts = Counter(reasons.values())
    assert set(counts) == set(expected.differences)
    assert all(count in (None, counts[reason]) for reason, count in expected.differences.items()), counts


@pytest.mark.parametrize("name", CAPTURES)
def test_one_pass_lacks_only_what_later_frames_prove(folder: Path, name: str) -> None:
    one, two = findings_of(folder / name, False), findings_of(folder / name)
    written_back = Counter((f.frame, f.id) for f in two) - Counter((f.frame, f.id) for f in one)
    assert {kind for _, kind in written_back} <= {"probe", "answer", "unanswered", "missed", "retransmission_timeout"}
    assert not Counter((f.frame, f.id) for f in one) - Counter((f.frame, f.id) for f in two)
