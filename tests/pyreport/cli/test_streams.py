"""Standard input, output and error that are closed or full: no traceback, and no file takes what is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.plugin import REPOSITORY

LINE = "write tcp 10.0.0.1:38742->10.0.0.2:9092: write: broken pipe"


def run(redirection: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """pyreport as a shell starts it with this redirection."""
    return subprocess.run(
        ["bash", "-c", f'exec "$@" {redirection}', "bash", sys.executable, "-m", "pyreport", *map(str, arguments)],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed(tmp_path: Path, closed: str) -> None:
    """The file has what is written to it, and nothing of what is printed."""
    target = tmp_path / "x.json"
    done = run(closed, "log", LINE, "--json", target)
    assert (done.returncode, done.stderr) == (0, "")
    assert target.read_text(encoding="utf-8").startswith("[\n{")
    assert (done.stdout == "") == (">&- 2" in closed or closed == ">&-")
    assert run(closed, "log", "--file", tmp_path / "none").returncode == 1


@pytest.mark.parametrize(("arguments", "status"), [(("log", LINE), 1), (("completion", "bash"), 1)])
def test_no_room_for_what_is_printed(arguments: tuple[str, ...], status: int) -> None:
    done = run(">/dev/full", *arguments)
    assert (done.returncode, done.stderr) == (
        status,
        "pyreport: Not everything was printed (No space left on device).\n",
    )


def test_a_limit_of_the_size_of_files(tmp_path: Path) -> None:
    """setrlimit(2): what would grow beyond it is not written (EFBIG)."""
    printed = tmp_path / "printed"
    limited = subprocess.run(
        ["bash", "-c", f'ulimit -f 0; exec "$@" >{printed}', "bash", sys.executable, "-m", "pyreport", "log", LINE],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (limited.returncode, limited.stderr) == (1, "pyreport: Not everything was printed (File too large).\n")


@pytest.mark.parametrize(
    ("arguments", "status"), [(("scan", "/none.pcap"), 1), (("scan", "--none"), 2), (("log", LINE), 0)]
)
def test_no_room_for_what_is_said(arguments: tuple[str, ...], status: int) -> None:
    """The exit status still says how it went."""
    assert run("2>/dev/full", *arguments).returncode == status


def test_a_reader_that_has_gone() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pyreport", "log", LINE],
            cwd=REPOSITORY, stdout=write, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, "")
