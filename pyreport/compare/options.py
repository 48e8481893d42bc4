"""The options and the window of a few connections' segments, which the bulk pass leaves out to be quick."""

from __future__ import annotations

from collections.abc import Iterable

from pyreport.capture.file import CaptureFile
from pyreport.capture.tshark import AGGREGATOR, Tshark
from pyreport.compare.model import Options

FIELDS = ("frame.number", "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr", "tcp.window_size_value")


def read_options(tshark: Tshark, capture: CaptureFile, streams: Iterable[int]) -> dict[int, Options]:
    """The options by frame number, of the connections with these ``tcp.stream``. Raises InputError and ToolError."""
    wanted = ", ".join(map(str, sorted(set(streams))))
    if not wanted:
        return {}
    rows = tshark.read_rows(capture, FIELDS, f"tcp.stream in {{{wanted}}}")
    return {int(row[0]): Options(*map(_outermost, row[1:])) for row in rows}


def _outermost(text: str) -> int | None:
    """The value of the first header of a frame that has several; None without any."""
    value = text.partition(AGGREGATOR)[0]
    return int(value) if value else None
