"""The reports of one line: of each of the connections that it fits, up to a few. The reports are stand-ins."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pyreport.watch import evidence
from pyreport.watch.excerpt import Excerpt

CONNECTION: dict[str, Any] = {"a": "10.0.0.1:40000", "b": "10.0.0.2:9092", "local": "10.0.0.1:40000"}


def reports_of(folder: Path, fits: int, statuses: list[int], monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines of the reports of a line that fits so many connections, which end with these statuses."""
    said: list[list[str]] = []

    def start(command: list[str], **_: object) -> SimpleNamespace:
        said.append(command)
        told = {**CONNECTION, "verdict": {"claims": [{"text": "It broke."}]}, "log": {"match": "outcome", "fits": fits}}
        (folder / command[command.index("--json") + 1]).write_text(json.dumps({"connections": [told]}))
        return SimpleNamespace(status=statuses[len(said) - 1])

    monkeypatch.setattr(evidence, "start", start)
    report = evidence.Report(folder, Excerpt(9, is_cut=False), None, ("--log=x",))
    report.begin()
    while not report.is_over():
        pass
    outcome = report.outcome()
    assert (outcome.verdict, outcome.fits, outcome.failure) == ("It broke.", fits, "")
    assert outcome.reports == sum(status == 0 for status in statuses)
    assert (outcome.ends is None) is (fits > 1)
    return said


@pytest.mark.parametrize(("fits", "reports"), [(1, 1), (2, 2), (3, 3), (40, 3)])
def test_each_connection_has_a_report_of_its_own(
    fits: int, reports: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = reports_of(tmp_path, fits, [0] * reports, monkeypatch)
    assert [command[command.index("--candidate") + 1] for command in said] == ["1", "2", "3"][:reports]
    names = [command[command.index("-o") + 1] for command in said]
    assert names == ["report.pdf", "report-2.pdf", "report-3.pdf"][:reports]


def test_the_first_report_stays_when_another_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(reports_of(tmp_path, 3, [0, 1], monkeypatch)) == 2
