"""The ring: what becomes of dumpcap, and which files stay. dumpcap is a script here; tests/lab has the real one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.base.claim import Claim
from pyreport.base.errors import InputError, ToolError
from pyreport.base.units import NS_PER_S
from pyreport.watch.ring import FILES, Ring, RingSettings
from tests.lab.watched import is_alive, until
from tests.support.programs import write_program

CAPTURES = 'echo "File: x" >&2; exec sleep 1000'
MOST_BYTES, MOST_AGE_S = FILES * 100_000, 320


class Watched:
    """A ring, what it said, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.said: list[Claim] = []
        self.program = folder / "dumpcap"
        settings = RingSettings("lo", "tcp", 128, MOST_BYTES, MOST_AGE_S, str(self.program))
        self.ring = Ring(settings, folder / "ring", self.said.append)

    def becomes(self, script: str) -> None:
        write_program(self.program, script)

    def runs(self) -> bool:
        return self.ring.child is not None

    def is_over(self) -> bool:
        child = self.ring.child
        return child is not None and child.status is not None


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    yield made
    made.ring.close()


def test_it_is_stopped_in_the_end(watched: Watched) -> None:
    watched.becomes(CAPTURES)
    watched.ring.open()
    assert watched.ring.child is not None
    pid = watched.ring.child.process.pid
    assert is_alive(pid)
    watched.ring.close()
    assert not is_alive(pid)
    assert watched.said == []


def test_what_dumpcap_is_asked_for(watched: Watched) -> None:
    watched.becomes(f'echo "$@" >"{watched.program}.asked"; {CAPTURES}')
    watched.ring.open()
    asked = Path(f"{watched.program}.asked").read_text()
    for option in ("-i lo", "-s 128", "-f tcp", "-b duration:10", "-b filesize:100", f"-b files:{FILES}", "-p"):
        assert f" {option} " in asked


def test_it_is_started_again_after_longer_and_longer(watched: Watched) -> None:
    watched.becomes(CAPTURES)
    watched.ring.open()
    watched.becomes('echo "dumpcap: no such luck." >&2; exit 2')
    assert watched.ring.child is not None
    watched.ring.child.process.kill()
    now_ns = watched.ring._began_ns
    pauses = []
    for _ in range(9):
        until(watched.is_over, "dumpcap ends")
        watched.ring.poll(now_ns)
        told = watched.said[-1]
        assert told.id == "watch-dumpcap-ended"
        pause = told.values["pause"]
        assert isinstance(pause, int)
        pauses.append(pause // NS_PER_S)
        watched.ring.poll(now_ns + pause - 1)
        assert not watched.runs()
        now_ns += pause
        watched.ring.poll(now_ns)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert {told.values["said"] for told in watched.said} == {"SIGKILL", "dumpcap: no such luck."}
    until(watched.is_over, "dumpcap ends")
    watched.becomes(CAPTURES)
    watched.ring.poll(now_ns)
    watched.ring.poll(now_ns + 60 * NS_PER_S)

    def is_back() -> bool:
        watched.ring.poll(now_ns + 61 * NS_PER_S)
        return watched.said[-1].id == "watch-dumpcap-back"

    until(is_back, "it says that it is back")


def test_who_may_not_capture_is_told_what_to_do(watched: Watched) -> None:
    watched.becomes('echo "(You don\'t have permission to capture on that device)" >&2; exit 1')
    with pytest.raises(ToolError, match="may not capture on lo: let dumpcap capture for the group wireshark"):
        watched.ring.open()


def test_what_dumpcap_says_is_told(watched: Watched) -> None:
    watched.becomes('echo "dumpcap: There is no device named lo." >&2; exit 1')
    with pytest.raises(ToolError, match="There is no device named lo"):
        watched.ring.open()


def test_a_dumpcap_that_may_not_be_run(watched: Watched) -> None:
    watched.program.write_text("")
    watched.program.chmod(0o600)
    with pytest.raises(ToolError, match="may not capture on lo"):
        watched.ring.open()


def test_no_dumpcap(watched: Watched) -> None:
    with pytest.raises(ToolError, match="was not found: install"):
        watched.ring.open()


def test_no_folder(watched: Watched) -> None:
    watched.becomes(CAPTURES)
    watched.ring.folder.touch()
    with pytest.raises(InputError, match="cannot be used"):
        watched.ring.open()


def test_files_that_an_earlier_dumpcap_left_are_bounded(watched: Watched) -> None:
    watched.becomes(CAPTURES)
    watched.ring.open()
    now_ns = watched.ring._began_ns
    for number, (age_s, size) in enumerate([(331, 10), (300, MOST_BYTES), (200, MOST_BYTES // 2), (100, 20)]):
        path = watched.ring.folder / f"ring_{number:05}_20240516.pcapng"
        path.write_bytes(b"x" * size)
        os.utime(path, ns=(now_ns - age_s * NS_PER_S,) * 2)
    (watched.ring.folder / "notes").touch()
    watched.ring.poll(now_ns)
    assert [path.name for path in watched.ring.files()] == ["ring_00002_20240516.pcapng", "ring_00003_20240516.pcapng"]
    watched.ring.poll(now_ns + 1000 * NS_PER_S)
    assert [path.name for path in watched.ring.files()] == ["ring_00003_20240516.pcapng"]  # it is being written
    assert (watched.ring.folder / "notes").exists()
