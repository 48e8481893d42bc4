"""A capture that the fast reader has gone through: its connections in outline, their frames read on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import TypeVar

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from pyreport.base.errors import ToolError
from pyreport.capture.luajit import ReaderProcess
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex, Rest, index_of
from pyreport.connections.outline import Outline
from pyreport.frames.finding import Finding
from pyreport.frames.findings import CaptureHole, RefusedBy
from pyreport.frames.frame import NOBODY, CaptureSpan, Frame, Records, Segments
from pyreport.frames.retransmissions import Retransmissions
from pyreport.frames.row import rows_of_json

T = TypeVar("T")

# So many frames are read at once, so that those of one request fit into memory beside those of all connections.
FRAMES_AT_ONCE = 100_000


class _Span(Struct, array_like=True):
    """What the reader tells of the whole capture, see CaptureSpan; ``began_ns`` is the time of the file's first frame,
    which may not be the earliest.
    """

    frames: int
    first_time_ns: int
    last_time_ns: int
    tcp_frames: int
    steps_back: int
    largest_step_ns: int
    largest_step_frame: int
    cut_frames: int
    cut_to: int
    began_ns: int


class _Outline(Struct, array_like=True):
    """What the reader tells of a connection, see Outline; the longest rest of each end (None: none) beside it."""

    stream: int
    source: str
    source_port: int
    destination: str
    destination_port: int
    first: int
    first_ns: int
    last: int
    last_ns: int
    frames: int
    syn_from: int
    is_two_sided: bool
    has_reset: bool
    last_of_source: tuple[int, int]
    last_of_destination: tuple[int, int]
    reply: tuple[int, int]
    is_quiet: bool
    payload_from: int
    payload_ns: int
    rest_of_source: Rest | None
    rest_of_destination: Rest | None


_SPAN, _OUTLINES, _TIMES, _RECORDS = Decoder(_Span), Decoder(_Outline), Decoder(list[int]), Decoder(Records)

# How the records of the findings begin that are kept with the span.
OF_CAPTURE = (f"{CaptureHole.id}|", f"{RefusedBy.id}|")


class ReaderIndex:
    """Asks the reader, and makes what it tells the values of this package. Raises ToolError when the reader fails."""

    def __init__(self, process: ReaderProcess) -> None:
        self.process = process
        told = _decoded(_SPAN, process, "span")[0]
        self.span = CaptureSpan(
            told.frames,
            told.first_time_ns,
            told.last_time_ns,
            told.tcp_frames,
            told.steps_back,
            told.largest_step_ns,
            told.largest_step_frame,
            told.cut_frames,
            told.cut_to,
        )
        for piece in process.ask("neighbours"):
            for row in rows_of_json(piece):
                self.span.neighbours.note(row, row.number, row.time or 0)
        self._segments = Segments(told.began_ns)
        self._times: dict[str, list[int]] = {}

    def index(self) -> CaptureIndex:
        """The connections in outline, with what was found on them."""
        told = {one.stream: one for one in _decoded(_OUTLINES, self.process, "connections")}
        outlines = {stream: self._outline(one) for stream, one in told.items()}
        found = self._records(outlines)
        connections: dict[int, Connection] = {}
        rests: dict[tuple[int, str], Rest] = {}
        for stream, outline in outlines.items():
            records = found.get(stream, [])
            ids = frozenset(text.partition("|")[0] for one in records for text in one.records)
            connections[stream] = Connection.outlined(outline, ids, self._parser(outline, records), self._load)
            longest = told[stream].rest_of_source, told[stream].rest_of_destination
            for end, rest in zip((outline.source, outline.destination), longest, strict=True):
                if rest is not None:
                    rests[stream, end] = rest
        return index_of(connections, self.times_of, rests)

    def times_of(self, host: str) -> list[int]:
        """When a host sent its segments (ns since the epoch), in order of time."""
        times = self._times.get(host)
        if times is None:
            differences = (
                step for line in _decoded(_TIMES, self.process, f"times {host.strip('[]')}") for step in line
            )
            times = self._times[host] = sorted(accumulate(differences))
        return times

    def load(self, connections: Iterable[Connection]) -> None:
        """Read the frames of these connections, many at once."""
        wanted: dict[int, Connection] = {}
        frames = 0
        for connection in connections:
            if connection.is_loaded:
                continue
            wanted[connection.stream] = connection
            frames += connection.outline.frames
            if frames >= FRAMES_AT_ONCE:
                self._give(wanted)
                wanted, frames = {}, 0
        if wanted:
            self._give(wanted)

    def _give(self, wanted: dict[int, Connection]) -> None:
        read: dict[int, list[Frame]] = {stream: [] for stream in wanted}
        sent = Retransmissions()
        for piece in self.process.ask(" ".join(("rows", *map(str, wanted)))):
            for row in rows_of_json(piece):
                frame = self._segments.of_row(row, sent)
                if frame is not None:
                    read[frame.stream].append(frame)
        for stream, connection in wanted.items():
            connection.give(read[stream])

    def _load(self, connection: Connection) -> list[Frame]:
        self._give({connection.stream: connection})
        return connection.frames

    def _records(self, outlines: Mapping[int, Outline]) -> dict[int, list[Records]]:
        """The findings of each connection as they are written; those of the capture go into the span."""
        found: dict[int, list[Records]] = {}
        for one in _decoded(_RECORDS, self.process, "findings"):
            if one.stream >= 0:
                found.setdefault(one.stream, []).append(one)
            if any(record.startswith(OF_CAPTURE) for record in one.records):
                outline = outlines.get(one.stream)
                source = NOBODY if outline is None else (outline.source, outline.destination)[one.side]
                self.span.note(one.parsed(self._segments.start_ns, source))
        return found

    def _parser(self, outline: Outline, records: list[Records]) -> Callable[[str], list[Finding]]:
        def parse(identifier: str) -> list[Finding]:
            ends = outline.source, outline.destination
            start_ns = self._segments.start_ns
            return [found for one in records for found in one.parsed(start_ns, ends[one.side], identifier)]

        return parse

    def _outline(self, told: _Outline) -> Outline:
        return Outline(
            told.stream,
            self._segments.endpoint(told.source, told.source_port),
            self._segments.endpoint(told.destination, told.destination_port),
            told.first,
            told.first_ns,
            told.last,
            told.last_ns,
            told.frames,
            told.syn_from,
            told.is_two_sided,
            told.has_reset,
            (told.last_of_source, told.last_of_destination),
            told.reply,
            told.is_quiet,
            told.payload_from,
            told.payload_ns,
        )


def _decoded(decoder: Decoder[T], process: ReaderProcess, request: str) -> list[T]:
    try:
        return [told for piece in process.ask(request) for told in decoder.decode_lines(piece)]
    except MsgspecError as error:
        raise ToolError(f"The fast reader gave an answer that is none ({error}): use --engine tshark.") from error
