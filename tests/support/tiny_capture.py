"""Captures of a few hand-made TCP segments, for tests that need a file and not a story."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

CLIENT = ("192.0.2.1", 40000)
SERVER = ("192.0.2.2", 9092)

FIN, SYN, ACK = 0x01, 0x02, 0x10

START_NS = 1_664_467_621_376_174_001


def segment(
    source: tuple[str, int], target: tuple[str, int], flags: int, seq: int, ack: int, payload: bytes = b"",
    *, has_timestamp: bool = True, timestamps: tuple[int, int] = (1000, 2000),
) -> bytes:  # fmt: skip
    """An Ethernet frame with a TCP segment that carries a timestamp option, TSval and TSecr. Checksums are 0."""
    options = bytes((1, 1, 8, 10)) + struct.pack("!II", *timestamps) if has_timestamp else b""
    words = 5 + len(options) // 4
    tcp = struct.pack("!HHIIBBHHH", source[1], target[1], seq, ack, words << 4, flags, 500, 0, 0) + options + payload
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + _address(source[0]) + _address(target[0])
    return bytes(12) + b"\x08\x00" + ip + tcp


def closed_connection() -> list[bytes]:
    """Four frames: the handshake (1 to 3), then the server's FIN (4)."""
    return [
        segment(CLIENT, SERVER, SYN, 100, 0),
        segment(SERVER, CLIENT, SYN | ACK, 500, 101),
        segment(CLIENT, SERVER, ACK, 101, 501),
        segment(SERVER, CLIENT, FIN | ACK, 501, 101),
    ]


def write_pcap(path: Path, frames: Sequence[bytes]) -> Path:
    """Write a pcap with nanosecond times, one frame a second from START_NS."""
    records = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1)]
    for index, frame in enumerate(frames):
        seconds, nanoseconds = divmod(START_NS + index * 1_000_000_000, 1_000_000_000)
        records.append(struct.pack("<IIII", seconds, nanoseconds, len(frame), len(frame)) + frame)
    path.write_bytes(b"".join(records))
    return path


def _address(text: str) -> bytes:
    return bytes(map(int, text.split(".")))
