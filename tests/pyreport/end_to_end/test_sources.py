"""Folders, several files and standard input, by the whole command."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.pyreport.command import Done, pyreport
from tests.pyreport.json_schema import wrong
from tests.scenarios.pcapfile import Frame
from tests.scenarios.pcapfile import write_pcap as write_frames
from tests.support.plugin import REPOSITORY
from tests.support.signals import hears_signals
from tests.support.tiny_capture import closed_connection

ARTICLE = REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"
# What pcap has around a file and around a packet.
FILE_HEADER, RECORD_HEADER = 24, 16


def piped(content: bytes, *arguments: str | Path) -> tuple[int, bytes, str]:
    """The command with this content as its standard input: status, what it printed, what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "pyreport", *map(str, arguments)],
        cwd=REPOSITORY,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(REPOSITORY)},
        input=content,
        capture_output=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr.decode()


def ring(folder: Path, count: int = 4) -> Path:
    """The article's capture in several files, whose names are in another order than their times."""
    folder.mkdir()
    content = ARTICLE.read_bytes()
    cuts, at = [FILE_HEADER], FILE_HEADER
    while at < len(content):
        at += RECORD_HEADER + int.from_bytes(content[at + 8 : at + 12], "little")
        if at >= len(content) * len(cuts) // count or at == len(content):
            cuts.append(at)
    for number, (start, stop) in enumerate(pairwise(cuts)):
        (folder / f"ring_{9 - number}.pcap").write_bytes(content[:FILE_HEADER] + content[start:stop])
    return folder


def test_a_folder_says_what_its_capture_says(tmp_path: Path) -> None:
    folder = ring(tmp_path / "ring")
    whole, parts = pyreport("scan", ARTICLE), pyreport("scan", folder)
    assert parts == whole
    assert "FIN" in whole.stdout


def test_a_report_says_which_file_a_frame_is_from(tmp_path: Path) -> None:
    """In the JSON and in the page, by the numbers of the files."""
    folder = ring(tmp_path / "ring")
    done = pyreport("report", folder, "--json", "x.json", "--html", "x.html", cwd=tmp_path)
    assert done.status == 0, done.stderr
    capture = json.loads((tmp_path / "x.json").read_text())["capture"]
    assert [Path(file["path"]).name for file in capture["files"]] == [f"ring_{9 - number}.pcap" for number in range(4)]
    assert sum(file["frames"] for file in capture["files"]) == capture["frames"] == 1581
    (stretch,) = [each for each in capture["stretches"] if each["first"] <= 940 < each["first"] + each["count"]]
    number = 940 - stretch["first"] + stretch["number"]
    assert 0 < number < 940
    page = re.sub(r"<[^>]+>|\s+", " ", (tmp_path / "x.html").read_text())
    assert f"Frame {number} of {capture['files'][stretch['file']]['path']}" in page
    assert "mergecap -a -F pcapng -w ring_9-joined.pcapng" in page


def test_a_file_alone_has_no_table_of_files(tmp_path: Path) -> None:
    done = pyreport("report", ARTICLE, "--json", "x.json", "--html", "x.html", cwd=tmp_path)
    assert done.status == 0, done.stderr
    capture = json.loads((tmp_path / "x.json").read_text())["capture"]
    assert [file["frames"] for file in capture["files"]] == [1581]
    assert capture["stretches"] is None
    assert "mergecap" not in (tmp_path / "x.html").read_text()


def test_a_capture_through_a_pipe() -> None:
    status, printed, said = piped(ARTICLE.read_bytes(), "scan", "-")
    assert (status, said) == (0, "")
    assert printed.decode() == pyreport("scan", ARTICLE).stdout


def test_a_pipe_that_ends_in_the_middle_of_a_packet() -> None:
    status, printed, said = piped(ARTICLE.read_bytes()[:-5], "scan", "-")
    assert status == 0
    assert "in 1,580 frames" in printed.decode()
    assert said == (
        "Note: The capture - is cut short in the middle of a packet: only the frames before the cut were read.\n"
    )


@pytest.mark.parametrize(("content", "said"), [(b"", "Nothing came"), (b"ssh: no route to host\n", "is not a capture")])
def test_what_is_no_capture_through_a_pipe(content: bytes, said: str) -> None:
    status, printed, told = piped(content, "report", "-", "-o", "-")
    assert (status, printed) == (1, b"")
    assert Done(status, "", told).is_one_sentence
    assert said in told


