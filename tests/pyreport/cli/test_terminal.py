"""What reaches the terminal is text."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pyreport.cli.arguments import parse
from pyreport.cli.terminal import Terminal, print_line
from pyreport.cli.wrapped import Wrapped, print_sentences
from pyreport.words.breaks import columns

HOSTILE = "a\x1b]0;title\x07\x9b31m\u202eb"


@pytest.mark.parametrize("in_a_table", [False, True])
def test_controls_of_a_text_are_shown_as_escapes(capsys: pytest.CaptureFixture[str], in_a_table: bool) -> None:
    table = Table()
    table.add_column("x")
    table.add_row(HOSTILE)
    Terminal().print(table if in_a_table else HOSTILE, markup=False)
    printed = capsys.readouterr().out
    assert "a" in printed
    assert r"a\x1b]0;title" in printed
    assert r"\x9b31m\u202eb" in printed
    assert not set("\x1b\x07\x9b\u202e") & set(printed)


def test_colours_of_our_own_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    stdout = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stdout)
    Terminal().print(Text("x", "red"))
    assert "\x1b[31mx\x1b[0m" in stdout.getvalue()


@pytest.mark.parametrize("in_a_table", [False, True])
def test_nothing_in_a_text_is_markup_of_rich(monkeypatch: pytest.MonkeyPatch, in_a_table: bool) -> None:
    """Neither a style, nor a link, nor the name of an emoji, nor a number that would be coloured."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    stdout = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stdout)
    text = "[red]x[/red] [link=file:///etc]y[/link] :warning: 10.0.0.1 [/]"
    table = Table(box=None)
    table.add_column("")
    table.add_row(text)
    Terminal().print(table if in_a_table else text, width=200)
    assert text in stdout.getvalue()
    assert "\x1b[3" not in stdout.getvalue()


def test_a_cell_has_room_for_its_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    """They are there before the lines are broken, so columns stay straight."""
    table = Table(box=None, show_header=False)
    table.add_row(Wrapped(f"{HOSTILE} " * 9), "|")
    table.add_row(Wrapped("plain"), "|")
    Terminal().print(table, width=40)
    ends = {line.rstrip().rindex("|") for line in capsys.readouterr().out.splitlines() if "|" in line}
    assert len(ends) == 1


def test_a_character_that_the_encoding_lacks_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding="ascii"))
    Terminal().print("FIN → 客户端")
    sys.stdout.flush()
    assert octets.getvalue() == b"FIN ? ???\n"


def test_a_newline_of_a_name_makes_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    """What follows it would look like one of ours."""
    print_line(Terminal(), "Written: x\npyreport: all is well")
    assert capsys.readouterr().out == "Written: x\\npyreport: all is well\n"


@pytest.mark.parametrize("typed", ["--\x1b]0;x\x07", "--x\npyreport:well", "--\u202e"])
def test_what_was_typed_is_told_as_text(capsys: pytest.CaptureFixture[str], typed: str) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["scan", "x.pcap", typed])
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.endswith(f"unrecognized arguments: {typed.encode('unicode_escape').decode()}\n")


@pytest.mark.parametrize(
    "text",
    ["The client closed the connection first, frame 14, with a FIN.", "客户端先关闭了连接（FIN，第 14 号报文）。" * 2],
)
@pytest.mark.parametrize("is_terminal", [True, False])
def test_sentences_are_not_broken_inside_of_words(text: str, is_terminal: bool) -> None:
    """What is piped stays one line; the terminal's lines are as wide as it, and put together they are the text."""
    printed = io.StringIO()
    print_sentences(Console(file=printed, width=30, force_terminal=is_terminal, _environ={}), text)
    lines = printed.getvalue().splitlines()
    assert (len(lines) > 1) == is_terminal
    assert "".join(line.replace(" ", "") for line in lines) == text.replace(" ", "")
    if is_terminal:
        assert all(map(str.strip, lines))
        assert max(map(columns, lines)) <= 30
        assert not text.isascii() or [word for line in lines for word in line.split()] == text.split()


def test_a_newline_in_sentences_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """What follows it would look like a line of ours."""
    print_sentences(Console(width=80, force_terminal=True, _environ={}), "The file a\nb is there.")
    assert capsys.readouterr().out.splitlines() == [r"The file a\nb is there."]
