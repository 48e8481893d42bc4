"""The bulk pass: good rows, and every way in which tshark or the plugin can fail without saying so."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.base.claim import claim
from pyreport.base.errors import InputError, ToolError
from pyreport.capture.file import Capture, open_capture
from pyreport.capture.processes import family
from pyreport.capture.tshark import AGGREGATOR, find_tshark, open_tshark
from tests.support.captures import no_file
from tests.support.plugin import failing_from
from tests.support.programs import public_folder, write_plugin, write_program
from tests.support.tiny_capture import START_NS, closed_connection, write_pcap

# A killed process is gone by then.
MOST_SECONDS = 60
FIELDS = ["frame.number", "frame.time_epoch", "tcp.port", "keepalive.finding"]

# A plugin that loads, has the fields that are asked for, and fails on each frame.
FAILING_PLUGIN = """
local proto = Proto("keepalive", "Keepalive")
proto.fields = {
    ProtoField.string("keepalive.finding", "Finding"), ProtoField.string("keepalive.failed", "The plugin failed"),
}
function proto.dissector() error("boom") end
register_postdissector(proto)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


@pytest.fixture
def capture(folder: Path) -> Capture:
    return open_capture(str(write_pcap(folder / "tiny.pcap", closed_connection())))


def fake_tshark(folder: Path, script: str, version: str = "TShark (Wireshark) 4.2.0 (v4.2.0).") -> str:
    """A program that prints this version, and else does what the script says."""
    return str(
        write_program(folder / "faketshark", f'if [ "$1" = -v ]; then echo {shlex.quote(version)}; exit; fi\n{script}')
    )


def read(capture: Capture, location: str | None = None, plugin: Path | None = None) -> list[list[str]]:
    with open_tshark(location, plugin_source=plugin) as tshark:
        return list(tshark.read_rows(capture, FIELDS, "frame"))


def test_rows(capture: Capture) -> None:
    """One row a frame, exact times, absent fields empty, several values of one field joined."""
    with open_tshark() as tshark:
        rows = list(tshark.read_rows(capture, FIELDS, "tcp.flags.fin == 1 || frame.number == 1"))
        assert tshark.warnings == []
    seconds, nanoseconds = divmod(START_NS, 1_000_000_000)
    assert rows == [
        ["1", f"{seconds}.{nanoseconds:09d}", f"40000{AGGREGATOR}9092", ""],
        ["4", f"{seconds + 3}.{nanoseconds:09d}", f"9092{AGGREGATOR}40000", "fin"],
    ]


def test_nothing_selected(capture: Capture) -> None:
    """A filter that selects nothing gives no row and no error: the plugin was there and worked."""
    with open_tshark() as tshark:
        assert list(tshark.read_rows(capture, FIELDS, "keepalive.finding == none_of_ours")) == []


def test_command_can_be_typed(capture: Capture, folder: Path) -> None:
    """The kept command names no temporary folder, and bash hands tshark the same words."""
    with open_tshark() as tshark:
        for _ in range(2):
            list(tshark.read_rows(capture, ["frame.number"], "tcp && !udp"))
        (command,) = tshark.commands
        assert str(tshark.sandbox.folder) not in command
    write_program(folder / "tshark", 'printf "%s\\n" "$@"')
    path = {"PATH": f"{folder}:{os.environ['PATH']}"}
    words = subprocess.run(["bash", "-c", command], env=path, check=True, capture_output=True, text=True).stdout
    assert words.split("\n")[:-1] == [
        *[
            "-2",
            "-n",
            "-C",
            "Keepalive",
            "-r",
            capture.shown_path,
            "-Y",
            "(tcp && !udp) || keepalive.failed || _ws.lua.error",
        ],
        *["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=\x1f"],
        *["-e", "frame.number", "-e", "keepalive.failed", "-e", "_ws.lua.error"],
    ]


def test_cut_short(folder: Path) -> None:
    """A capture cut in the middle of a packet gives the frames before the cut and one warning."""
    whole = write_pcap(folder / "whole.pcap", closed_connection()).read_bytes()
    cut = folder / "cut.pcap"
    cut.write_bytes(whole[:-10])
    with open_tshark() as tshark:
        for _ in range(2):
            rows = list(tshark.read_rows(open_capture(str(cut)), FIELDS, "frame"))
            assert [row[0] for row in rows] == ["1", "2", "3"]
        (warning,) = tshark.warnings
    assert warning == claim("capture-cut-short", file=str(cut))


