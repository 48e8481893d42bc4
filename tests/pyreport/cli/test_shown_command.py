"""A document names its command without what the outputs are called."""

from __future__ import annotations

import shlex

import pytest

from pyreport.cli.shown_command import shown_command

ASKED = ["pyreport", "report", "a b.pcap"]


@pytest.mark.parametrize(
    "outputs",
    [
        ["-o", "x.pdf"],
        ["-ox.pdf"],
        ["--output", "x.pdf"],
        ["--output=x.pdf"],
        ["--html", "x.html", "--json", "-", "--summary=x.md"],
        ["--bundle", "x.zip", "--redaction-key", "k.json", "--show"],
        ["--ht", "x.html", "--js=x.json", "--outp", "x.pdf"],
        ["-o"],
    ],
)
@pytest.mark.parametrize("place", [2, 3])
def test_names_of_outputs_are_left_out(outputs: list[str], place: int) -> None:
    if outputs == ["-o"] and place == 2:
        outputs = ["-o", "-"]
    assert shown_command([*ASKED[:place], *outputs, *ASKED[place:]]) == "pyreport report 'a b.pcap'"


@pytest.mark.parametrize(
    "more",
    [
        ["--host", "10.0.0.1", "--lang", "zh"],
        ["--redact", "--stream", "3", "--log", "write: broken pipe"],
        ["--", "-o", "--html"],
        ["--log=--json"],
    ],
)
def test_all_else_stays(more: list[str]) -> None:
    assert shown_command([*ASKED, *more]) == shlex.join([*ASKED, *more])
