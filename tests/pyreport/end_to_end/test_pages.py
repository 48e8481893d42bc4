"""How many pages a report has, and what stands on them: of captures that differ from the scenarios."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.pyreport.command import pyreport
from tests.scenarios.pcapfile import write_pcap
from tests.scenarios.simulation import SECOND
from tests.scenarios.wire import CLIENT, SERVER, Wire, beside, save

pytestmark = pytest.mark.slow

START_NS = 1_772_449_200 * SECOND
ENDS = ("10.4.1.7:50412", "10.4.9.20:9092")


def six_steps() -> Wire:
    """Two exchanges apart from each other, and a close in order."""
    wire = Wire(START_NS, *ENDS).open()
    for second in range(1, 40, 4):
        wire.ask(second)
    return wire.fin(60, CLIENT).fin(60.0007, SERVER).send(60.00075, CLIENT)


def five_steps() -> Wire:
    """An exchange, and a close in order."""
    return Wire(START_NS, *ENDS).open().ask(1).fin(60, CLIENT).fin(60.0007, SERVER).send(60.00075, CLIENT)


def two_changed_settings() -> Wire:
    """Probes every 10 s, then 15 s, then 30 s."""
    wire = Wire(START_NS, *ENDS).open().ask(0.5).probes(10.5, 6, 10).probes(75.5, 5, 15).probes(165.5, 6, 30)
    return wire.ask(320).fin(322, CLIENT).fin(322.0007, SERVER).send(322.00075, CLIENT)


@pytest.mark.parametrize(
    ("wire", "paper"),
    [(six_steps(), "a4"), (five_steps(), "letter"), (two_changed_settings(), "letter")],
    ids=["longest-a4", "longest-letter", "settings-letter"],
)
def test_where_nothing_broke_the_report_has_two_pages(wire: Wire, paper: str, tmp_path: Path) -> None:
    capture = save(tmp_path / "healthy.pcap", wire, beside(wire, 330))
    done = pyreport("report", capture, "--stream", "0", "--paper", paper, "-o", tmp_path / "healthy.pdf")
    assert done.status == 0, done.stderr
    pages = PdfReader(tmp_path / "healthy.pdf").pages
    assert len(pages) == 2
    assert ("Walkthrough" in pages[0].extract_text()) == ("Key facts" in pages[1].extract_text())


def test_a_capture_in_nanoseconds_is_told_in_nanoseconds(tmp_path: Path) -> None:
    """The FIN, its ACK 348 ns later, and a write 3.3 µs after that: no two of them at one time, none after no time."""
    wire = Wire(START_NS, *ENDS, round_trip=0.0000083, far=64).open(0.000000127).ask(0.000051113, 90, 40)
    wire.fin(6.000000451, SERVER).send(6.000000799, CLIENT).say(6.000004102, CLIENT, 90).refuse(6.000012317, SERVER)
    write_pcap(tmp_path / "fine.pcap", wire.frames, nanoseconds=True)
    done = pyreport("report", tmp_path / "fine.pcap", "--summary", tmp_path / "fine.md")
    assert done.status == 0, done.stderr
    told = (tmp_path / "fine.md").read_text(encoding="utf-8")
    steps = [line for line in told.splitlines() if re.match(r"\| \d", line)]
    assert [step.split("|")[4].strip() for step in steps[-4:]] == ["5.998 s", "348 ns", "3.3 µs", "8.2 µs"]
    clocks = [step.split("|")[3].strip() for step in steps[-4:]]
    assert clocks == [f"11:00:06.{part}" for part in ("000000451", "000000799", "000004102", "000012317")]
    assert not re.search(r"\b0 µs", told)
