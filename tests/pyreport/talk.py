"""One connection with payload that a test chooses, as a capture at the client."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

from tests.scenarios.packets import ACK, FIN, PSH, RST, SYN, Address, Segment, ethernet_frame, ipv4_packet
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.simulation import MILLISECOND, SECOND

START_NS = 1_700_000_000 * SECOND
CLIENT_IP, SERVER_IP = IPv4Address("10.0.0.1"), IPv4Address("10.0.9.9")
HERE, GATEWAY = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
CLIENT, SERVER = "client", "server"


class Talk:
    """Each method adds one frame, a given time after the one before."""

    def __init__(self, port: int = 9092, *, handshake: bool = True) -> None:
        self.ends = {CLIENT: Address(CLIENT_IP, 40000), SERVER: Address(SERVER_IP, port)}
        self.next = {CLIENT: 0xFFFF_FFF0, SERVER: 9000}  # the client's numbers wrap within the test
        self.now = START_NS
        self.frames: list[Frame] = []
        if handshake:
            self.send(CLIENT, SYN).send(SERVER, SYN | ACK).send(CLIENT, ACK)

    def send(self, side: str, flags: int, payload: bytes = b"", after_ms: int = 1, seq: int | None = None) -> Talk:
        """A segment; ``seq`` sends an old one again."""
        other = SERVER if side == CLIENT else CLIENT
        self.now += after_ms * MILLISECOND
        acknowledged = self.next[other] if flags & ACK else 0
        segment = Segment(
            self.ends[side], self.ends[other], self.next[side] if seq is None else seq, acknowledged, flags, 500,
            len(self.frames) + 1, b"", payload,
        )  # fmt: skip
        if seq is None:
            self.next[side] = (self.next[side] + segment.length) % (1 << 32)
        here = side == CLIENT
        packet = ipv4_packet(segment, 64 if here else 61)
        macs = (HERE, GATEWAY) if here else (GATEWAY, HERE)
        self.frames.append(Frame(self.now, ethernet_frame(*macs, packet, from_the_wire=not here)))
        return self

    def say(self, side: str, payload: bytes, after_ms: int = 1) -> Talk:
        """Payload in one segment."""
        return self.send(side, PSH | ACK, payload, after_ms)

    def fin(self, side: str, after_ms: int = 1) -> Talk:
        """A FIN, and its acknowledgment."""
        return self.send(side, FIN | ACK, after_ms=after_ms).send(SERVER if side == CLIENT else CLIENT, ACK)

    def reset(self, side: str, after_ms: int = 1) -> Talk:
        """An RST."""
        return self.send(side, RST | ACK, after_ms=after_ms)

    def write(self, folder: Path, *, snap_length: int | None = None, skip: int = 0) -> Path:
        """The capture, without its first ``skip`` frames, each cut to ``snap_length``."""
        frames = [frame.cut(snap_length) if snap_length else frame for frame in self.frames[skip:]]
        write_pcap(folder / "talk.pcap", frames)
        return folder / "talk.pcap"
