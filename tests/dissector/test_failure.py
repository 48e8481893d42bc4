"""A plugin that fails on a frame: it says so in each pass, and says nothing of the frames behind."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.dissector.story import TRACE
from tests.support.plugin import failing_from, tshark_command

FIRST = 16


def columns(folder: Path, *arguments: str) -> list[list[str]]:
    """Frame, findings, failure and the expert's level of all frames with any of them, as this plugin says."""
    command = [*tshark_command(), "-r", str(TRACE.write(folder / "trace.pcap")), *arguments, "-T", "fields"]
    command += [
        "-X",
        f"lua_script:{folder / 'plugin' / 'keepalive.lua'}",
        "-Y",
        "keepalive.finding || keepalive.failed",
    ]
    for name in ("frame.number", "keepalive.finding", "keepalive.failed", "keepalive.failed.expert"):
        command += ["-e", name]
    done = subprocess.run(command, env=os.environ | {"LC_ALL": "C"}, capture_output=True, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


@pytest.mark.parametrize("passes", [(), ("-2",)], ids=["one pass", "two passes"])
def test_a_failure_is_on_its_frame_and_on_all_behind_it(passes: tuple[str, ...], tmp_path: Path) -> None:
    failing_from(tmp_path / "plugin", FIRST)
    rows = columns(tmp_path, *passes)
    before = [row for row in rows if int(row[0]) < FIRST]
    behind = [row for row in rows if int(row[0]) >= FIRST]
    found = TRACE.in_two_passes if passes else TRACE.in_one_pass
    told = [(int(row[0]), name) for row in before for name in row[1].split(",")]
    assert told == [(n, name) for n, name, _ in found if n < FIRST]
    assert [int(row[0]) for row in behind] == list(range(FIRST, len(TRACE.frames) + 1))
    for _, finding, failure, _ in behind:
        assert finding == ""
        assert failure.startswith(f"in frame {FIRST}: keepalive_tracker.lua:")
        assert failure.endswith("planted")
    assert [row[3] != "" for row in behind] == [True] + [False] * (len(behind) - 1)


@pytest.mark.parametrize("passes", [(), ("-2",)], ids=["one pass", "two passes"])
def test_without_a_failure_no_frame_says_so(passes: tuple[str, ...], tmp_path: Path) -> None:
    failing_from(tmp_path / "plugin", len(TRACE.frames) + 1)
    assert all(row[2:] == ["", ""] for row in columns(tmp_path, *passes))
