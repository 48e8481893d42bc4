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
from pyreport.capture.file import Capture
from pyreport.capture.how_far import Watch, unwatched
from pyreport.capture.limits import HOST_FIELDS, Limits
from pyreport.capture.luajit import first_line
from pyreport.capture.origins import Origins
from pyreport.capture.sandbox import READER
from pyreport.capture.tidings import Tidings
from pyreport.capture.tshark import AGGREGATOR, Tshark


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
    """The rows of a capture, to be read once, and a claim of which program gives them.

    ``origins`` says which file each frame is from, once the rows are read; tshark tells nothing of that for one file.
    """

    rows: Iterator[Row]
    read_by: Claim
    origins: Origins


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why the reader does not read a capture; ``frame`` is the first one that Wireshark has to read (0: none)."""

    reason: Reason
    frame: int = 0
    said: str = ""


def read_all(
    tshark: Tshark,
    capture: Capture,
    fields: Sequence[str],
    parsers: Parsers[Row],
    engine: Engine = Engine.AUTO,
    watch: Watch = unwatched,
) -> Rows[Row]:
    """A row of these fields for each frame of the capture within its limits; ``watch`` is told how far it is.

    Raises ToolError when the reader was asked for and cannot read the capture; the rows themselves raise what
    Tshark.read_rows and the parsers raise, and ToolError when the reader fails.
    """
    refusal = _Refusal(Reason.ASKED)
    if engine is not Engine.TSHARK:
        tidings = Tidings(capture.size, watch)
        begun = _begin(tshark, capture, fields, parsers.of_json, tidings)
        if not isinstance(begun, _Refusal):
            return Rows(begun, claim("read-by-reader"), tidings.origins)
        refusal = begun
    if engine is Engine.FAST:
        where = f" in frame {refusal.frame}" if refusal.frame else ""
        raise ToolError(
            f"The fast reader does not read {capture.shown_path} ({refusal.reason}{where}"
            f"{': ' + refusal.said if refusal.said else ''}): leave out --engine."
        )
    frames = (refusal.frame,) if refusal.frame else ()
    origins = tshark.file_of(capture, watch).origins
    texts = tshark.read_rows(capture, fields, "frame", watch=watch)
    if capture.limits.host is not None:
        texts = _of_host(texts, fields, capture.limits)
    rows = map(parsers.of_text, texts)
    return Rows(rows, claim("read-by-tshark", frames, reason=refusal.reason), origins)


def _of_host(rows: Iterator[list[str]], fields: Sequence[str], limits: Limits) -> Iterator[list[str]]:
    """The rows that the plugin judged, of those that Wireshark's filter selects."""
    places = [place for place, name in enumerate(fields) if name in HOST_FIELDS]
    return (row for row in rows if limits.is_of_host([row[place].partition(AGGREGATOR)[0] for place in places]))


def _begin(
    tshark: Tshark,
    capture: Capture,
    fields: Sequence[str],
    of_json: Callable[[bytes], list[Row]],
    tidings: Tidings,
) -> Iterator[Row] | _Refusal:
    """The rows by the reader, which has judged the whole capture then."""
    sandbox = tshark.sandbox
    files = ",".join(f"{file.descriptor}:{file.size}" for file in capture.files)
    folders = (str(sandbox.plugin.parent), str(sandbox.folder / READER))
    tidings.open()
    arguments = (*folders, files, str(tidings.writer), capture.limits.part, *fields)
    lines = first_line(tshark, capture, sandbox.lua_commands(arguments), tidings)
    kind, *said = next(lines).decode("utf-8", "backslashreplace").rstrip("\n").split("\t")
    if kind == "rows":
        tshark.note_rows(capture, fields, "frame")
        return _rows(tshark, capture, lines, of_json, said, tidings)
    lines.close()
    if kind == "other":
        reason = Reason(said[0])
        return _Refusal(reason, 0 if reason is Reason.FIELD else int(said[1]))
    if kind == "failed":
        return _Refusal(Reason.FAILED, said=said[0])
    return _Refusal(Reason.NO_LUAJIT)


def _rows(
    tshark: Tshark,
    capture: Capture,
    lines: Iterator[bytes],
    of_json: Callable[[bytes], list[Row]],
    said: list[str],
    tidings: Tidings,
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
        for place in tidings.cut:
            tshark.warn(claim("capture-cut-short", file=capture.files[place].shown_path))
