"""The table of scan."""

from __future__ import annotations

import io

from rich.console import Console

from pyreport.choice.events import events_of
from pyreport.cli.table import MOST_LINES, print_table
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.periodic import periodic_closes
from pyreport.diagnosis.result import Verdict
from pyreport.words import Words
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, overlooked_close, verdict_of


def printed(
    rows: list[tuple[Case, Verdict]], width: int = 80, *, everything: bool = False, language: str = "en"
) -> str:
    text = io.StringIO()
    print_table(Console(file=text, width=width), events_of(rows), 21, 1581, Words(language), everything=everything)
    return text.getvalue()


def row() -> tuple[Case, Verdict]:
    case = case_of(overlooked_close())
    return case, verdict_of(case)


def strangers(count: int) -> list[tuple[Case, Verdict]]:
    """Connections to as many servers, each with its own trouble."""
    rows = []
    for stream in range(count):
        server = f"10.0.9.{stream}:9092"
        story = Story(server=server, stream=stream).handshake().data(1.0, server).data(2.0, CLIENT)
        case = case_of(story.reset(2.1, server, "data", 2.0))
        rows.append((case, verdict_of(case)))
    return rows


def test_nothing_found_is_a_result_on_one_line() -> None:
    (line,) = printed([], 40).splitlines()
    assert line.startswith("Nothing found: 21 TCP connections in 1,581 frames, no missed interval, no unanswered probe")


def test_one_connection_has_stream_level_ends_and_verdict() -> None:
    text = printed([row()])
    words = " ".join(text.split())
    for part in ("0 Error", f"{CLIENT} → {SERVER}: the server closed the", "[peer_closed_idle, likely]"):
        assert part in words
    assert str(number(61.0)) in words
    assert max(map(len, text.splitlines())) <= 80
    assert "One connection has something to say, of 21 TCP connections in 1,581 frames." in words


def test_any_capture_fits_a_terminal() -> None:
    text = printed(strangers(60))
    assert len(text.splitlines()) <= MOST_LINES
    assert max(map(len, text.splitlines())) <= 80
    assert "60 connections have something to say" in text


def test_what_does_not_fit_is_counted_and_all_lists_it() -> None:
    rows = strangers(60)
    assert "--all lists all of them" in " ".join(printed(rows).split())
    everything = printed(rows, everything=True)
    assert "--all" not in everything
    assert all(f"{CLIENT} → 10.0.9.{stream}:9092 ({stream}): The server reset" in everything for stream in range(60))


def test_a_connection_of_an_event_is_told_with_the_languages_own_marks() -> None:
    """Brackets and colons are full-width in Chinese."""
    text = printed(strangers(3), everything=True, language="zh")
    assert f"{CLIENT} → 10.0.9.2:9092（2）：" in text
    assert "): " not in text


def test_connections_of_one_age_are_one_event() -> None:
    cases = [case_of(*closes(stream)) for stream in range(4)]
    rows = [(case, verdict_of(case)) for case in cases]
    text = io.StringIO()
    rules = periodic_closes(cases[0].index)
    print_table(Console(file=text, width=200), events_of(rows), 4, 40, Words(), rules)
    words = " ".join(text.getvalue().split())
    assert words.count("[peer_closed_idle") == 1
    assert (
        "4 connections of 10.0.0.1 to 10.0.9.9:9092: the other side closed after a silence, each after 60.0 s" in words
    )
    assert "from 2022-09-29 16:01:01 UTC to 16:06:01" in words
    assert "Again and again" not in words


def test_connections_of_one_age_that_broke_nothing_are_told_as_a_rule() -> None:
    cases = [case_of(*closes(stream)) for stream in range(4)]
    text = io.StringIO()
    print_table(Console(file=text, width=200), (), 4, 40, Words(), periodic_closes(cases[0].index))
    assert "Again and again: 4 connections between 10.0.9.9:9092 and 10.0.0.1 ended after 60.0 s" in text.getvalue()


def closes(first: int) -> list[Story]:
    """Four connections that the server closes 60 s after their last data; ``first`` is the one that is judged."""
    stories = []
    for stream in range(4):
        start = 1.0 + 100.0 * stream
        story = Story(f"10.0.0.1:{41000 + stream}", stream=stream).data(start, SERVER).fin(start + 60.0, SERVER, start)
        story.write_after_fin(start + 70.0, f"10.0.0.1:{41000 + stream}", start + 60.0)
        stories.append(story)
    return [stories[first], *stories[:first], *stories[first + 1 :]]
