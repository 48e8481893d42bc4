"""One connection told segment by segment, as a capture at one of its ends has it: for captures rebuilt from reports.

Numbers, timestamps and IP identifications go on by themselves; each may be given. Times are seconds from the start.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from tests.scenarios.packets import (
    ACK,
    FIN,
    PSH,
    RST,
    SYN,
    Address,
    Segment,
    ethernet_frame,
    ip_packet,
    syn_options,
    timestamp_option,
)
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.simulation import SECOND

CLIENT, SERVER, MIDDLE = "client", "server", "middle"
HERE, GATEWAY = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")


def address(text: str) -> Address:
    """An end such as 10.0.0.1:40000 or [2001:db8::1]:40000."""
    host, port = text.rsplit(":", 1)
    return Address(ip_address(host.strip("[]")), int(port))


@dataclass
class Wire:
    """A connection of ``client`` and ``server``, captured at ``at``: at one of them, or halfway. ``far`` is the TTL of
    the frames that come in, and ``round_trip`` the time there and back, in seconds. Each method returns the wire.
    """

    start_ns: int
    client: str
    server: str
    at: str = CLIENT
    round_trip: float = 0.0006
    far: int = 61
    stamped: bool = True
    mss: int = 1460
    frames: list[Frame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ends = {CLIENT: address(self.client), SERVER: address(self.server)}
        self.next = {CLIENT: 1_000, SERVER: 500_000}
        self.ids = {CLIENT: 10_000, SERVER: 40_000}
        self.heard = {CLIENT: 0, SERVER: 0}

    def send(
        self, at: float, side: str, flags: int = ACK, octets: int | bytes = 0, *, seq: int | None = None,
        ack: int | None = None, ttl: int = 0, bare: bool = False, window: int = 501,
    ) -> Wire:  # fmt: skip
        """A segment with payload, or so many zero octets of it. ``bare``: as of a host without the connection, without
        options, window and IP identification.
        """
        other = SERVER if side == CLIENT else CLIENT
        stamp = 900_000 * (1 + (side == SERVER)) + round(at * 1000)
        options = struct.pack("!BBHI4B", 2, 4, self.mss, 0x01010402, 1, 3, 3, 7) if flags & SYN and not bare else b""
        if self.stamped and not bare:
            self.heard[other] = stamp
            opening = syn_options(self.mss, 7, stamp, self.heard[side])
            options = opening if flags & SYN else timestamp_option(stamp, self.heard[side])
        self.ids[side] += not bare
        start = self.next[side] if seq is None else seq
        acknowledged = (self.next[other] if ack is None else ack) if flags & ACK else 0
        segment = Segment(
            self.ends[side], self.ends[other], start, acknowledged, flags, 0 if bare else window,
            0 if bare else self.ids[side], options, bytes(octets),
        )  # fmt: skip
        if seq is None:
            self.next[side] += segment.length
        here = side == self.at
        packet = ip_packet(segment, ttl or (64 if here else self.far))
        macs = (HERE, GATEWAY) if side == (CLIENT if self.at == MIDDLE else self.at) else (GATEWAY, HERE)
        moment = self.start_ns + round(at * SECOND)
        self.frames.append(Frame(moment, ethernet_frame(*macs, packet, from_the_wire=not here)))
        return self

    def open(self, at: float = 0.0) -> Wire:
        """The handshake."""
        there, whole = self.there, self.round_trip + 2e-5
        return self.send(at, CLIENT, SYN).send(at + there, SERVER, SYN | ACK).send(at + whole, CLIENT)

    def ask(self, at: float, octets: int = 200, reply: int = 800) -> Wire:
        """A request, its reply 2 ms later, and the acknowledgment of that."""
        self.say(at, CLIENT, octets).say(at + self.there + 0.002, SERVER, reply)
        return self.send(at + 0.002 + self.round_trip + 4e-5, CLIENT)

    def say(self, at: float, side: str, octets: int | bytes) -> Wire:
        """Payload in one segment."""
        return self.send(at, side, PSH | ACK, octets)

    def fin(self, at: float, side: str, *, ack: int | None = None) -> Wire:
        """A FIN; nothing acknowledges it by itself."""
        return self.send(at, side, FIN | ACK, ack=ack)

    def probes(self, first: float, count: int, every: float) -> Wire:
        """The client's keep-alive probes, each answered."""
        for index in range(count):
            at = first + index * every
            self.send(at, CLIENT, seq=self.next[CLIENT] - 1).send(at + self.round_trip, SERVER)
        return self

    def again(self, first: float, side: str, octets: int, times: int) -> Wire:
        """Payload, and its copies by a retransmission timer that doubles from 204 ms on (RFC 6298)."""
        self.say(first, side, octets)
        at, wait = first, 0.204
        for _ in range(times):
            at, wait = at + wait, wait * 2
            self.send(at, side, PSH | ACK, octets, seq=self.next[side] - octets)
        return self

    def refuse(self, at: float, side: str, *, ttl: int = 0) -> Wire:
        """The RST without ACK of a host that does not have the connection (RFC 9293 section 3.10.7.1)."""
        return self.send(at, side, RST, bare=True, ttl=ttl)

    def abort(self, at: float, side: str) -> Wire:
        """The RST of a socket that is given up (Linux tcp_send_active_reset())."""
        return self.send(at, side, RST | ACK)

    def since(self, at: float) -> Wire:
        """The capture started so late."""
        self.frames = [frame for frame in self.frames if frame.time_ns >= self.start_ns + round(at * SECOND)]
        return self

    @property
    def there(self) -> float:
        """How long after a segment of the client the server's answer to it passes the capture, in seconds."""
        return {CLIENT: self.round_trip, MIDDLE: self.round_trip / 2, SERVER: 2e-5}[self.at]

    @property
    def named(self) -> tuple[str, str]:
        """Both ends, the client first."""
        return self.client, self.server


def beside(wire: Wire, until: float) -> Wire:
    """Another connection of the capture, which talks on every 7 s: time in which the capture shows something."""
    other = Wire(wire.start_ns, "10.9.9.9:51515", "10.9.8.8:443", at=wire.at).open(0.5)
    for seconds in range(2, int(until), 7):
        other.ask(seconds, 120, 300)
    return other


def save(path: Path, *wires: Wire) -> Path:
    """Write a capture of these connections."""

    def all_frames() -> Iterator[Frame]:
        for wire in wires:
            yield from wire.frames

    write_pcap(path, sorted(all_frames(), key=lambda frame: frame.time_ns))
    return path
