"""Which program reads a capture: the reader in LuaJIT, or tshark. Both have the plugin's detection and give the same.

The reader (``reader/*.lua``) understands plain captures. It goes through the whole capture before it says that it can
read it, so no result of a capture that Wireshark has to read is ever used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import ToolError
from pyreport.capture.file import Capture
from pyreport.capture.how_far import Watch, unwatched
from pyreport.capture.limits import HOST_FIELDS
from pyreport.capture.luajit import ReaderProcess, begin_reading
from pyreport.capture.origins import Origins
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


READ_BY_READER = claim("read-by-reader")

Row = TypeVar("Row")


class Parsers(Struct, Generic[Row], frozen=True):
    """How a caller makes its rows: one of tshark's texts, several of the reader's lines, each an array in JSON."""

    of_text: Callable[[list[str]], Row]
    of_json: Callable[[bytes], list[Row]]


class Rows(Struct, Generic[Row], frozen=True):
    """The rows of a capture, to be read once, a claim of which program gives them, and which file each frame is from
    (tshark does not tell that of one file).
    """

    rows: Iterator[Row]
    read_by: Claim
    origins: Origins


class _Refusal(Struct, frozen=True):
    """Why the reader does not read a capture; ``frame`` is the first one that Wireshark has to read (0: none)."""

    reason: Reason
    frame: int = 0
    said: str = ""


class Fast(Struct, frozen=True):
    """The reader has judged the whole capture, and answers what is asked of it; the rows are not read yet. It has set
    ``odd`` frames aside for Wireshark, for this ``reason``, of the first of them.
    """

    process: ReaderProcess
    frames: int
    read_by: Claim = READ_BY_READER
    odd: int = 0
    reason: _Refusal | None = None

    def read_by_both(self, connections: int) -> Claim:
        """Says that tshark reads the frames that were set aside, and so many connections that they concern."""
        assert self.reason is not None
        frames, reason = (self.reason.frame,), self.reason.reason
        return claim("read-by-both", frames, reason=reason, odd=self.odd, connections=connections)

    def given_up(self) -> Claim:
        """Says that tshark reads the whole capture since frames were set aside, and ends the reader."""
        assert self.reason is not None
        self.process.close()
        return _read_by_tshark(self.reason)

    @property
    def origins(self) -> Origins:
        """Which file each frame is from."""
        return self.process.tidings.origins


def open_fast(
    tshark: Tshark,
    capture: Capture,
    fields: Sequence[str],
    engine: Engine = Engine.AUTO,
    watch: Watch = unwatched,
    *,
    may_set_aside: bool = False,
) -> Fast | Claim:
    """The fast reader of the capture; or, when tshark has to read it, a claim that says so, with the reason.
    ``may_set_aside``: frames that only tshark reads are no reason, unless the reader was asked for.

    Raises ToolError when the reader was asked for and cannot read the capture.
    """
    if engine is Engine.TSHARK:
        return claim("read-by-tshark", reason=Reason.ASKED)
    process = begin_reading(tshark, capture, fields, watch)
    kind, *said = process.begun
    refusal = None if kind == "read" else _refusal(kind, said)
    odd = int(said[3]) if kind == "read" and len(said) > 3 else 0
    if odd:
        refusal = _Refusal(Reason(said[4]), int(said[5]))
    if refusal is not None and engine is Engine.FAST:
        process.close()
        where = f" in frame {refusal.frame}" if refusal.frame else ""
        raise ToolError(
            f"The fast reader does not read {capture.shown_path} ({refusal.reason}{where}"
            f"{': ' + refusal.said if refusal.said else ''}): leave out --engine."
        )
    if refusal is not None and not (odd and may_set_aside):
        process.close()
        return _read_by_tshark(refusal)
    tshark.note_rows(capture, fields, "frame")
    for place in process.tidings.cut:
        tshark.warn(claim("capture-cut-short", file=capture.files[place].shown_path))
    return Fast(process, int(said[1]), odd=odd, reason=refusal)


def _read_by_tshark(refusal: _Refusal) -> Claim:
    frames = (refusal.frame,) if refusal.frame else ()
    return claim("read-by-tshark", frames, reason=refusal.reason)


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
    fast = open_fast(tshark, capture, fields, engine, watch)
    if isinstance(fast, Claim):
        origins = tshark.file_of(capture, watch).origins
        return Rows(tshark_rows(tshark, capture, fields, parsers, watch), fast, origins)
    return Rows(_rows(fast, parsers.of_json), fast.read_by, fast.origins)


def tshark_rows(
    tshark: Tshark,
    capture: Capture,
    fields: Sequence[str],
    parsers: Parsers[Row],
    watch: Watch = unwatched,
) -> Iterator[Row]:
    """A row of these fields, of which the first is the frame's number, for each frame within the capture's limits, by
    tshark. Raises what Tshark.read_rows and the parsers raise.
    """
    texts = tshark.read_rows(capture, fields, "frame", watch=watch)
    limits = capture.limits
    if limits.host is not None:
        # Wireshark's filter selects more than the plugin judges: frames in which an inner header names the host.
        places = [place for place, name in enumerate(fields) if name in HOST_FIELDS]
        texts = (row for row in texts if limits.is_of_host([row[at].partition(AGGREGATOR)[0] for at in places]))
    return map(parsers.of_text, texts)


def _rows(fast: Fast, of_json: Callable[[bytes], list[Row]]) -> Iterator[Row]:
    count = 0
    try:
        for piece in fast.process.ask("rows"):
            rows = of_json(piece)
            count += len(rows)
            yield from rows
    finally:
        fast.process.close()
    if count != fast.frames:
        raise ToolError(
            f"The fast reader gave {count} of the {fast.frames} frames of {fast.process.capture.shown_path}: "
            "use --engine tshark, and report this."
        )


def _refusal(kind: str, said: Sequence[str]) -> _Refusal:
    """Of the reader's first line, when that is not "read"."""
    if kind == "other":
        reason = Reason(said[0])
        return _Refusal(reason, 0 if reason is Reason.FIELD else int(said[1]))
    return _Refusal(Reason.FAILED, said=said[0]) if kind == "failed" else _Refusal(Reason.NO_LUAJIT)
