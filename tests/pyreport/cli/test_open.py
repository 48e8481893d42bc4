"""The command that opens a capture in Wireshark where it matters."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.pyreport.command import Done, pyreport
from tests.pyreport.conftest import SCENARIOS
from tests.support.plugin import run_tshark
from tests.support.programs import write_program

ARTICLE = SCENARIOS / "article" / "article.pcap"
LINE = next(line for line in (SCENARIOS / "article" / "app.log").read_text().splitlines() if "->" in line)


def run(home: Path, *arguments: str | Path, display: str = "") -> Done:
    return pyreport(
        *("open", *arguments),
        PATH=f"{home}:{os.environ['PATH']}",
        HOME=str(home),
        DISPLAY=display,
        WAYLAND_DISPLAY="",
        SUDO_UID="",
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """With a Wireshark that notes its arguments in place of a window."""
    window = (
        f'case "$1" in -v) echo "Wireshark 4.0.17 with Lua 5.2.4";; *) printf "%s\\n" "$@" >"{tmp_path}/shown";; esac'
    )
    write_program(tmp_path / "wireshark", window)
    return tmp_path


def expected(capture: Path) -> list[str]:
    (fin,) = run_tshark(
        ["-2", "-r", str(capture), "-Y", "keepalive.fin && tcp.port == 38742", *FRAME_AND_STREAM]
    ).split("\n")[:1]
    frame, stream = fin.split()
    return ["-C", "Keepalive", "-Y", f"tcp.stream == {stream}", "-g", frame, "-r", str(capture)]


FRAME_AND_STREAM = ("-T", "fields", "-e", "frame.number", "-e", "tcp.stream")


@pytest.mark.parametrize("choice", [(), ("--log", LINE), ("--connection", "10.226.11.15:38742->10.226.5.4:9092")])
def test_without_a_display_the_command_is_printed(home: Path, choice: tuple[str, ...]) -> None:
    done = run(home, ARTICLE, *choice)
    assert done.status == 0, done.stderr
    assert shlex.split(done.stdout) == [str(home / "wireshark"), *expected(ARTICLE)]
    assert not (home / "shown").exists()


def test_another_connection_is_another_command(home: Path) -> None:
    """The near twin of the above."""
    done = run(home, ARTICLE, "--stream", "3")
    assert "tcp.stream == 3" in shlex.split(done.stdout)


def test_the_window_opens_where_it_matters(home: Path) -> None:
    assert pyreport("install", HOME=str(home), SUDO_UID="").status == 0
    done = run(home, ARTICLE, display=":99")
    assert done.status == 0, done.stderr
    assert (home / "shown").read_text().splitlines() == expected(ARTICLE)


def test_no_window_without_the_plugin(home: Path) -> None:
    """It would have neither colours nor findings."""
    done = run(home, ARTICLE, display=":99")
    assert (done.status, done.is_one_sentence) == (3, True)
    assert "pyreport install" in done.stderr


def test_what_is_no_capture(home: Path) -> None:
    done = run(home, home / "none.pcap")
    assert (done.status, done.is_one_sentence) == (1, True)
