"""The TCP headers of a capture as tshark prints them, with Wireshark's keep-alive marks and none of the plugin's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.scenarios.packets import ACK, FIN, PSH, RST, SYN
from tests.support.plugin import run_tshark

FIELDS = (
    "frame.number",
    "frame.time_relative",
    "tcp.stream",
    "ip.src",
    "ipv6.src",
    "tcp.srcport",
    "ip.id",
    "tcp.seq_raw",
    "tcp.ack_raw",
    "tcp.len",
    "tcp.flags",
    "tcp.window_size_value",
    "tcp.analysis.keep_alive",
    "tcp.analysis.keep_alive_ack",
)
MODULUS = 2**32


def distance(a: int, b: int) -> int:
    """How far sequence number `a` lies after `b` (RFC 9293 section 3.4); negative when it lies before."""
    return (a - b + MODULUS // 2) % MODULUS - MODULUS // 2


@dataclass(frozen=True, slots=True)
class Header:
    """One segment. `time_ns` counts from the capture's first frame, `sender` tells its two ends apart."""

    frame: int
    time_ns: int
    stream: int
    sender: tuple[str, str]
    ip_id: str
    seq: int
    ack: int
    length: int
    flags: int
    window: int
    keep_alive: bool
    keep_alive_ack: bool

    @property
    def end(self) -> int:
        """The number after the last one that the segment takes."""
        return (self.seq + self.length + bool(self.flags & SYN) + bool(self.flags & FIN)) % MODULUS

    @property
    def is_plain(self) -> bool:
        """None of SYN, FIN and RST, and it acknowledges."""
        return self.flags & (SYN | FIN | RST | ACK) == ACK

    @property
    def is_written(self) -> bool:
        """Payload that somebody wrote: the last segment of a write has PSH."""
        return self.length > 0 and bool(self.flags & PSH)

    def repeats(self, other: Header) -> bool:
        """Whether this is the same IP packet once more."""
        return (self.sender, self.ip_id, self.seq, self.ack, self.length, self.flags) == (
            other.sender,
            other.ip_id,
            other.seq,
            other.ack,
            other.length,
            other.flags,
        )


def headers_of(capture: Path, *options: str) -> list[Header]:
    """The outermost TCP header of each frame that has a whole one, in the order of the capture."""
    arguments = [part for name in FIELDS for part in ("-e", name)]
    printed = run_tshark(
        ["-r", str(capture), "-Y", "tcp.len", "-T", "fields", "-E", "occurrence=f", *arguments, *options]
    )
    return [_header(line.split("\t")) for line in printed.splitlines()]


def _header(columns: list[str]) -> Header:
    frame, time, stream, ipv4, ipv6, port, ip_id, seq, ack, length, flags, window, keep_alive, keep_alive_ack = columns
    whole, _, fraction = time.partition(".")
    return Header(
        frame=int(frame),
        time_ns=int(whole) * 1_000_000_000 + int(fraction.ljust(9, "0")),
        stream=int(stream),
        sender=(ipv4 or ipv6, port),
        ip_id=ip_id,
        seq=int(seq),
        ack=int(ack),
        length=int(length),
        flags=int(flags, 16),
        window=int(window),
        keep_alive=bool(keep_alive),
        keep_alive_ack=bool(keep_alive_ack),
    )
