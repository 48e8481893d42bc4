"""From tshark's rows to frames and findings with real types, validated once, here.

What a frame means is the plugin's word: this module only reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from pyreport.base.errors import ToolError
from pyreport.base.units import parse_seconds
from pyreport.capture.tshark import AGGREGATOR
from pyreport.frames.capture_hints import NO_MARKS, Marks, read_marks

#: The fields of the bulk pass, in the order of a row.
FIELDS = (
    "frame.number",
    "frame.time_epoch",
    "tcp.stream",
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "ipv6.dst",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq_raw",
    "tcp.ack_raw",
    "tcp.len",
    "tcp.flags",
    "ip.ttl",
    "ipv6.hlim",
    "icmp.type",
    "icmpv6.type",
    "tcp.analysis.retransmission",
    "keepalive.record",
    "keepalive.summary",
    "frame.len",
    "frame.cap_len",
    "ip.id",
    "tcp.hdr_len",
    "tcp.checksum",
    "tcp.options.mss_val",
    "sll.pkttype",
    "tcp.window_size_value",
    "tcp.options.timestamp.tsval",
)

FLAG_FIN, FLAG_SYN, FLAG_RST, FLAG_ACK = 0x01, 0x02, 0x04, 0x10


class Level(IntEnum):
    """Severity of a finding, as Wireshark's expert information names it."""

    CHAT = 1
    NOTE = 2
    WARN = 3
    ERROR = 4

    @property
    def word(self) -> str:
        """The name that the plugin prints: "Chat", "Note", "Warn", "Error"."""
        return self.name.capitalize()


Datum = int | str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of the plugin on one frame.

    ``data`` is keyed as the plugin names it: ``*_frame`` are frame numbers, ``*_ns`` durations in nanoseconds,
    ``*_at_ns`` times in nanoseconds since the epoch, others counts or text.
    """

    id: str
    level: Level
    frame: int
    time_ns: int
    source: str
    data: Mapping[str, Datum]
    summary: str

    def number(self, name: str) -> int | None:
        """The datum as an integer, None when the plugin did not give it."""
        value = self.data.get(name)
        return value if isinstance(value, int) else None

    def text(self, name: str) -> str:
        """The datum as text, "" when the plugin did not give it."""
        return str(self.data.get(name, ""))


@dataclass(frozen=True, slots=True)
class Frame:
    """One TCP segment of the capture. ``source`` and ``destination`` are "address:port", IPv6 in brackets.

    ``seq`` and ``ack`` are the raw numbers of the header, ``length`` the payload octets, ``ttl`` the hop limit (0:
    unknown). ``retransmission`` is Wireshark's own mark. The rest tells of the place of capture, see capture_hints.
    """

    number: int
    time_ns: int
    stream: int
    source: str
    destination: str
    seq: int
    ack: int
    length: int
    flags: int
    ttl: int
    retransmission: bool = False
    findings: tuple[Finding, ...] = ()
    marks: Marks = NO_MARKS

    def has(self, flag: int) -> bool:
        """Whether a TCP flag (FLAG_...) is set."""
        return bool(self.flags & flag)

    def found(self, *ids: str) -> Finding | None:
        """The first finding with one of these ids, if any."""
        return next((finding for finding in self.findings if finding.id in ids), None)


@dataclass(slots=True)
class CaptureSpan:
    """What the whole capture covers: number of frames of any kind and the times of the first and the last (ns).

    ``steps_back`` counts the frames that are older than the frame before them, ``largest_step_ns`` is the largest such
    step and ``largest_step_frame`` the frame after it. ``cut_frames`` counts the frames that were not captured whole,
    ``cut_to`` is the longest of what was kept of one of those, in octets.
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
    """Yield the TCP segments among the rows (see FIELDS); ``span`` grows with every frame.

    A segment that an ICMP error quotes is not on its way anywhere and is left out, as is one whose header was damaged
    or cut before the flags. Raises ToolError on a row that tshark should not have printed.
    """
    start_ns: int | None = None
    endpoints: dict[tuple[str, str], str] = {}
    for row in rows:
        try:
            number, time_ns = int(row[0]), parse_seconds(row[1])
            # The plugin counts its moments from the capture's first frame.
            start_ns = time_ns if start_ns is None else start_ns
            span.cover(number, time_ns, int(row[20] or 0), int(row[21] or 0))
            is_quoted, has_flags = bool(row[15] or row[16]), bool(row[9] and row[12])
            if not row[2] or is_quoted or not has_flags:
                continue
            frame = _parse_segment(row, number, time_ns, start_ns, endpoints)
        except (ValueError, LookupError) as error:
            raise ToolError(
                f"tshark printed a frame that cannot be understood ({error} in {row[:3]}): use tshark 4.0 to 4.6."
            ) from error
        span.tcp_frames += 1
        yield frame


