"""Runs the plugin that the user's own tshark loads, on the capture that comes along, and compares what it finds with
what the plugin that belongs to pyreport finds in the sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from pyreport.capture import resources
from pyreport.capture.file import open_capture
from pyreport.capture.tshark import Tshark
from pyreport.desk.programs import Said, ask
from pyreport.desk.wireshark import Program

FIELDS = ("frame.number", "keepalive.record")
_UNKNOWN_FIELD = re.compile(r"aren't valid|neither a field nor a protocol|is not a valid (field|protocol)")
_LUA_ERROR = re.compile(r"Lua: (?:Error during loading:)?\s*(.+)")


class LuaError(Struct, frozen=True):
    """An error that Wireshark prints when it loads a Lua script: the script ("" where it is not told), the text."""

    script: str
    text: str


class Answers(Struct, frozen=True):
    """What a tshark with its plugin said: the findings by frame, None where it knows no field of the plugin."""

    findings: Mapping[int, str] | None
    errors: tuple[LuaError, ...]
    complaints: tuple[str, ...] = ()


def expected(tshark: Tshark) -> dict[int, str]:
    """What belongs to pyreport finds. Raises ToolError when it does not run."""
    capture = open_capture(str(resources.demo_capture()))
    return {int(frame): record for frame, record in tshark.read_rows(capture, FIELDS, "keepalive.finding")}


def answers_of(tshark: Program, environ: Mapping[str, str], *, profile: str | None) -> Answers:
    """What the user's own tshark finds, with the user's settings, plugins and, if it has one, this profile."""
    chosen = ["-C", profile] if profile else []
    shown = [argument for field in FIELDS for argument in ("-e", field)]
    command: list[str | Path] = [
        tshark.path,
        "-2",
        "-n",
        *chosen,
        "-r",
        resources.demo_capture(),
        "-Y",
        "keepalive.finding",
    ]
    said = ask([*command, "-T", "fields", "-E", "aggregator=\x1f", *shown], environ)
    return _understood(said or Said(1, "", ""))


def _understood(said: Said) -> Answers:
    errors = tuple(_lua_error(text) for text in _LUA_ERROR.findall(said.stderr))
    if said.status != 0 or _UNKNOWN_FIELD.search(said.stderr):
        return Answers(None, errors, _complaints(said.stderr))
    rows = [line.split("\t", 1) for line in said.stdout.splitlines()]
    return Answers({int(frame): record for frame, record in rows}, errors, _complaints(said.stderr))


def _lua_error(text: str) -> LuaError:
    found = re.match(r"(?:\[string \")?(/[^:\n]+\.lua)", text)
    return LuaError(found[1] if found else "", text.strip())


def _complaints(stderr: str) -> tuple[str, ...]:
    """The lines that tshark prints of settings which it does not take."""
    lines = (line.strip() for line in stderr.splitlines())
    return tuple(line for line in lines if re.search(r"colorfilters|preferences|dfilter|Could not compile", line))


def loaded_plugins(tshark: Program, environ: Mapping[str, str]) -> tuple[tuple[Path, str], ...]:
    """The main scripts of the plugin that this tshark loads, with the version that each tells of itself."""
    said = ask([tshark.path, "-G", "plugins"], environ)
    lines = (line.split("\t") for line in said.stdout.splitlines()) if said else ()
    return tuple(
        (Path(columns[-1]), columns[1])
        for columns in lines
        if len(columns) >= 4 and columns[0] == resources.PLUGIN_FILE and columns[1] and "script" in columns[2].lower()
    )
