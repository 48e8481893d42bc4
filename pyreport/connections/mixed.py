"""A capture that the fast reader reads but for a few frames: those, and the connections they concern, are tshark's.

What an odd frame carries (a fragment, a tunnel, a link layer that the reader does not know), Wireshark tells: it reads
the odd frames alone first. Each connection of the ends that it finds there is left to it whole: it reads an excerpt
with all of their frames, the odd ones, and witnesses of the time (``capture/reader/excerpt.lua``). Everything else is
the reader's. Connections are numbered as in the whole capture, by the frames that they begin with.

Of a part of the capture by time, the excerpt also has what these connections and the odd frames have outside of it:
Wireshark numbers connections by all frames, and the plugin judges those within. Whether an odd frame is of a host, only
Wireshark tells, so what is asked of one host is tshark's.

tshark reads the whole capture instead where this could find something else (see ``_WholeError``), or the excerpt would
be more than half of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from msgspec import Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from pyreport.base.claim import Claim
from pyreport.capture.engine import Fast, Parsers, tshark_rows
from pyreport.capture.excerpt import Excerpt, cut_around, cut_odd
from pyreport.capture.how_far import Watch
from pyreport.capture.limits import NO_LIMITS
from pyreport.capture.luajit import ReaderProcess
from pyreport.capture.tshark import AGGREGATOR, Tshark
from pyreport.connections.index import CaptureIndex, build_index
from pyreport.connections.on_demand import Others, ReaderIndex, decoded
from pyreport.connections.original import original
from pyreport.frames.columns import FIELDS, Columns
from pyreport.frames.findings import CaptureHole, Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, CaptureSpan, Frame, Records, parse_rows
from pyreport.frames.row import Row, row_of_text

End = tuple[str, int]
Pair = frozenset[End]

# A connection that is over is remembered for so many later ones (REMEMBERED in keepalive_tracker.lua; each of them
# counts twice). An excerpt has fewer, so what comes after that many is left to the whole capture.
REMEMBERED = 4096 // 2


class _WholeError(Exception):
    """tshark has to read the whole capture: Wireshark counts a connection that has no segment in the excerpt, the
    plugin finds a hole in the capture there, which it judges by all connections, or a connection has segments after
    the plugin has forgotten it.
    """


class _Stream(Struct, array_like=True):
    """A connection as the reader numbers it, the frame that it began with (a segment, or an error about one), and its
    ends.
    """

    stream: int
    began_with: int
    one: str
    one_port: int
    other: str
    other_port: int

    @property
    def ends(self) -> Pair:
        return frozenset(((self.one, self.one_port), (self.other, self.other_port)))


class _Told(Struct, frozen=True):
    """A frame of the excerpt, with the texts of the fields from which its row is made."""

    row: Row
    texts: Columns

    @property
    def streams(self) -> Iterator[int]:
        """All that Wireshark tells of the frame: several headers may be in it."""
        return (int(text) for text in self.texts.stream.split(AGGREGATOR) if text)


class Mixed(Struct, frozen=True):
    """What both have read: ``excerpts`` has the one that tshark read, by its connections."""

    index: CaptureIndex
    span: CaptureSpan
    reader: ReaderIndex
    read_by: Claim
    excerpts: Mapping[int, Excerpt]


def _told(texts: list[str]) -> _Told:
    return _Told(row_of_text(texts), Columns._make(texts))


PARSERS = Parsers(_told, lambda _: [])
_STREAMS, _QUOTING, _RECORDS = Decoder(_Stream), Decoder(tuple[int, int]), Decoder(Records)


def read_mixed(tshark: Tshark, fast: Fast, watch: Watch) -> Mixed | None:
    """Read a capture with odd frames; None when tshark has to read the whole of it.

    Raises what Tshark.read_rows and the reader raise.
    """
    process = fast.process
    streams = decoded(_STREAMS, process, "streams")
    alone = cut_odd(tshark, process)
    ends = set(_ends_of(tshark_rows(tshark, alone.capture, FIELDS, PARSERS, watch)))
    wanted = {one.stream for one in streams if one.ends in ends}
    excerpt = cut_around(tshark, process, sorted(wanted))
    if excerpt is None or _shares_a_hole(process, wanted):
        return None
    try:
        part = _Part(tshark, process, excerpt, alone, streams, wanted, watch)
    except _WholeError:
        return None
    return _merged(fast, part)


def _shares_a_hole(process: ReaderProcess, wanted: set[int]) -> bool:
    """Whether the reader found a hole in the capture, and a probe on a wanted connection: the finding counts all
    connections of which a probe was due.
    """
    holes = decoded(_RECORDS, process, f"found {CaptureHole.id}")
    return bool(holes) and any(one.stream in wanted for one in decoded(_RECORDS, process, f"found {Probe.id}"))


def _ends_of(rows: Iterable[_Told]) -> Iterator[Pair]:
    """The ends of every connection that may be in these frames: each pair of addresses with each pair of ports."""
    for told in rows:
        texts = told.texts
        ports = zip(_values(texts.source_port), _values(texts.destination_port), strict=False)
        addresses = [
            *zip(_values(texts.source_4), _values(texts.destination_4), strict=False),
            *zip(_values(texts.source_6), _values(texts.destination_6), strict=False),
        ]
        for (one_port, other_port), (one, other) in product(ports, addresses):
            yield frozenset(((one, int(one_port)), (other, int(other_port))))


def _values(text: str) -> list[str]:
    return [value for value in text.split(AGGREGATOR) if value]


class _Part:
    """What tshark reads: an excerpt with the odd frames and the wanted connections (as the reader numbers them).

    ``numbers`` gives the number in the whole capture of each connection of the reader that is not wanted,
    ``frames`` and ``span`` have what tshark tells, all with the numbers of the whole capture.
    """

    def __init__(
        self,
        tshark: Tshark,
        process: ReaderProcess,
        excerpt: Excerpt,
        alone: Excerpt,
        streams: Sequence[_Stream],
        wanted: set[int],
        watch: Watch,
    ) -> None:
        self.excerpt = excerpt
        self.odd = frozenset(alone.numbers or ())
        told = list(tshark_rows(tshark, excerpt.capture, FIELDS, PARSERS, watch))
        # A connection may begin outside the limits, where only Wireshark numbers it.
        unlimited = replace(excerpt.capture, limits=NO_LIMITS)
        is_whole = excerpt.capture.limits.is_none
        of_all = told if is_whole else list(tshark_rows(tshark, unlimited, FIELDS, PARSERS, watch))
        began = self._began(of_all)
        self._check_streams(of_all)
        own = [(one.began_with, one.stream, 0) for one in streams if one.stream not in wanted]
        order = sorted([*own, *((frame, stream, 1) for stream, frame in began.items())])
        self.numbers = {stream: place for place, (_, stream, is_tsharks) in enumerate(order) if not is_tsharks}
        tsharks = {stream: place for place, (_, stream, is_tsharks) in enumerate(order) if is_tsharks}
        self.span = CaptureSpan()
        self.neighbours = [
            replace(one.row, number=excerpt.original(one.row.number))
            for one in told
            if excerpt.original(one.row.number) in self.odd and (one.row.arp_operation or one.row.icmp_6_type)
        ]
        self.frames = list(self._frames([one.row for one in told], tsharks))
        self.errors = {number for number, stream in decoded(_QUOTING, process, "quoting") if stream in wanted}
        self._translate_span()
        self._check_memory(sorted(frame for frame, _, _ in order))

    def _began(self, told: Sequence[_Told]) -> dict[int, int]:
        """The frame of the whole capture that each connection of the excerpt begins with; none of the witnesses'."""
        began: dict[int, int] = {}
        for one in told:
            if one.row.number not in self.excerpt.witnesses:
                for stream in one.streams:
                    began.setdefault(stream, self.excerpt.original(one.row.number))
        return began

    @staticmethod
    def _check_streams(told: Sequence[_Told]) -> None:
        streams = {stream for one in told for stream in one.streams}
        if len(streams) != max(streams, default=-1) + 1:
            raise _WholeError

    def _frames(self, rows: Iterable[Row], numbers: Mapping[int, int]) -> Iterator[Frame]:
        """The segments of tshark's connections."""
        for row in rows:
            # A witness is of a connection of the reader's.
            row.stream = None if row.stream is None else numbers.get(row.stream)
        for frame in parse_rows(rows, self.span):
            findings = tuple(original(finding, self.excerpt) for finding in frame.findings)
            yield replace(frame, number=self.excerpt.original(frame.number), findings=findings)

    def _translate_span(self) -> None:
        span, excerpt = self.span, self.excerpt
        if span.holes:
            raise _WholeError
        refusals = (original(refusal, excerpt) for refusal in span.refusals)
        # Others are about connections that are not whole in the excerpt.
        span.refusals = [one for one in refusals if one.frame in self.odd or one.frame in self.errors]

    def _check_memory(self, began: Sequence[int]) -> None:
        """Raises _WholeError where a connection has segments that the plugin may not count to it in the whole."""
        first: dict[int, int] = {}
        waiting: dict[int, int] = {}  # connections that are not open yet, or are over, by the frame of that
        for frame in self.frames:
            stream = frame.stream
            if stream not in first:
                first[stream] = waiting[stream] = frame.number
            since = waiting.get(stream)
            if since is not None and bisect_left(began, frame.number) - bisect_right(began, since) >= REMEMBERED:
                raise _WholeError
            if frame.has(FLAG_FIN | FLAG_RST):
                waiting.setdefault(stream, frame.number)
            elif frame.has(FLAG_ACK) and not frame.has(FLAG_SYN) and waiting.get(stream) == first[stream]:
                del waiting[stream]


def _merged(fast: Fast, part: _Part) -> Mixed:
    own = build_index(part.frames)
    times: dict[str, list[int]] = {}
    of_odd = [frame for frame in part.frames if frame.number in part.odd]
    for frame in of_odd:
        times.setdefault(frame.source.host, []).append(frame.time_ns)
    reader = ReaderIndex(fast.process, Others(part.numbers, part.errors, part.neighbours, own, times))
    index, span = reader.index(), reader.span
    span.tcp_frames += len(of_odd)
    span.refusals = sorted((*span.refusals, *part.span.refusals), key=lambda refusal: refusal.frame)
    excerpts = dict.fromkeys(own.connections, part.excerpt)
    return Mixed(index, span, reader, fast.read_by_both(len(own.connections)), excerpts)
