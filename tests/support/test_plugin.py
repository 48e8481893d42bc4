"""The helper that runs the plugin: it reads values exactly, and never takes a broken plugin for a quiet one."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import plugin
from tests.support.programs import write_program

# A stand-in for the plugin: one finding on each TCP frame, with one datum of each type.
STAND_IN = """
local keepalive = Proto("keepalive", "stand-in")
local finding, level = ProtoField.string("keepalive.finding"), ProtoField.string("keepalive.level")
local fin, by = ProtoField.none("keepalive.fin", "fin"), ProtoField.string("keepalive.fin.by")
local idle, due = ProtoField.relative_time("keepalive.fin.idle"), ProtoField.absolute_time("keepalive.fin.due")
local last = ProtoField.framenum("keepalive.fin.last")
local failed = ProtoField.string("keepalive.failed")
keepalive.fields = { finding, level, fin, by, idle, due, last, failed }
function keepalive.dissector(_, _, tree)
    local root = tree:add(keepalive)
    root:add(finding, "fin")
    root:add(level, "Note")
    local detail = root:add(fin)
    detail:add(by, "10.0.0.1:1000")
    detail:add(idle, NSTime(-5, -8000001))
    detail:add(due, NSTime(1664467626, 387260001))
    detail:add(last, 1)
    BROKEN
end
register_postdissector(keepalive)
"""


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """A capture of one TCP segment, 10.0.0.1:1000 to 10.0.0.2:2000."""
    ethernet = bytes(12) + b"\x08\x00"
    ip = struct.pack(">BBHHHBBH4B4B", 0x45, 0, 40, 0, 0, 64, 6, 0, 10, 0, 0, 1, 10, 0, 0, 2)
    tcp = struct.pack(">HHIIBBHHH", 1000, 2000, 1, 1, 0x50, 0x11, 1000, 0, 0)
    frame = ethernet + ip + tcp
    header = struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1)
    path = tmp_path / "one.pcap"
    path.write_bytes(header + struct.pack("<IIII", 1664467626, 387260001, len(frame), len(frame)) + frame)
    return path


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the helper looks for the plugin in this test."""
    path = tmp_path / "keepalive.lua"
    monkeypatch.setattr(plugin, "PLUGIN", path)
    plugin.plugin_fields.cache_clear()
    yield path
    plugin.plugin_fields.cache_clear()


@pytest.mark.parametrize("two_pass", [True, False])
def test_values_are_exact(script: Path, capture: Path, two_pass: bool) -> None:
    """Nanoseconds survive, frames are numbers, texts are texts."""
    script.write_text(STAND_IN.replace("BROKEN", ""))
    data: dict[str, plugin.Datum] = {
        "by": "10.0.0.1:1000",
        "idle": -5_008_000_001,
        "due": 1_664_467_626_387_260_001,
        "last": 1,
    }
    expected = plugin.FindingOnFrame(1, 1_664_467_626_387_260_001, 0, "10.0.0.1:1000", "fin", "Note", data)
    assert plugin.run_findings(capture, two_pass) == [expected]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (STAND_IN.replace("BROKEN", 'error("oh dear")'), "oh dear"),  # a run-time error
        (STAND_IN.replace("BROKEN", 'tree:add(failed, "some while ago")'), "some while ago"),  # a failure that it kept
        (STAND_IN.replace("BROKEN", "end"), "syntax error|expected"),  # does not load
        ("io.stderr:write('hello')", "hello"),  # says something
        ("local nothing", "did not load"),  # registers nothing
        (STAND_IN.replace('root:add(level, "Note")', "").replace("BROKEN", ""), "do not go together"),
    ],
)
def test_broken_plugin_is_an_error(script: Path, capture: Path, text: str, message: str) -> None:
    """Each of them would give an empty or a wrong answer with exit status 0."""
    script.write_text(text)
    with pytest.raises(plugin.PluginError, match=message):
        plugin.run_findings(capture)


def test_missing_plugin_is_an_error(script: Path, capture: Path) -> None:
    """tshark goes on without it."""
    with pytest.raises(plugin.PluginError, match="doesn't exist"):
        plugin.run_findings(capture)


def test_another_tshark_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the arguments of a program that starts it."""
    launcher = write_program(tmp_path / "a launcher", 'echo "$1"')
    monkeypatch.setenv("TSHARK", f"'{launcher}' 'the root'")
    assert plugin.run_tshark(["-v"]) == "the root\n"


def test_this_checkout_has_a_plugin() -> None:
    """The real one loads."""
    assert plugin.plugin_fields()["keepalive.linked_from"] == "FT_FRAMENUM"