def test_json_and_pdf_to_standard_output() -> None:
    """Nothing else is printed there."""
    _, printed, _ = piped(ARTICLE.read_bytes(), "scan", "-", "--json", "-")
    document = json.loads(printed)
    assert wrong(document) == []
    assert document["capture"]["path"] == "-"
    status, printed, _ = piped(b"", "report", ARTICLE, "-o", "-")
    assert status == 0
    assert printed.startswith(b"%PDF-")
    assert printed.rstrip().endswith(b"%%EOF")


SENDING = """
import sys, time
sys.stdout.buffer.write(open(sys.argv[1], "rb").read())
sys.stdout.flush()
print("all is sent", file=sys.stderr, flush=True)
time.sleep(600)
"""


def test_ctrl_c_reports_what_came_until_then() -> None:
    """The whole pipeline gets the signal, as in a terminal; who captures would go on for long."""
    capturing = subprocess.Popen(
        [sys.executable, "-c", SENDING, str(ARTICLE)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=0,
        preexec_fn=hears_signals,
    )
    assert capturing.stdout is not None
    assert capturing.stderr is not None
    reporting = subprocess.Popen(
        [sys.executable, "-m", "pyreport", "scan", "-"],
        cwd=REPOSITORY,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(REPOSITORY)},
        stdin=capturing.stdout,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=capturing.pid,
        preexec_fn=hears_signals,
        text=True,
    )
    with capturing, reporting:
        try:
            capturing.stdout.close()
            assert capturing.stderr.readline() == b"all is sent\n"
            wait_until_it_reads(reporting.pid)
            os.killpg(capturing.pid, signal.SIGINT)
            printed, said = reporting.communicate(timeout=600)
        finally:
            for process in (capturing, reporting):
                process.kill()
    assert (reporting.returncode, "in 1,581 frames" in printed) == (0, True), (printed, said)
    assert f"Note: The capturing was stopped by Ctrl-C: the report covers the {ARTICLE.stat().st_size:,} bytes" in said


def wait_until_it_reads(process: int) -> None:
    """Until the process has kept something of its standard input."""
    end = time.monotonic() + 600
    while time.monotonic() < end:
        for link in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                if "standard-input" in str(link.readlink()) and link.stat().st_size:
                    return
        time.sleep(0.05)
    raise AssertionError("it reads nothing")


def test_other_hosts_and_times_that_overlap_are_said(tmp_path: Path) -> None:
    other = [frame.replace(b"\xc0\x00\x02", b"\xcb\x00\x71") for frame in closed_connection()]
    for name, frames, second in (("a", closed_connection(), 0), ("b", other, 1)):
        times = [(1_700_000_000 + second + 2 * number) * 10**9 for number in range(len(frames))]
        write_frames(tmp_path / f"{name}.pcap", [Frame(*each) for each in zip(times, frames, strict=True)])
    done = pyreport("scan", "a.pcap", "b.pcap", cwd=tmp_path)
    assert done.status == 0
    assert "The times of the 2 files overlap" in done.stderr
    assert "b.pcap has no host in common with the other files" in done.stderr


def test_a_part_of_a_capture(tmp_path: Path) -> None:
    done = pyreport("scan", ARTICLE, "--from", "16:08", "--host", "10.226.5.4", "--json", "x.json", cwd=tmp_path)
    assert done.status == 0
    assert "Only the frames from 2022-09-29 16:08:00.000000 UTC on were judged" in done.stderr
    assert "Only the frames from and to 10.226.5.4 were judged" in done.stderr
    judged = json.loads((tmp_path / "x.json").read_text())["capture"]["judged"]
    assert judged == {"from_ns": 1_664_467_680_000_000_000, "to_ns": None, "host": "10.226.5.4"}


def test_nothing_in_the_part() -> None:
    done = pyreport("scan", ARTICLE, "--host", "192.0.2.77")
    assert (done.status, done.is_one_sentence) == (1, True)
    assert "has no packet within --from, --to and --host" in done.stderr


def test_compare_takes_a_ring_and_refuses_the_same_twice(tmp_path: Path) -> None:
    folder = ring(tmp_path / "ring")
    (tmp_path / "copy.pcap").write_bytes(ARTICLE.read_bytes())
    done = pyreport("compare", folder, ARTICLE, "--json", "x.json", "--html", "x.html", cwd=tmp_path)
    assert done.status == 0, done.stderr
    page = (tmp_path / "x.html").read_text()
    assert "The capture of the client:" in page
    assert "The capture of the server:" not in page
    done = pyreport("compare", ARTICLE, tmp_path / "copy.pcap", "--json", "x.json", cwd=tmp_path)
    assert (done.status, done.is_one_sentence) == (2, True)
    assert "Both captures are the same" in done.stderr
    done = pyreport("compare", "-", "-", cwd=tmp_path)
    assert (done.status, done.is_one_sentence) == (2, True)
