"""What a program asks the plugin to show (lua/keepalive_asked.lua) is what a person sees of it, and no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.dissector.trace import PROBED, Trace
from tests.support.plugin import REPOSITORY, run_tshark

ARTICLE = REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"
FIELDS = [part for name in ("finding", "record", "summary") for part in ("-e", f"keepalive.{name}")]
RECORDS = ["-X", "lua_script1:records"]
STATES = ["-o", "keepalive.show_state:TRUE"]


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """Probes, a gap, a close and what came of it."""
    return Trace(PROBED + "20.928 server FIN\n20.929 client ACK\n25.930 client probe").write(tmp_path / "closed.pcap")


def rows(capture: Path, *more: str) -> str:
    return run_tshark(["-2", *more, "-r", str(capture), "-Y", "frame", "-T", "fields", "-e", "frame.number", *FIELDS])


def pdml(capture: Path, shown: str, *more: str) -> str:
    """The packets; the head has the time of the run."""
    text = run_tshark(["-2", *STATES, *more, "-r", str(capture), "-Y", shown, "-T", "pdml"])
    return text[text.index("<packet>") :] if "<packet>" in text else ""


def test_the_fields_for_programs(closed: Path) -> None:
    for capture in (closed, ARTICLE):
        assert rows(capture, *RECORDS) == rows(capture)
    others = run_tshark(["-2", *RECORDS, "-r", str(closed), "-Y", "keepalive.level || keepalive.related"])
    assert others == ""


def ledger(capture: Path, shown: str) -> list[list[str]]:
    """The columns of the plugin's lines, among what tshark prints of the frames that are shown."""
    text = run_tshark(["-2", "-X", "lua_script1:ledger", "-r", str(capture), "-Y", shown, "-T", "pdml"])
    return [line.split("\t")[1:] for line in text.splitlines() if line.startswith("keepalive.ledger\t")]


def test_the_ledger_has_what_the_fields_have(closed: Path) -> None:
    """Whatever is shown beside it; times count from the capture's first frame."""
    names = ("frame.number", "frame.time_epoch", "ip.src", "tcp.srcport", "keepalive.record", "keepalive.summary")
    columns = [part for name in names for part in ("-e", name)]
    for capture in (closed, ARTICLE):
        told = ["-2", *RECORDS, "-r", str(capture), "-T", "fields", "-E", "aggregator=\x1f", *columns]
        expected = [line.split("\t") for line in run_tshark([*told, "-Y", "keepalive.record"]).splitlines()]
        start = run_tshark([*told, "-Y", "frame.number == 1"]).split("\t")[1]
        assert ledger(capture, "frame.number == 2") == [[*row[:2], start, *row[2:]] for row in expected] != []
        assert ledger(capture, "frame") == ledger(capture, "frame.number == 2")


def test_a_capture_of_one_frame_has_a_second_pass_too(tmp_path: Path) -> None:
    capture = Trace("0 client FIN").write(tmp_path / "one.pcap")
    assert "fin|" in rows(capture)
    assert rows(capture, *RECORDS) == rows(capture)
    assert pdml(capture, "frame", "-X", "lua_script1:frames:1") == pdml(capture, "frame")


def test_all_of_some_frames(closed: Path) -> None:
    """As without the wish, with links back from later trouble, and the states; on the others there is nothing."""
    last = len(rows(closed).splitlines())
    numbers = [1, last - 2, last]
    shown = f"frame.number in {{{', '.join(map(str, numbers))}}}"
    asked = ["-X", f"lua_script1:frames:{','.join(map(str, numbers))}"]
    assert pdml(closed, shown, *asked) == pdml(closed, shown)
    assert len(re.findall("<packet>", pdml(closed, "keepalive", *asked))) == len(numbers)
    assert len(re.findall("<packet>", pdml(closed, "keepalive"))) == last


def test_beside_a_part_of_the_capture(tmp_path: Path) -> None:
    """Both are arguments of the script."""
    capture = Trace(PROBED).write(tmp_path / "part.pcap")
    part = ["-X", "lua_script1:-,-,192.0.2.200"]
    assert rows(capture, *part, *RECORDS) == rows(capture, *part) != rows(capture)


def test_nothing_before_all_frames_are_judged(closed: Path) -> None:
    """A single pass shows nothing, so that nobody takes half of it for the whole."""
    assert run_tshark([*RECORDS, "-r", str(closed), "-Y", "keepalive"]) == ""
