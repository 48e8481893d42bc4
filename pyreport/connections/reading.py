"""A capture read once: its frames sorted into connections, with what it covers and lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError
from pyreport.capture.engine import Engine, Parsers, read_all
from pyreport.capture.file import CaptureFile
from pyreport.capture.pcapng import DropCounters, read_drop_counters
from pyreport.capture.tshark import Tshark
from pyreport.connections.index import CaptureIndex, build_index
from pyreport.frames.columns import FIELDS
from pyreport.frames.frame import CaptureSpan, parse_rows
from pyreport.frames.row import Row, row_of_text, rows_of_json

PARSERS = Parsers(row_of_text, rows_of_json)

Watch = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """A capture that was read: its connections, what it covers, what it says of packets that it lacks, and by which
    program.
    """

    capture: CaptureFile
    index: CaptureIndex
    span: CaptureSpan
    drops: DropCounters | None = None
    read_by: Claim = field(default_factory=lambda: claim("read-by-reader"))


def read_capture(
    tshark: Tshark, capture: CaptureFile, watch: Watch = lambda _: None, engine: Engine = Engine.AUTO
) -> Reading:
    """Read every frame once; ``watch`` is told the number of the frame now and then, ``engine`` says by which program.

    Raises InputError when the capture cannot be read or holds no TCP, ToolError when tshark or the plugin fails.
    """
    span = CaptureSpan()
    read = read_all(tshark, capture, FIELDS, PARSERS, engine)

    def watched() -> Iterator[Row]:
        for row in read.rows:
            if row.number % 1000 == 0:
                watch(row.number)
            yield row

    index = build_index(parse_rows(watched(), span))
    if span.frames == 0:
        raise InputError(
            f"There is not one packet in {capture.shown_path}: check the capture filter and the interface."
        )
    if span.tcp_frames == 0:
        raise InputError(
            f"There is no TCP in the {span.frames} frames of {capture.shown_path}: check the capture filter and the "
            "interface."
        )
    return Reading(capture, index, span, read_drop_counters(capture.path), read.read_by)
