"""Types and values of the plugin's fields, to the nanosecond."""

from __future__ import annotations

from pathlib import Path

from tests.dissector.test_filters import frames
from tests.dissector.trace import OPEN, PROBED, START_NS, Trace
from tests.support.plugin import Datum, plugin_fields, run_findings, run_tshark

MS = 1_000_000
CLIENT, SERVER = "192.0.2.1:40000", "198.51.100.2:9"


def data_of(identifier: str, trace: Trace, folder: Path) -> dict[str, Datum]:
    """Data of the first finding of a kind in a trace."""
    findings = run_findings(trace.write(folder / "trace.pcap"))
    return next(finding.data for finding in findings if finding.id == identifier)


def test_durations_frames_and_counts_of_a_probe(tmp_path: Path) -> None:
    probes = [f.data for f in run_findings(Trace(PROBED).write(tmp_path / "trace.pcap")) if f.id == "probe"]
    assert probes[0] == {"number": 1, "answer": 9, "silence": 5001 * MS, "idle_time": 5001 * MS}
    assert probes[2] == {
        "number": 3,
        "answer": 13,
        "last_probe": 10,
        "since_last": 5008 * MS,
        "silence": 5007 * MS,
        "idle_time": 5001 * MS,
        "cadence": 5008 * MS,
    }


def test_due_is_a_moment_in_absolute_time(tmp_path: Path) -> None:
    assert data_of("missed", Trace(PROBED + "36.000 client len=10"), tmp_path) == {
        "by": CLIENT,
        "intervals": 3,
        "due": START_NS + 21_027 * MS,
        "overdue": 14_973 * MS,
        "interval": 5008 * MS,
        "last_probe": 12,
        "gap": 19_981 * MS,
        "ended_by": "data",
    }


def test_due_carries_over_from_nanoseconds_to_seconds(tmp_path: Path) -> None:
    """The capture starts at .999999 s, so the nanoseconds of start and offset make more than a second."""
    start_ns = START_NS + 999_999_000
    trace = Trace(PROBED + "21.026999 server FIN", start_ns=start_ns)
    assert data_of("closed_before_due", trace, tmp_path) == {
        "by": CLIENT,
        "due": start_ns + 21_027 * MS,
        "margin": 1000,
        "last_probe": 12,
    }


def test_both_ages_of_a_close(tmp_path: Path) -> None:
    data = data_of("fin", Trace(PROBED + "18.000 server FIN"), tmp_path)
    assert data == {
        "by": SERVER,
        "data_idle": 16_998 * MS,
        "packet_idle": 1_980 * MS,
        "last_data": 6,
        "silence": 16_998 * MS,
        "silence_from": "the last payload",
        "since": 6,
    }


def test_links_of_a_reset_that_answers_a_write(tmp_path: Path) -> None:
    text = OPEN + "61.002 server FIN\n61.003 client ACK\n90.000 client len=84\n90.001 server RST"
    capture = Trace(text).write(tmp_path / "trace.pcap")
    by_id = {finding.id: finding for finding in run_findings(capture)}
    assert by_id["post_fin_write"].data == {"fin": 8, "after_fin": 28_998 * MS, "bytes": 84, "reset_in": 11}
    assert by_id["post_fin_reset"].data == {
        "cause": 10,
        "cause_kind": "write",
        "fin": 8,
        "delay": 1 * MS,
        "after_fin": 28_999 * MS,
    }
    assert frames(capture, "keepalive.related == 8") == [9, 10, 11]


def test_types_of_the_fields() -> None:
    types = plugin_fields()
    assert {
        name: types[f"keepalive.{name}"]
        for name in ("finding", "level", "summary", "related", "fin", "fin.by", "fin.data_idle", "fin.last_data")
    } == {
        "finding": "FT_STRING",
        "level": "FT_STRING",
        "summary": "FT_STRING",
        "related": "FT_UINT32",
        "fin": "FT_NONE",
        "fin.by": "FT_STRING",
        "fin.data_idle": "FT_RELATIVE_TIME",
        "fin.last_data": "FT_FRAMENUM",
    }
    assert types["keepalive.missed.due"] == "FT_ABSOLUTE_TIME"
    assert types["keepalive.missed.intervals"] == "FT_UINT32"


def test_every_finding_has_one_summary_and_one_level(tmp_path: Path) -> None:
    capture = Trace(PROBED + "20.928 server FIN\n20.929 client ACK\n25.930 client probe").write(tmp_path / "trace.pcap")
    fields = ["keepalive.finding", "keepalive.level", "keepalive.summary"]
    arguments = [part for field in fields for part in ("-e", field)]
    printed = run_tshark(
        ["-2", "-r", str(capture), "-Y", "keepalive.finding", "-T", "fields", "-E", "aggregator=|", *arguments]
    )
    for line in printed.splitlines():
        findings, levels, summaries = (column.split("|") for column in line.split("\t"))
        assert len(findings) == len(levels) == len(summaries)
        assert all(summaries)
