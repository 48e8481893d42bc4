"""Classic pcap files (draft-ietf-opsawg-pcap), little-endian, microseconds, Ethernet."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

MAGIC_MICROSECONDS = 0xA1B2C3D4
LINKTYPE_ETHERNET = 1
SNAP_LENGTH = 262_144  # tcpdump's default


class Frame(NamedTuple):
    """One captured frame: nanoseconds since the epoch UTC, and its bytes from the Ethernet header on."""

    time_ns: int
    octets: bytes


def write_pcap(path: Path, frames: Sequence[Frame]) -> None:
    """Write frames to a file. Raises ValueError when they are not in time order or longer than the snap length."""
    parts = [struct.pack("<IHHiIII", MAGIC_MICROSECONDS, 2, 4, 0, 0, SNAP_LENGTH, LINKTYPE_ETHERNET)]
    previous = 0
    for number, (time_ns, octets) in enumerate(frames, start=1):
        if time_ns < previous or len(octets) > SNAP_LENGTH:
            raise ValueError(f"frame {number} is out of time order or too long")
        previous = time_ns
        seconds, rest = divmod(time_ns, 1_000_000_000)
        parts += [struct.pack("<IIII", seconds, rest // 1000, len(octets), len(octets)), octets]
    path.write_bytes(b"".join(parts))