def test_damaged(folder: Path) -> None:
    """A capture whose record header is nonsense gives the frames before it and one warning."""
    whole = write_pcap(folder / "whole.pcap", closed_connection()).read_bytes()
    damaged = folder / "damaged.pcap"
    damaged.write_bytes(whole + b"\xff" * 40)
    with open_tshark() as tshark:
        assert len(list(tshark.read_rows(open_capture(str(damaged)), FIELDS, "frame"))) == 4
        (warning,) = tshark.warnings
    assert (warning.id, warning.values["file"]) == ("capture-damaged", str(damaged))


def test_not_a_capture(folder: Path) -> None:
    """What tshark itself refuses is an error of the input."""
    text = folder / "notes.gz"
    text.write_bytes(b"There was a timeout.\n" * 100)
    with pytest.raises(InputError, match=r"notes\.gz is not a capture file"):
        read(no_file(str(text), path=text, size=2100))


def test_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without tshark the error says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PYREPORT_TSHARK", raising=False)
    with pytest.raises(ToolError, match="apt-get install tshark"), open_tshark():
        pass


def test_which_one(folder: Path) -> None:
    """The option comes before the variable, and the variable before PATH; a name that is no program is an error."""
    first, second, third = (write_program(folder / name, "true") for name in ("first", "second", "tshark"))
    environ = {"PATH": str(folder), "PYREPORT_TSHARK": str(second)}
    assert find_tshark(str(first), environ) == first
    assert find_tshark(None, environ) == second
    assert find_tshark(None, {"PATH": str(folder)}) == third
    (folder / "plain").write_text("")
    with pytest.raises(ToolError, match=r"plain was not found or is no program"):
        find_tshark(str(folder / "plain"), environ)


@pytest.mark.parametrize(
    ("version", "complaint"),
    [
        ("TShark (Wireshark) 3.4.0 (Git v3.4.0 packaged as 3.4.0-1)", r"version 3\.4\.0.*needs tshark 3\.6"),
        ("TShark 1.12.1 (Git Rev Unknown from unknown)", r"version 1\.12\.1.*needs tshark 3\.6"),
        ("dumpcap 4.0.17", "does not run as tshark"),
        ("TShark (Wireshark) 4.4.1.\n\nCompiled with GLib 2.74, without Lua, with zlib", "without Lua"),
        ("TShark (Wireshark) 4.6.9.\n\n With:\n  +LZ4 1.10.0\n Without:\n  -Lua   -zlib-ng", "without Lua"),
    ],
)
def test_unusable(folder: Path, version: str, complaint: str) -> None:
    """A tshark that is too old, is another program or has no Lua is refused before anything is read."""
    with pytest.raises(ToolError, match=complaint), open_tshark(fake_tshark(folder, "echo read >&2", version)):
        pass


def test_the_version_that_the_plugin_tells_is_held_against_the_oldest_too(folder: Path) -> None:
    fake = fake_tshark(folder, "true", "TShark (Wireshark) 4.2.5")
    with open_tshark(fake, is_checked=False) as tshark:
        tshark.take_version("4.4.9")
        assert tshark.version == "4.4.9"
        tshark.take_version("3.4.10")  # told already
    with open_tshark(fake, is_checked=False) as tshark:
        with pytest.raises(ToolError, match=r"version 3\.4\.10.*needs tshark 3\.6"):
            tshark.take_version("3.4.10")
        assert tshark.version == "4.2.5"


def test_oldest_is_accepted(folder: Path) -> None:
    """3.6 is new enough, and the version is the one that is printed."""
    with open_tshark(fake_tshark(folder, "true", "TShark (Wireshark) 3.6.0")) as tshark:
        assert tshark.version == "3.6.0"


def test_does_not_start(folder: Path) -> None:
    """A tshark that fails at once is quoted."""
    broken = write_program(folder / "broken", "echo libwireshark.so.16 is missing >&2; exit 127")
    with pytest.raises(ToolError, match=r"libwireshark\.so\.16 is missing"), open_tshark(str(broken)):
        pass


