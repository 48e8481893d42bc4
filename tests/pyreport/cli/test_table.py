"""The table of scan."""

from __future__ import annotations

import io

from rich.console import Console

from pyreport.cli.table import MOST_ROWS, print_table
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.periodic import periodic_closes
from pyreport.diagnosis.result import Verdict
from pyreport.words import Words
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, overlooked_close, verdict_of


def printed(rows: list[tuple[Case, Verdict]], width: int = 80) -> str:
    text = io.StringIO()
    print_table(Console(file=text, width=width), rows, 21, 1581, Words())
    return text.getvalue()


def row() -> tuple[Case, Verdict]:
    case = case_of(overlooked_close())
    return case, verdict_of(case)


def test_nothing_found_is_a_result_on_one_line() -> None:
    (line,) = printed([], 40).splitlines()
    assert line.startswith("Nothing found: 21 TCP connections in 1,581 frames, no missed interval, no unanswered probe")


def test_a_row_has_stream_level_ends_and_verdict() -> None:
    text = printed([row()])
    words = " ".join(text.split())
    for part in ("Error", CLIENT, f"→ {SERVER}", "[peer_closed_idle, likely]", "The server closed the"):
        assert part in words
    assert str(number(61.0)) in words
    assert max(map(len, text.splitlines()[:-1])) <= 80
    assert text.splitlines()[-1].startswith(
        "One connection has something to say, of 21 TCP connections in 1,581 frames."
    )


def test_a_long_table_is_cut_and_says_so() -> None:
    text = printed([row()] * (MOST_ROWS + 3), 200)
    assert text.count("peer_closed_idle") == MOST_ROWS
    assert "… and 3 more: --json FILE has them all." in text


def test_connections_of_one_rule_are_one_row_and_one_line() -> None:
    cases = [case_of(*closes(stream)) for stream in range(4)]
    rows = [(case, verdict_of(case)) for case in cases]
    rules = periodic_closes(cases[0].index)
    text = io.StringIO()
    print_table(Console(file=text, width=200), rows, 4, 40, Words(), rules)
    words = " ".join(text.getvalue().split())
    assert words.count("[peer_closed_idle") == 1
    assert "Again and again: 4 connections between 10.0.9.9:9092 and 10.0.0.1 ended after 60.0 s without data" in words
    assert "between 2022-09-29 16:01:01 UTC and 2022-09-29 16:06:01 UTC (streams 0, 1, 2, 3)" in words
    assert "4 connections have something to say" in words


def closes(first: int) -> list[Story]:
    """Four connections that the server closes 60 s after their last data; ``first`` is the one that is judged."""
    stories = []
    for stream in range(4):
        start = 1.0 + 100.0 * stream
        story = Story(f"10.0.0.1:{41000 + stream}", stream=stream).data(start, SERVER).fin(start + 60.0, SERVER, start)
        story.write_after_fin(start + 70.0, f"10.0.0.1:{41000 + stream}", start + 60.0)
        stories.append(story)
    return [stories[first], *stories[:first], *stories[first + 1 :]]
