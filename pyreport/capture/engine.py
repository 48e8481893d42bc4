"""Which program reads a capture: the reader in LuaJIT, or tshark. Both have the plugin's detection and give the same.

The reader (``reader/*.lua``) understands plain captures. It goes through the whole capture before it says that it can
read it, so no result of a capture that Wireshark has to read is ever used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import ToolError
from pyreport.capture.file import CaptureFile
from pyreport.capture.luajit import first_line
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
    NEIGHBOUR = "neighbour"
    PORT = "port"
    FIELD = "field"


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Parsers(Generic[Row]):
    """How a caller makes its rows: one of tshark's texts, several of the reader's lines, each an array in JSON."""

    of_text: Callable[[list[str]], Row]
    of_json: Callable[[bytes], list[Row]]


@dataclass(frozen=True, slots=True)
class Rows(Generic[Row]):
    """The rows of a capture, to be read once, and a claim of which program gives them."""

    rows: Iterator[Row]
    read_by: Claim


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why the reader does not read a capture; ``frame`` is the first one that Wireshark has to read (0: none)."""

    reason: Reason
    frame: int = 0
    said: str = ""


def read_all(
    tshark: Tshark,
    capture: CaptureFile,
    fields: Sequence[str],
    parsers: Parsers[Row],
    engine: Engine = Engine.AUTO,
) -> Rows[Row]:
    """A row of these fields for each frame of the capture.

    Raises ToolError when the reader was asked for and cannot read the capture; the rows themselves raise what
    Tshark.read_rows and the parsers raise, and ToolError when the reader fails.
    """
    refusal = _Refusal(Reason.ASKED)
    if engine is not Engine.TSHARK:
        begun = _begin(tshark, capture, fields, parsers.of_json)
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
    rows = map(parsers.of_text, tshark.read_rows(capture, fields, "frame"))
    return Rows(rows, claim("read-by-tshark", frames, reason=refusal.reason))


def _begin(
    tshark: Tshark, capture: CaptureFile, fields: Sequence[str], of_json: Callable[[bytes], list[Row]]
) -> Iterator[Row] | _Refusal:
    """The rows by the reader, which has judged the whole capture then."""
    sandbox = tshark.sandbox
    arguments = [str(sandbox.plugin.parent), str(sandbox.folder / READER), "0", str(capture.size), *fields]
    for command in sandbox.lua_commands(arguments):
        lines = first_line(tshark, capture, command)
        kind, *said = next(lines).decode("utf-8", "backslashreplace").rstrip("\n").split("\t")
        if kind == "rows":
            tshark.note_rows(capture, fields, "frame")
            return _rows(tshark, capture, lines, of_json, said)
        lines.close()
        if kind == "other":
            reason = Reason(said[0])
            return _Refusal(reason, 0 if reason is Reason.FIELD else int(said[1]))
        if kind == "failed":
            return _Refusal(Reason.FAILED, said=said[0])
    return _Refusal(Reason.NO_LUAJIT)


def _rows(
    tshark: Tshark,
    capture: CaptureFile,
    lines: Iterator[bytes],
    of_json: Callable[[bytes], list[Row]],
    said: list[str],
) -> Iterator[Row]:
    """The rows; ``said`` is whether the capture is whole, and how many rows there are."""
    count = 0
    for piece in lines:
        rows = of_json(piece)
        count += len(rows)
        yield from rows
    if count != int(said[1]):
        raise ToolError(
            f"The fast reader gave {count} of the {said[1]} frames of {capture.shown_path}: use --engine tshark, "
            "and report this."
        )
    if said[0] == "cut":
        tshark.warn(claim("capture-cut-short", file=capture.shown_path))
