"""The events of scan for scripts, a line each."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pyreport.choice.events import events_of
from pyreport.cli.events_table import COLUMNS, events_tsv
from pyreport.words import Words
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, overlooked_close, verdict_of
from tests.pyreport.command import pyreport
from tests.support.plugin import REPOSITORY

AS_TOLD = REPOSITORY / "tests" / "scenarios" / "article_as_told" / "article_as_told.pcap"


def rows_of(text: str) -> list[dict[str, str]]:
    """The table as any program reads it: no quotes, nothing escaped."""
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_one_connection() -> None:
    case = case_of(overlooked_close())
    verdict = verdict_of(case)
    text = events_tsv(events_of([(case, verdict)]), Words())
    assert text.startswith("\t".join(COLUMNS) + "\n")
    assert text.endswith("\n")
    (row,) = rows_of(text)
    assert row["stream"] == row["streams"] == "0"
    assert row["frame"] == str(number(61.0)), "the FIN"
    assert (row["level"], row["kind"], row["confidence"]) == ("Error", "peer_closed_idle", "likely")
    assert row["ends"] == f"{CLIENT} → {SERVER}"
    assert row["happened"] == Words().say(verdict.claims[0])


def test_an_event_names_all_its_connections() -> None:
    rows = []
    for stream in (4, 2, 9):
        story = Story(stream=stream).handshake().data(1.0, SERVER).data(2.0, CLIENT)
        case = case_of(story.reset(2.1, SERVER, "data", 2.0))
        rows.append((case, verdict_of(case)))
    (row,) = rows_of(events_tsv(events_of(rows), Words()))
    assert sorted(row["streams"].split(",")) == ["2", "4", "9"]
    assert row["stream"] == row["streams"].split(",")[0]
    assert row["ends"].startswith("3 connections of ")


def test_no_event_is_the_head_alone() -> None:
    assert events_tsv((), Words()) == "\t".join(COLUMNS) + "\n"


def test_of_a_capture(tmp_path: Path) -> None:
    """To stdout it stands alone; to a file, beside the table for people."""
    done = pyreport("scan", AS_TOLD, "--tsv", "-")
    assert (done.status, done.stderr) == (0, "")
    assert [(row["stream"], row["kind"]) for row in rows_of(done.stdout)] == [
        ("15", "peer_closed_idle"),
        ("0", "host_frozen"),
    ]
    beside = pyreport("scan", AS_TOLD, "--tsv", tmp_path / "events.tsv")
    assert (tmp_path / "events.tsv").read_text(encoding="utf-8") == done.stdout
    assert "host_frozen" in beside.stdout


def test_the_capture_is_not_overwritten() -> None:
    done = pyreport("scan", AS_TOLD, "--tsv", AS_TOLD)
    assert (done.status, done.is_one_sentence) == (1, True)