@pytest.mark.parametrize(
    ("lua", "complaint"),
    [
        ("-- registers nothing", r"fields of the keepalive plugin.*not loaded"),
        ("this is not Lua", "could not load the keepalive plugin"),
        ('error("no such thing")', "could not load the keepalive plugin.*no such thing"),
        ('require("keepalive_lost")', "could not load the keepalive plugin.*keepalive_lost"),
        (FAILING_PLUGIN, "plugin failed on this capture"),
    ],
)
def test_broken_plugin(capture: Capture, folder: Path, lua: str, complaint: str) -> None:
    """No way of failing looks like a capture without findings, even when the filter selects nothing."""
    plugin = write_plugin(folder / "plugin", lua)
    with open_tshark(plugin_source=plugin) as tshark, pytest.raises(ToolError, match=complaint):
        list(tshark.read_rows(capture, FIELDS, "keepalive.finding"))


@pytest.mark.parametrize("first", [1, 3, 4])
@pytest.mark.parametrize("wanted", ["frame", "keepalive.finding", "frame.number == 1"])
def test_a_failure_of_the_first_pass_is_seen(capture: Capture, folder: Path, first: int, wanted: str) -> None:
    """Detection is the first pass's work, and Wireshark throws its Lua errors away when a second pass follows."""
    plugin = failing_from(folder / "plugin", first)
    with open_tshark(plugin_source=plugin) as tshark, pytest.raises(ToolError, match=rf"in frame {first}: .*planted"):
        list(tshark.read_rows(capture, FIELDS, wanted))


def test_modules_come_from_the_plugin(capture: Capture, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of the same name in the current folder is not loaded."""
    (folder / "keepalive_flags.lua").write_text('error("the wrong module")')
    monkeypatch.chdir(folder)
    assert len(read(capture)) == 4


def test_other_failures(capture: Capture, folder: Path) -> None:
    """An unknown failure is quoted with its exit status; a signal is named."""
    with pytest.raises(ToolError, match="exit status 9: something new"):
        read(capture, fake_tshark(folder, "echo something new >&2; exit 9"))
    with pytest.raises(ToolError, match="ended by signal 9"):
        read(capture, fake_tshark(folder, "kill -9 $$"))
    with pytest.raises(ToolError, match="1 columns instead of 6"):
        read(capture, fake_tshark(folder, "echo hello"))


def test_much_on_stderr(capture: Capture, folder: Path) -> None:
    """More on stderr than a pipe holds does not stop the rows."""
    noisy = fake_tshark(folder, "seq 100000 >&2; printf '1\\t2\\t3\\t4\\t\\t\\n'")
    assert read(capture, noisy) == [["1", "2", "3", "4"]]


def test_abandoned_pass_ends_tshark(capture: Capture, folder: Path) -> None:
    """When the reader stops early, tshark is ended and waited for."""
    endless = fake_tshark(folder, "printf '1\\t2\\t3\\t4\\t\\t\\n'; exec sleep 300")
    with open_tshark(endless) as tshark:
        rows = tshark.read_rows(capture, FIELDS, "frame")
        assert next(rows) == ["1", "2", "3", "4"]
        started: list[int] = []
        while not started:  # the shell has yet to become it
            started = [each for each in family(os.getpid()) if command_of(each) == ["sleep", "300"]]
        del rows
        # It is killed by now, but on a busy machine its end takes its time.
        most = time.monotonic() + MOST_SECONDS
        while any(command_of(each) == ["sleep", "300"] for each in started):
            assert time.monotonic() < most


def command_of(process: int) -> list[str]:
    """The command of a process; nothing when it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text().split("\0")[:-1]
    except OSError:
        return []


def test_path_with_odd_characters(folder: Path) -> None:
    """Blanks, quotes and a leading dash in the path are no trouble."""
    odd = folder / "-r it's a $HOME"
    odd.mkdir()
    path = write_pcap(odd / "-a b.pcap", closed_connection())
    assert len(read(open_capture(str(path)))) == 4
    shutil.rmtree(odd)
