"""A capture that the fast reader has gone through: its connections in outline, their frames read on demand."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypeVar

from msgspec import MsgspecError, Struct, field
from msgspec.json import Decoder

from pyreport.base.errors import ToolError
from pyreport.capture.luajit import ReaderProcess
from pyreport.connections.close import Close, close_of
from pyreport.connections.connection import Connection
from pyreport.connections.ending import KNOWN_STARTS
from pyreport.connections.index import CaptureIndex, Rest, index_of
from pyreport.connections.outline import Outline
from pyreport.frames.finding import Finding
from pyreport.frames.findings import CaptureHole, RefusedBy
from pyreport.frames.frame import NOBODY, CaptureSpan, Frame, Records, Segments
from pyreport.frames.retransmissions import Retransmissions
from pyreport.frames.row import Row, rows_of_json

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


class _Close(Struct, array_like=True):
    """The first close of a connection, and what its finding says (findings.py)."""

    frame: int
    time_ns: int
    side: int
    is_fin: bool
    silence_from: str
    silence_ns: int | None
    data_idle_ns: int | None
    cause_frame: int | None


class _Outline(Struct, array_like=True):
    """What the reader tells of a connection, see Outline; beside it the longest rest of each end (None: none), the ids
    of what was found on it, and its first close.
    """

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
    found: str
    closed: _Close | None


class Parting(Struct, array_like=True):
    """What may tell why a connection closed on which nothing else stands out: how many octets its last answer has, and
    the payloads, in hexadecimal, of what was asked, and of the answer's first and last frame; None for one that the
    capture has cut, of a long one the begin and the end.
    """

    stream: int
    octets: int
    asked: str | None
    began: str | None
    ended: str | None


_SPAN, _OUTLINES, _RECORDS = Decoder(_Span), Decoder(_Outline), Decoder(Records)
_PAYLOAD, _PARTINGS = Decoder(tuple[int, str | None]), Decoder(Parting)

# The findings that are kept with the span.
OF_CAPTURE = (CaptureHole.id, RefusedBy.id)
# The findings of so many connections are asked for at once: who asks for those of one may go over all.
CONNECTIONS_AT_ONCE = 500
# And the payloads of so many frames.
PAYLOADS_AT_ONCE = 5_000


class Others(Struct, frozen=True):
    """What tshark has read of a capture in place of the reader. ``numbers``: those that the connections which are the
    reader's have in the whole capture, by its own; ``errors`` are the frames of ICMP errors that are not the reader's.
    ``neighbours`` are rows, ``index`` has tshark's connections, ``times`` when each host sent the segments that the
    reader has not (ns).
    """

    numbers: Mapping[int, int]
    errors: Container[int] = ()
    neighbours: Sequence[Row] = ()
    index: CaptureIndex = field(default_factory=CaptureIndex)
    times: Mapping[str, Sequence[int]] = field(default_factory=dict)


class ReaderIndex:
    """Asks the reader, and makes what it tells the values of this package, together with what ``others`` have told.
    Raises ToolError when the reader fails.
    """

    def __init__(self, process: ReaderProcess, others: Others | None = None) -> None:
        self.process = process
        self._others = others
        # By the number in the whole capture.
        self._own = None if others is None else {number: own for own, number in others.numbers.items()}
        told = decoded(_SPAN, process, "span")[0]
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
        neighbours = [row for piece in process.ask("neighbours") for row in rows_of_json(piece)]
        if others is not None:
            neighbours = sorted((*neighbours, *others.neighbours), key=lambda row: row.number)
        for row in neighbours:
            self.span.neighbours.note(row, row.number, row.time or 0)
        self._segments = Segments(told.began_ns)
        self._times: dict[str, array[int]] = {}
        self._records: dict[int, list[Records]] = {}
        self._streams_to_ask: list[int] = []

    def index(self) -> CaptureIndex:
        """The connections in outline, with what was found on them."""
        told = dict(self._told(decoded(_OUTLINES, self.process, "connections")))
        outlines = {stream: self._outline(one) for stream, one in told.items()}
        self._note_capture(outlines)
        self._streams_to_ask = [stream for stream, one in told.items() if one.found]
        connections: dict[int, Connection] = {}
        rests: dict[tuple[int, str], Rest] = {}
        for stream, outline in outlines.items():
            one = told[stream]
            connections[stream] = Connection.outlined(outline, _ids(one.found), self._finder(outline), self._load)
            for end, rest in (outline.source, one.rest_of_source), (outline.destination, one.rest_of_destination):
                if rest is not None:
                    rests[stream, end] = rest
        if self._others is not None:
            connections = dict(sorted((connections | self._others.index.connections).items()))
            rests |= self._others.index.longest_rest
        return index_of(connections, self.times_of, rests, lambda connection: _close(connection, told))

    def of_reader(self, connections: Iterable[int]) -> list[int]:
        """Those of these connections that are the reader's, by its numbers."""
        if self._own is None:
            return list(connections)
        return [self._own[stream] for stream in connections if stream in self._own]

    def _told(self, outlines: Iterable[_Outline]) -> Iterator[tuple[int, _Outline]]:
        """The outlines of the reader's connections, by their numbers in the whole capture."""
        for one in outlines:
            number = self._number(one.stream)
            if number is not None:
                one.stream = number
                yield number, one

    def _number(self, stream: int) -> int | None:
        """The number in the whole capture of a connection, None of one that is not the reader's."""
        return stream if self._others is None else self._others.numbers.get(stream)

    def times_of(self, host: str) -> array[int]:
        """When a host sent its segments (ns since the epoch), in order of time."""
        times = self._times.get(host)
        if times is None:
            times = self.process.times(host.strip("[]"))
            more = () if self._others is None else self._others.times.get(host, ())
            if self.span.steps_back or more:
                times = array("q", sorted((*times, *more)))
            self._times[host] = times
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

    def payloads(self, numbers: Sequence[int], *, whole: bool = False) -> dict[int, bytes]:
        """The payloads of these frames, by their numbers, without those that the capture has cut; of long ones the
        begin and the end, unless they are wanted ``whole``.
        """
        request = "wholes" if whole else "payloads"
        found: dict[int, bytes] = {}
        for start in range(0, len(numbers), PAYLOADS_AT_ONCE):
            asked = " ".join(map(str, numbers[start : start + PAYLOADS_AT_ONCE]))
            for number, octets in decoded(_PAYLOAD, self.process, f"{request} {asked}"):
                if octets is not None:
                    found[number] = bytes.fromhex(octets)
        return found

    def partings(self) -> Iterator[Parting]:
        """Of each connection that is quiet and closed, but for those that are encrypted."""
        for one in decoded(_PARTINGS, self.process, "partings"):
            number = self._number(one.stream)
            if number is not None:
                one.stream = number
                yield one

    def _give(self, wanted: dict[int, Connection]) -> None:
        read: dict[int, list[Frame]] = {stream: [] for stream in wanted}
        sent = Retransmissions()
        for piece in self.process.ask(" ".join(("rows", *map(str, self.of_reader(wanted))))):
            for row in rows_of_json(piece):
                row.stream = None if row.stream is None else self._number(row.stream)
                frame = self._segments.of_row(row, sent)
                if frame is not None:
                    read[frame.stream].append(frame)
        for stream, connection in wanted.items():
            connection.give(read[stream])

    def _load(self, connection: Connection) -> list[Frame]:
        self._give({connection.stream: connection})
        return connection.frames

    def _note_capture(self, outlines: Mapping[int, Outline]) -> None:
        """Keep with the span what was found about the capture."""
        for one in decoded(_RECORDS, self.process, " ".join(("found", *OF_CAPTURE))):
            if self._others is not None and one.number in self._others.errors:
                continue
            outline = outlines.get(-1 if (number := self._number(one.stream)) is None else number)
            source = NOBODY if outline is None else (outline.source, outline.destination)[one.side]
            self.span.note(one.parsed(self._segments.start_ns, source))

    def _records_of(self, stream: int) -> list[Records]:
        """The findings of a connection as they are written, asked for with those of the next ones."""
        if stream not in self._records:
            first = bisect_left(self._streams_to_ask, stream)
            wanted = [stream, *self._streams_to_ask[first + 1 : first + CONNECTIONS_AT_ONCE]]
            new = [number for number in wanted if number not in self._records]
            self._records |= {number: [] for number in new}
            for one in decoded(_RECORDS, self.process, " ".join(("findings", *map(str, self.of_reader(new))))):
                stream_of_one = self._number(one.stream)
                if stream_of_one is not None:
                    self._records[stream_of_one].append(one)
        return self._records[stream]

    def _finder(self, outline: Outline) -> Callable[[str], list[Finding]]:
        def find(identifier: str) -> list[Finding]:
            ends = outline.source, outline.destination
            start_ns = self._segments.start_ns
            records = self._records_of(outline.stream)
            return [found for one in records for found in one.parsed(start_ns, ends[one.side], identifier)]

        return find

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


@cache
def _ids(text: str) -> frozenset[str]:
    return frozenset(text.split(",")) if text else frozenset()


def _close(connection: Connection, told: Mapping[int, _Outline]) -> Close | None:
    """As close_of makes it of the finding."""
    if connection.stream not in told:
        return close_of(connection)
    closed = told[connection.stream].closed
    if closed is None:
        return None
    outline = connection.outline
    source = (outline.source, outline.destination)[closed.side]
    age_ns = closed.silence_ns if closed.silence_from in KNOWN_STARTS else closed.data_idle_ns
    is_unprompted = closed.is_fin or closed.cause_frame is None
    return Close(connection, closed.frame, closed.time_ns, source, age_ns, closed.data_idle_ns, is_unprompted)


def decoded(decoder: Decoder[T], process: ReaderProcess, request: str) -> list[T]:
    """The lines of the reader's answer. Raises ToolError when it fails, or the answer is none."""
    try:
        return [told for piece in process.ask(request) for told in decoder.decode_lines(piece)]
    except MsgspecError as error:
        raise ToolError(f"The fast reader gave an answer that is none ({error}): use --engine tshark.") from error
