"""From tshark's rows to frames and findings with real types, validated once, here.

What a frame means is the plugin's word: this module only reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import unquote

from msgspec import ValidationError, convert

from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError, ToolError
from pyreport.base.units import parse_seconds
from pyreport.capture.tshark import AGGREGATOR
from pyreport.frames.capture_hints import NO_MARKS, Marks, read_marks
from pyreport.frames.columns import Columns
from pyreport.frames.finding import Finding, Level
from pyreport.frames.findings import KINDS
from pyreport.frames.neighbour import NeighbourLog
from pyreport.frames.seq import shifted

#: The class of each finding by its id.
FINDINGS = {kind.id: kind for kind in KINDS}

F = TypeVar("F", bound=Finding)

FLAG_FIN, FLAG_SYN, FLAG_RST, FLAG_ACK = 0x01, 0x02, 0x04, 0x10


@dataclass(frozen=True, slots=True)
class Frame:
    """One TCP segment of the capture. ``source`` and ``destination`` are "address:port", IPv6 in brackets.

    ``seq`` and ``ack`` are the raw numbers of the header, ``length`` the payload octets, ``ttl`` the hop limit (0:
    unknown). ``retransmission`` is Wireshark's own mark. The rest tells of the place of capture, see capture_hints.
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
        return self.length + (1 if self.has(FLAG_SYN) else 0) + (1 if self.has(FLAG_FIN) else 0)

    @property
    def end(self) -> int:
        """The sequence number after the segment."""
        return shifted(self.seq, self.space)

    def has(self, flag: int) -> bool:
        """Whether a TCP flag (FLAG_...) is set."""
        return bool(self.flags & flag)

    def found(self, *kinds: type[F]) -> F | None:
        """The first finding of one of these kinds, if any."""
        return next((finding for finding in self.findings if isinstance(finding, kinds)), None)


@dataclass(slots=True)
class CaptureSpan:
    """What the whole capture covers: number of frames of any kind and the times of the first and the last (ns).

    ``steps_back`` counts the frames that are older than the frame before them, ``largest_step_ns`` is the largest such
    step and ``largest_step_frame`` the frame after it. ``cut_frames`` counts the frames that were not captured whole,
    ``cut_to`` is the longest of what was kept of one of those, in octets. ``neighbours`` has who asked for whose
    address on the link.
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
    _before_ns: int = 0

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


def parse_rows(rows: Iterable[list[str]], span: CaptureSpan) -> Iterator[Frame]:
    """Yield the TCP segments among the rows (see Columns); ``span`` grows with every frame.

    A segment that an ICMP error quotes is not on its way anywhere and is left out, as is one whose header was damaged
    or cut before the flags. Raises InputError on a frame without a time, ToolError on a row that tshark should not have
    printed.
    """
    start_ns: int | None = None
    endpoints: dict[tuple[str, str], Endpoint] = {}
    for texts in rows:
        try:
            row = Columns._make(texts)
            if row.number and not row.time:
                raise InputError(
                    f"Frame {row.number} of the file has no time stamp: the file is no packet capture, or one of "
                    "frames without times. Give a pcap or pcapng file with time stamps."
                )
            number, time_ns = int(row.number), parse_seconds(row.time)
            # The plugin counts its moments from the capture's first frame.
            start_ns = time_ns if start_ns is None else start_ns
            span.cover(number, time_ns, int(row.frame_length or 0), int(row.captured_length or 0))
            if row.arp_operation or row.icmp_6_type:
                span.neighbours.note(row, number, time_ns)
            is_quoted, has_flags = bool(row.icmp_type or row.icmp_6_type), bool(row.seq and row.flags)
            if not row.stream or is_quoted or not has_flags:
                continue
            frame = _parse_segment(row, number, time_ns, start_ns, endpoints)
        except (TypeError, ValueError, LookupError, ValidationError) as error:
            raise ToolError(
                f"tshark printed a frame that cannot be understood ({error} in {texts[:3]}): use tshark 4.0 to 4.6."
            ) from error
        span.tcp_frames += 1
        yield frame


def _parse_segment(
    row: Columns, number: int, time_ns: int, start_ns: int, endpoints: dict[tuple[str, str], Endpoint]
) -> Frame:
    source_address = _innermost(row.source_4) or _innermost(row.source_6)
    destination_address = _innermost(row.destination_4) or _innermost(row.destination_6)
    source = _endpoint(source_address, _outermost(row.source_port), endpoints)
    findings: tuple[Finding, ...] = ()
    if row.records:
        records, summaries = row.records.split(AGGREGATOR), row.summaries.split(AGGREGATOR)
        findings = tuple(
            parse_record(record, summary, number, time_ns, start_ns, source)
            for record, summary in zip(records, summaries, strict=True)
        )
    return Frame(
        number,
        time_ns,
        int(_outermost(row.stream)),
        source,
        _endpoint(destination_address, _outermost(row.destination_port), endpoints),
        int(_outermost(row.seq)),
        int(_outermost(row.ack) or 0),
        int(_outermost(row.payload_length) or 0),
        int(_outermost(row.flags), 0),
        int(_innermost(row.ttl) or _innermost(row.hop_limit) or 0),
        bool(row.retransmission),
        findings,
        _parse_marks(row),
    )


def _parse_marks(row: Columns) -> Marks:
    """The marks of the place of capture; a frame with several IP or TCP headers has none that could be trusted but the
    timestamps, which no device on the way writes.
    """
    timestamp, echo = _number(row.timestamp), _number(row.timestamp_echo)
    if any(AGGREGATOR in text for text in (row.source_4, row.source_6, row.source_port)):
        return Marks(timestamp=timestamp, timestamp_echo=echo)
    payload, header = int(row.payload_length or 0), int(row.header_length or 0)
    return read_marks(
        addresses=(row.source_4 or row.source_6, row.destination_4 or row.destination_6),
        length=int(row.frame_length or 0),
        ip_id=int(row.ip_id, 0) if row.ip_id else None,
        tcp_length=header + payload if header else 0,
        checksum=int(row.checksum, 0) if row.checksum else None,
        mss=_number(row.mss) or 0,
        packet_type=_number(row.packet_type),
        window=_number(row.window),
        timestamp=timestamp,
        timestamp_echo=echo,
    )


def _number(text: str) -> int | None:
    """The first of a field's values; None without any."""
    return int(_outermost(text)) if text else None


def _outermost(text: str) -> str:
    return text.partition(AGGREGATOR)[0]


def _innermost(text: str) -> str:
    return text.rpartition(AGGREGATOR)[2]


def _endpoint(address: str, port: str, known: dict[tuple[str, str], Endpoint]) -> Endpoint:
    """The endpoint; one object for each endpoint of the capture."""
    key = (address, port)
    if key not in known:
        known[key] = Endpoint.of(address, port)
    return known[key]


def parse_record(record: str, summary: str, frame: int, time_ns: int, start_ns: int, source: Endpoint) -> Finding:
    """One ``keepalive.record``: "id|level|name=value|...", text percent-encoded; moments become times."""
    identifier, level, *pairs = record.split("|")
    given: dict[str, object] = {"frame": frame, "time_ns": time_ns, "source": source, "summary": summary}
    given["level"] = Level[level.upper()]
    for pair in pairs:
        name, _, value = pair.partition("=")
        given[name] = start_ns + int(value) if name.endswith("_at_ns") else unquote(value)
    # Not strict: all values come as text.
    return convert(given, FINDINGS[identifier], strict=False, dec_hook=_endpoint_of)


def _endpoint_of(wanted: type, value: object) -> object:
    """msgspec asks how to make what it does not know."""
    return wanted(value)
