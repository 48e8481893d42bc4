"""What reaches the terminal is text."""

from __future__ import annotations

import io
import sys

import pytest
from rich.table import Table

from pyreport.cli.terminal import Terminal

HOSTILE = "a\x1b]0;title\x07\x9b31m\u202eb"


@pytest.mark.parametrize("in_a_table", [False, True])
def test_controls_of_a_text_are_shown_as_marks(capsys: pytest.CaptureFixture[str], in_a_table: bool) -> None:
    table = Table()
    table.add_column("x")
    table.add_row(HOSTILE)
    Terminal().print(table if in_a_table else HOSTILE, markup=False)
    printed = capsys.readouterr().out
    assert "a" in printed
    assert "\N{REPLACEMENT CHARACTER}]0;title" in printed
    assert not set("\x1b\x07\x9b\u202e") & set(printed)


def test_colours_of_our_own_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    stdout = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stdout)
    Terminal().print("[red]x[/red]\n")
    assert "\x1b[31mx\x1b[0m" in stdout.getvalue()


def test_a_character_that_the_encoding_lacks_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding="ascii"))
    Terminal().print("FIN → 客户端")
    sys.stdout.flush()
    assert octets.getvalue() == b"FIN ? ???\n"
