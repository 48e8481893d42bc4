"""Full and read-only disks, and two runs on one output: one sentence, and nothing half written or left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pyreport.base.test_whole_file import small_disk
from tests.pyreport.command import pyreport
from tests.support.plugin import REPOSITORY
from tests.support.programs import public_folder
from tests.support.tiny_capture import closed_connection, write_pcap


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


@pytest.fixture
def tiny(folder: Path) -> Path:
    return write_pcap(folder / "tiny.pcap", closed_connection())


@pytest.mark.parametrize("option", ["-o", "--html", "--bundle"])
def test_a_full_disk_for_an_output(folder: Path, tiny: Path, option: str) -> None:
    """It has room for the file that tries whether one can be written, and not for a report."""
    target = "x.zip" if option == "--bundle" else "x"
    with small_disk(folder / "disk", "size=8k") as disk:
        (disk / target).write_text("old")
        done = pyreport("report", tiny, option, disk / target)
        assert (done.status, done.is_one_sentence) == (1, True), done.stderr
        assert "No space left on device" in done.stderr
        assert (disk / target).read_text() == "old"
        assert [path.name for path in disk.iterdir()] == [target]


def test_a_full_disk_for_temporary_files(folder: Path, tiny: Path) -> None:
    with small_disk(folder / "disk", "size=16k,mode=755") as disk:
        done = pyreport("scan", tiny, TMPDIR=str(disk))
        assert (done.status, done.is_one_sentence) == (3, True), done.stderr
        assert "set TMPDIR to a folder" in done.stderr
        assert list(disk.iterdir()) == []


def test_a_limit_of_the_size_of_files(tiny: Path) -> None:
    """setrlimit(2), RLIMIT_FSIZE: one block of 1,024 bytes is too small for the plugin."""
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 1; exec "$@"', "bash", sys.executable, "-m", "pyreport", "scan", tiny],
        cwd=REPOSITORY, env={**os.environ, "TMPDIR": str(tiny.parent)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (3, "", 1)
    assert "File too large" in done.stderr
    assert [path.name for path in tiny.parent.iterdir()] == ["tiny.pcap"]


def test_a_read_only_disk(folder: Path, tiny: Path) -> None:
    with small_disk(folder / "disk", "ro") as disk:
        done = pyreport("report", tiny, "-o", disk / "x")
        assert (done.status, done.is_one_sentence) == (1, True), done.stderr
        assert "Read-only file system" in done.stderr


def test_two_runs_on_one_output(tiny: Path) -> None:
    """Each writes all of its own: the file is that of one of them, never a mixture."""
    target = tiny.parent / "x.json"
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "pyreport", "report", tiny, "--json", target, "--lang", language],
            cwd=REPOSITORY, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for language in ("en", "zh")
    ]  # fmt: skip
    assert [run.wait() for run in runs] == [0, 0]
    assert json.loads(target.read_text(encoding="utf-8"))["generator"]
    assert sorted(path.name for path in tiny.parent.iterdir()) == ["tiny.pcap", "x.json"]
