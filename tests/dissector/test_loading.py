"""How the plugin gets into tshark: installed as a folder, given on the command line, or both."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.dissector.trace import PROBED, Trace
from tests.support.plugin import HARMLESS_STDERR, PLUGIN, tshark_command

FOUND = ["8\tprobe", "9\tanswer", "10\tprobe", "11\tanswer", "12\tprobe", "13\tanswer"]


def tshark(home: Path, *arguments: str) -> list[str]:
    """Lines that tshark prints for a user whose home this is. Asserts that it says nothing unexpected on stderr."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C"}
    done = subprocess.run([*tshark_command(), *arguments], env=environment, capture_output=True, text=True, check=True)
    assert [line for line in done.stderr.splitlines() if line and line not in HARMLESS_STDERR] == []
    return done.stdout.splitlines()


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    return Trace(PROBED).write(tmp_path / "trace.pcap")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the plugin installed where `tshark -G folders` says that personal Lua plugins lie."""
    home = tmp_path / "home"
    home.mkdir()
    folders = dict(line.split(":", 1) for line in tshark(home, "-G", "folders"))
    shutil.copytree(PLUGIN.parent, Path(folders["Personal Lua Plugins"].strip()) / "keepalive")
    return home


def findings(home: Path, capture: Path, *options: str) -> list[str]:
    arguments = [
        "-2",
        "-r",
        str(capture),
        "-Y",
        "keepalive.finding || keepalive.failed || _ws.lua.error",
        "-T",
        "fields",
    ]
    return tshark(home, *arguments, "-e", "frame.number", "-e", "keepalive.finding", *options)


def test_an_installed_plugin_is_loaded_by_itself(home: Path, capture: Path) -> None:
    assert findings(home, capture) == FOUND


def test_given_on_the_command_line_it_needs_no_installation(tmp_path: Path, capture: Path) -> None:
    assert findings(tmp_path, capture, "-X", f"lua_script:{PLUGIN}") == FOUND


def test_loaded_twice_it_works_once_without_a_complaint(home: Path, capture: Path) -> None:
    assert findings(home, capture, "-X", f"lua_script:{PLUGIN}") == FOUND


def test_a_name_that_another_plugin_has_taken_is_said(tmp_path: Path, capture: Path) -> None:
    other = tmp_path / "other.lua"
    other.write_text('Proto("keepalive", "Somebody else\'s")\n')
    command = [*tshark_command(), "-r", str(capture), "-Y", "frame.number == 0"]
    command += ["-X", f"lua_script:{other}", "-X", f"lua_script:{PLUGIN}"]
    done = subprocess.run(command, env=os.environ | {"LC_ALL": "C"}, capture_output=True, text=True, check=False)
    assert "another plugin has registered a protocol of the name keepalive" in done.stderr


def test_it_is_listed_with_its_version(home: Path) -> None:
    lines = [line.split() for line in tshark(home, "-G", "plugins")]
    assert [line[1] for line in lines if line and line[0] == "keepalive.lua"] == ["0.1.0"]


def test_its_modules_do_nothing_when_they_are_run_by_themselves(tmp_path: Path, capture: Path) -> None:
    """Wireshark 4.0 runs every Lua file of a plugin folder as a script of its own."""
    for module in sorted(PLUGIN.parent.glob("keepalive_*.lua")):
        assert tshark(tmp_path, "-X", f"lua_script:{module}", "-r", str(capture), "-Y", "frame.number == 0") == []


def test_it_finds_the_same_where_wireshark_hides_its_own_functions(home: Path, capture: Path, tmp_path: Path) -> None:
    hiding = tmp_path / "hiding.lua"
    hiding.write_text("getmetatable = function() return false end\n", encoding="utf-8")
    scripts = ["-X", f"lua_script:{hiding}"]
    shown = ["-2", "-Y", "keepalive", "-T", "fields", "-e", "frame.number", "-e", "keepalive.finding"]
    assert tshark(home, "-r", str(capture), *scripts, *shown) == FOUND