def _parse_segment(
    row: list[str], number: int, time_ns: int, start_ns: int, endpoints: dict[tuple[str, str], str]
) -> Frame:
    source = _endpoint(_innermost(row[3]) or _innermost(row[5]), _outermost(row[7]), endpoints)
    destination = _endpoint(_innermost(row[4]) or _innermost(row[6]), _outermost(row[8]), endpoints)
    findings: tuple[Finding, ...] = ()
    if row[18]:
        records, summaries = row[18].split(AGGREGATOR), row[19].split(AGGREGATOR)
        findings = tuple(
            _parse_record(record, summary, number, time_ns, start_ns, source)
            for record, summary in zip(records, summaries, strict=True)
        )
    return Frame(
        number,
        time_ns,
        int(_outermost(row[2])),
        source,
        destination,
        int(_outermost(row[9])),
        int(_outermost(row[10]) or 0),
        int(_outermost(row[11]) or 0),
        int(_outermost(row[12]), 0),
        int(_innermost(row[13]) or _innermost(row[14]) or 0),
        bool(row[17]),
        findings,
        _parse_marks(row),
    )


def _parse_marks(row: list[str]) -> Marks:
    """The marks of the place of capture; a frame with several IP or TCP headers has none that could be trusted."""
    if any(AGGREGATOR in row[column] for column in (3, 5, 7)):
        return NO_MARKS
    payload, header = int(row[11] or 0), int(row[23] or 0)
    return read_marks(
        addresses=(row[3] or row[5], row[4] or row[6]),
        length=int(row[20] or 0),
        ip_id=int(row[22], 0) if row[22] else None,
        tcp_length=header + payload if header else 0,
        checksum=int(row[24], 0) if row[24] else None,
        mss=int(_outermost(row[25]) or 0),
        packet_type=int(_outermost(row[26])) if row[26] else None,
        window=int(row[27]) if row[27] else None,
        timestamp=int(_outermost(row[28])) if row[28] else None,
    )


def _outermost(text: str) -> str:
    return text.partition(AGGREGATOR)[0]


def _innermost(text: str) -> str:
    return text.rpartition(AGGREGATOR)[2]


def _endpoint(address: str, port: str, known: dict[tuple[str, str], str]) -> str:
    """The endpoint as "address:port"; one string object for each endpoint of the capture."""
    key = (address, port)
    if key not in known:
        known[key] = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return known[key]


def _parse_record(record: str, summary: str, frame: int, time_ns: int, start_ns: int, source: str) -> Finding:
    """One ``keepalive.record``: "id|level|name=value|..."; moments become times since the epoch."""
    finding_id, level, *pairs = record.split("|")
    data: dict[str, Datum] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name.endswith("_at_ns"):
            data[name] = start_ns + int(value)
        else:
            data[name] = int(value) if value.lstrip("-").isdigit() else value
    return Finding(finding_id, Level[level.upper()], frame, time_ns, source, data, summary)
