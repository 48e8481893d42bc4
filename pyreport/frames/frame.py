"""From the rows of the bulk pass to frames and findings with real types, validated once, here.

What a frame means is the plugin's word: this module only reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field  # noqa: TID251 - one has a field that is not compared
from typing import TypeVar
from urllib.parse import unquote

from msgspec import Struct, ValidationError, convert

from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError
from pyreport.frames.capture_hints import NO_MARKS, Marks, read_marks
from pyreport.frames.finding import Finding, Level, links_of
from pyreport.frames.findings import KINDS, CaptureHole, RefusedBy
from pyreport.frames.neighbour import NeighbourLog
from pyreport.frames.retransmissions import Retransmissions
from pyreport.frames.row import Row, not_understood
from pyreport.frames.seq import shifted

#: The class of each finding by its id.
FINDINGS = {kind.id: kind for kind in KINDS}

#: The levels as the plugin prints them.
LEVELS = {level.word: level for level in Level}

#: The fields of the plugin whose value is a frame's number.
FRAME_FIELDS = frozenset({"keepalive.related"}) | {
    f"keepalive.{kind.id}.{name.removesuffix('_frame')}" for kind in KINDS for name in links_of(kind)
}

#: The sender of a finding on a frame that is no segment of a connection.
NOBODY = Endpoint("")

F = TypeVar("F", bound=Finding)

FLAG_FIN, FLAG_SYN, FLAG_RST, FLAG_ACK = 0x01, 0x02, 0x04, 0x10


def space_of(length: int, flags: int) -> int:
    """How many sequence numbers a segment takes: its payload, and one each for SYN and FIN (RFC 9293 section 3.4)."""
    return length + bool(flags & FLAG_SYN) + bool(flags & FLAG_FIN)


class Frame(Struct, frozen=True):
    """One TCP segment of the capture. ``source`` and ``destination`` are "address:port", IPv6 in brackets.

    ``seq`` and ``ack`` are the raw numbers of the header, ``length`` the payload octets, ``ttl`` the hop limit (0:
    unknown). ``retransmission``: it was sent before, see retransmissions. The rest tells of the place of capture, see
    capture_hints.
    """

    number: int
    time_ns: int
    stream: int
    source: Endpoint
    destination: Endpoint
    seq: int
    ack: int
    length: int
    flags: int
    ttl: int
    retransmission: bool = False
    findings: tuple[Finding, ...] = ()
    marks: Marks = NO_MARKS

    @property
    def space(self) -> int:
        """How many sequence numbers the segment takes: its payload, and one each for SYN and FIN (RFC 9293 3.4)."""
        return space_of(self.length, self.flags)

    @property
    def end(self) -> int:
        """The sequence number after the segment."""
        return shifted(self.seq, self.space)

    @property
    def payload_end(self) -> int:
        """The sequence number after its payload."""
        return shifted(self.seq, self.length)

    def has(self, flag: int) -> bool:
        """Whether a TCP flag (FLAG_...) is set."""
        return bool(self.flags & flag)

    @property
    def is_syn(self) -> bool:
        """Whether it asks for a connection: a SYN without an acknowledgment (RFC 9293 section 3.5)."""
        return self.flags & (FLAG_SYN | FLAG_ACK) == FLAG_SYN

    @property
    def is_syn_ack(self) -> bool:
        """Whether it accepts one."""
        return self.has(FLAG_SYN) and self.has(FLAG_ACK)

    @property
    def is_fin(self) -> bool:
        """Whether its receiver takes it for the end of a direction: of an RST or a SYN nobody reads the FIN, and a
        segment without an acknowledgment is dropped (RFC 9293 section 3.10.7.4).
        """
        return self.has(FLAG_FIN) and self.has(FLAG_ACK) and not self.has(FLAG_RST | FLAG_SYN)

    def found(self, *kinds: type[F]) -> F | None:
        """The first finding of one of these kinds, if any."""
        # No generator: this is asked of every frame, by many.
        for finding in self.findings:
            if isinstance(finding, kinds):
                return finding
        return None


@dataclass(slots=True)
class CaptureSpan:
    """What the whole capture covers: number of frames of any kind and the times of the first and the last (ns).

    ``steps_back`` counts the frames that are older than the frame before them, ``largest_step_ns`` is the largest such
    step and ``largest_step_frame`` the frame after it. ``cut_frames`` counts the frames that were not captured whole,
    ``cut_to`` is the longest of what was kept of one of those, in octets. ``neighbours`` has who asked for whose
    address on the link, ``holes`` the times in which the file shows nothing, ``refusals`` the ICMP errors that quote a
    segment of a connection.
    """

    frames: int = 0
    first_time_ns: int = 0
    last_time_ns: int = 0
    tcp_frames: int = 0
    steps_back: int = 0
    largest_step_ns: int = 0
    largest_step_frame: int = 0
    cut_frames: int = 0
    cut_to: int = 0
    neighbours: NeighbourLog = field(default_factory=NeighbourLog)
    holes: list[CaptureHole] = field(default_factory=list)
    refusals: list[RefusedBy] = field(default_factory=list)
    _before_ns: int = field(default=0, compare=False)

    def cover(self, number: int, time_ns: int, length: int = 0, captured: int = 0) -> None:
        """Take one more frame into account; ``length`` octets on the wire, of which ``captured`` are in the file."""
        if self.frames == 0:
            self.first_time_ns = self.last_time_ns = time_ns
        elif time_ns < self._before_ns:
            self.steps_back += 1
            if self._before_ns - time_ns > self.largest_step_ns:
                self.largest_step_ns, self.largest_step_frame = self._before_ns - time_ns, number
        if captured < length:
            self.cut_frames += 1
            self.cut_to = max(self.cut_to, captured)
        self._before_ns = time_ns
        self.frames = max(self.frames, number)
        self.first_time_ns = min(self.first_time_ns, time_ns)
        self.last_time_ns = max(self.last_time_ns, time_ns)

    def note(self, findings: Iterable[Finding]) -> None:
        """Keep what is found about the capture, or beside the connections."""
        for finding in findings:
            if isinstance(finding, CaptureHole):
                self.holes.append(finding)
            elif isinstance(finding, RefusedBy):
                self.refusals.append(finding)


class Segments:
    """Makes frames of the rows of a capture that begins at ``start_ns``, from which the plugin counts its moments."""

    __slots__ = ("_endpoints", "start_ns")

    def __init__(self, start_ns: int) -> None:
        self.start_ns = start_ns
        self._endpoints: dict[tuple[str | None, int | None], Endpoint] = {}

    def endpoint(self, address: str | None, port: int | None) -> Endpoint:
        """The endpoint; one object for each endpoint of the capture."""
        key = (address, port)
        endpoint = self._endpoints.get(key)
        if endpoint is None:
            if address is None or port is None:
                raise ValueError("no address")
            endpoint = self._endpoints[key] = Endpoint.of(address, port)
        return endpoint

    def beside(self, row: Row) -> tuple[Finding, ...]:
        """The findings on a frame that is no segment of a connection. Raises ToolError on a row that none prints."""
        try:
            return _findings(row, row.time or 0, self.start_ns, NOBODY)
        except (TypeError, ValueError, LookupError, ValidationError) as error:
            raise not_understood(error, row.number) from error

    def of_row(self, row: Row, sent: Retransmissions) -> Frame | None:
        """The segment of a row, None when it has none; ``sent`` has seen all of its connection before it.

        Raises ToolError on a row that tshark should not have printed.

        A segment that an ICMP error quotes is not on its way anywhere and is left out, as is one whose header was
        damaged, cut before the flags, or longer than the packet: the plugin judges none of them.
        """
        is_quoted = row.icmp_type is not None or row.icmp_6_type is not None
        length, flags = row.payload_length, row.flags
        if row.stream is None or is_quoted or row.seq is None or flags is None or length is None or row.time is None:
            return None
        try:
            source = self.endpoint(row.source_4 or row.source_6, row.source_port)
            space = space_of(length, flags)
            return Frame(
                row.number,
                row.time,
                row.stream,
                source,
                self.endpoint(row.destination_4 or row.destination_6, row.destination_port),
                row.seq,
                row.ack or 0,
                length,
                flags,
                row.ttl or row.hop_limit or 0,
                sent.note(row.stream, source, row.time, row.seq, length, space),
                _findings(row, row.time, self.start_ns, source),
                _marks(row),
            )
        except (TypeError, ValueError, LookupError, ValidationError) as error:
            raise not_understood(error, row.number) from error


def parse_rows(rows: Iterable[Row], span: CaptureSpan) -> Iterator[Frame]:
    """Yield the TCP segments among all rows of a capture; ``span`` grows with every frame.

    Raises InputError on a frame without a time, ToolError on a row that tshark should not have printed.
    """
    segments: Segments | None = None
    sent = Retransmissions()
    for row in rows:
        if row.time is None:
            raise InputError(
                f"Frame {row.number} of the file has no time stamp: the file is no packet capture, or one of "
                "frames without times. Give a pcap or pcapng file with time stamps."
            )
        segments = segments or Segments(row.time)
        span.cover(row.number, row.time, row.frame_length or 0, row.captured_length or 0)
        if row.arp_operation or row.icmp_6_type:
            span.neighbours.note(row, row.number, row.time)
        frame = segments.of_row(row, sent)
        span.note(segments.beside(row) if frame is None else frame.findings)
        if frame is not None:
            span.tcp_frames += 1
            yield frame


def _marks(row: Row) -> Marks:
    """The marks of the place of capture; a frame with several IP or TCP headers has none that could be trusted but the
    timestamps, which no device on the way writes.
    """
    if row.is_nested:
        return Marks(timestamp=row.timestamp, timestamp_echo=row.timestamp_echo)
    header = row.header_length or 0
    return read_marks(
        addresses=(row.source_4 or row.source_6 or "", row.destination_4 or row.destination_6 or ""),
        length=row.frame_length or 0,
        ip_id=row.ip_id,
        tcp_length=header + (row.payload_length or 0) if header else 0,
        checksum=row.checksum,
        mss=row.mss or 0,
        packet_type=row.packet_type,
        window=row.window,
        timestamp=row.timestamp,
        timestamp_echo=row.timestamp_echo,
    )


def _findings(row: Row, time_ns: int, start_ns: int, source: Endpoint) -> tuple[Finding, ...]:
    if not row.records:  # as most frames
        return ()
    return tuple(
        parse_record(record, summary, row.number, time_ns, start_ns, source)
        for record, summary in zip(row.records or (), row.summaries or (), strict=True)
    )


class Records(Struct, frozen=True, array_like=True):
    """The findings on a frame as the plugin writes them: each a record and its sentence. ``stream`` is -1 and ``side``,
    which end of the connection sent it, for a frame that is no segment.
    """

    number: int
    time_ns: int
    stream: int
    side: int
    records: list[str]
    summaries: list[str]

    def parsed(self, start_ns: int, source: Endpoint, identifier: str = "") -> Iterator[Finding]:
        """The findings, only those with an id if given. Raises ToolError on a record that the plugin does not write."""
        try:
            for record, summary in zip(self.records, self.summaries, strict=True):
                if not identifier or record.startswith(f"{identifier}|"):
                    yield parse_record(record, summary, self.number, self.time_ns, start_ns, source)
        except (TypeError, ValueError, LookupError, ValidationError) as error:
            raise not_understood(error, self.number) from error


def parse_record(record: str, summary: str, frame: int, time_ns: int, start_ns: int, source: Endpoint) -> Finding:
    """One ``keepalive.record``: "id|level|name=value|...", text percent-encoded; moments become times."""
    identifier, level, *pairs = record.split("|")
    given: dict[str, object] = {"frame": frame, "time_ns": time_ns, "source": source, "summary": summary}
    given["level"] = LEVELS[level]
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name.endswith("_at_ns"):
            given[name] = start_ns + int(value)
        else:
            given[name] = unquote(value) if "%" in value else value
    # Not strict: all values come as text.
    return convert(given, FINDINGS[identifier], strict=False, dec_hook=_endpoint_of)


def _endpoint_of(wanted: type, value: object) -> object:
    """msgspec asks how to make what it does not know."""
    return wanted(value)
