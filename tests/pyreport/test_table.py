"""The table of scan."""

from __future__ import annotations

import io

from rich.console import Console

from pyreport.diagnosis.model import Case, Verdict
from pyreport.table import MOST_ROWS, print_table
from tests.pyreport.cases import CLIENT, SERVER, case_of, number, overlooked_close, verdict_of


def printed(rows: list[tuple[Case, Verdict]], width: int = 80) -> str:
    text = io.StringIO()
    print_table(Console(file=text, width=width), rows, 21, 1581)
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
    for part in ("Error", CLIENT, f"→ {SERVER}", "[peer_closed_idle, likely]", "The server closed first"):
        assert part in words
    assert str(number(61.0)) in words
    assert max(map(len, text.splitlines()[:-1])) <= 80
    assert text.splitlines()[-1].startswith("1 with something to say, of 21 TCP connections in 1,581 frames.")


def test_a_long_table_is_cut_and_says_so() -> None:
    text = printed([row()] * (MOST_ROWS + 3), 200)
    assert text.count("peer_closed_idle") == MOST_ROWS
    assert "… and 3 more: --json FILE has them all." in text
