"""A capture read once: its frames sorted into connections, with what it covers and lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyreport.base.claim import Claim
from pyreport.base.errors import InputError
from pyreport.capture.engine import READ_BY_READER, Engine, Parsers, open_fast, tshark_rows
from pyreport.capture.excerpt import Excerpt, cut, whole
from pyreport.capture.file import CaptureFile
from pyreport.capture.pcapng import DropCounters, read_drop_counters
from pyreport.capture.tshark import Tshark
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex, build_index
from pyreport.connections.on_demand import ReaderIndex
from pyreport.frames.columns import FIELDS
from pyreport.frames.findings import CaptureHole, Probe
from pyreport.frames.frame import CaptureSpan, parse_rows
from pyreport.frames.row import Row, row_of_text, rows_of_json

PARSERS = Parsers(row_of_text, rows_of_json)

Watch = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """A capture that was read: its connections, what it covers, what it says of packets that it lacks, and by which
    program. ``load`` reads the frames of many connections at once; ``excerpt`` gives a capture to read a connection in
    again.
    """

    capture: CaptureFile
    index: CaptureIndex
    span: CaptureSpan
    drops: DropCounters | None = None
    read_by: Claim = READ_BY_READER
    load: Callable[[Iterable[Connection]], None] = lambda _: None
    cut: Callable[[Connection], Excerpt] | None = None

    def excerpt(self, connection: Connection) -> Excerpt:
        """Raises ToolError when it cannot be made."""
        return whole(self.capture) if self.cut is None else self.cut(connection)


def read_capture(
    tshark: Tshark, capture: CaptureFile, watch: Watch = lambda _: None, engine: Engine = Engine.AUTO
) -> Reading:
    """Read every frame once; ``watch`` is told the number of the frame now and then, ``engine`` says by which program.

    The fast reader keeps the frames, and gives them when they are asked for.
    Raises InputError when the capture cannot be read or holds no TCP, ToolError when tshark or the plugin fails.
    """
    fast = open_fast(tshark, capture, FIELDS, engine)
    drops = read_drop_counters(capture.path)
    if isinstance(fast, Claim):
        span = CaptureSpan()
        rows = _watched(tshark_rows(tshark, capture, FIELDS, PARSERS), watch)
        index = build_index(parse_rows(rows, span))
        _check_content(span, capture)
        return Reading(capture, index, span, drops, fast)
    reader = ReaderIndex(fast.process)
    _check_content(reader.span, capture)

    index = reader.index()

    def cut_out(connection: Connection) -> Excerpt:
        return cut(tshark, fast.process, _streams_beside(index, connection))

    return Reading(capture, index, reader.span, drops, fast.read_by, reader.load, cut_out)


def _streams_beside(index: CaptureIndex, connection: Connection) -> list[int]:
    """The connections that an excerpt needs for the findings on one: itself; where the capture has a hole, all that
    probe, since the finding counts those of which a probe was due then.
    """
    if connection.first_of(CaptureHole) is None:
        return [connection.stream]
    probing = (other.stream for other in index.connections.values() if other.first_of(Probe) is not None)
    return sorted({connection.stream, *probing})


def _watched(rows: Iterator[Row], watch: Watch) -> Iterator[Row]:
    for row in rows:
        if row.number % 1000 == 0:
            watch(row.number)
        yield row


def _check_content(span: CaptureSpan, capture: CaptureFile) -> None:
    if span.frames == 0:
        raise InputError(
            f"There is not one packet in {capture.shown_path}: check the capture filter and the interface."
        )
    if span.tcp_frames == 0:
        raise InputError(
            f"There is no TCP in the {span.frames} frames of {capture.shown_path}: check the capture filter and the "
            "interface."
        )
