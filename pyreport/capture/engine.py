"""Which program reads a capture: the reader in LuaJIT, or tshark. Both have the plugin's detection and give the same.

The reader (``reader/*.lua``) understands plain captures. It goes through the whole capture before it says that it can
read it, so no result of a capture that Wireshark has to read is ever used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import ToolError
from pyreport.capture.file import CaptureFile
from pyreport.capture.luajit import first_then_rows
from pyreport.capture.sandbox import READER
from pyreport.capture.tshark import Tshark


class Engine(StrEnum):
    """What the user wants; AUTO takes the reader where it can read the capture, else tshark."""

    AUTO = "auto"
    FAST = "fast"
    TSHARK = "tshark"


class Reason(StrEnum):
    """Why tshark reads a capture. Those from CONTAINER on are the reader's own words."""

    ASKED = "asked"
    NO_LUAJIT = "no_luajit"
    FAILED = "failed"
    CONTAINER = "container"
    BLOCK = "block"
    DAMAGE = "damage"
    TIME = "time"
    LINK = "link"
    CUT = "cut"
    HEADER = "header"
    FRAGMENT = "fragment"
    TUNNEL = "tunnel"
    QUOTED = "quoted"
    PORT = "port"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a capture (see Tshark.read_rows), to be read once, and a claim of which program gives them."""

    rows: Iterator[list[str]]
    read_by: Claim


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why the reader does not read a capture; ``frame`` is the first one that Wireshark has to read (0: none)."""

    reason: Reason
    frame: int = 0
    said: str = ""


def read_all(tshark: Tshark, capture: CaptureFile, fields: Sequence[str], engine: Engine = Engine.AUTO) -> Rows:
    """A row for each frame of the capture.

    Raises ToolError when the reader was asked for and cannot read the capture, and, like the rows themselves, what
    Tshark.read_rows raises.
    """
    refusal = _Refusal(Reason.ASKED)
    if engine is not Engine.TSHARK:
        begun = _begin(tshark, capture, fields)
        if not isinstance(begun, _Refusal):
            return Rows(begun, claim("read-by-reader"))
        refusal = begun
    if engine is Engine.FAST:
        where = f" in frame {refusal.frame}" if refusal.frame else ""
        raise ToolError(
            f"The fast reader does not read {capture.shown_path} ({refusal.reason}{where}"
            f"{': ' + refusal.said if refusal.said else ''}): leave out --engine."
        )
    frames = (refusal.frame,) if refusal.frame else ()
    return Rows(tshark.read_rows(capture, fields, "frame"), claim("read-by-tshark", frames, reason=refusal.reason))


def _begin(tshark: Tshark, capture: CaptureFile, fields: Sequence[str]) -> Iterator[list[str]] | _Refusal:
    """The rows by the reader, which has judged the whole capture then."""
    sandbox = tshark.sandbox
    lua, reader = sandbox.plugin.parent, sandbox.folder / READER
    arguments = [str(lua), str(reader), "0", str(capture.size), *fields]
    for command in sandbox.lua_commands(arguments):
        rows = first_then_rows(tshark, capture, command)
        first = next(rows)
        if first[0] == "rows":
            tshark.note_rows(capture, fields, "frame")
            return rows
        rows.close()
        if first[0] == "other":
            refused = Reason(first[1])
            frame = int(first[2]) if refused is not Reason.FIELD else 0
            return _Refusal(refused, frame)
        if first[0] == "failed":
            return _Refusal(Reason.FAILED, said=first[1])
    return _Refusal(Reason.NO_LUAJIT)
