"""Classic pcap files (draft-ietf-opsawg-pcap), little-endian, of one link type, in microseconds or nanoseconds."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

MAGIC_MICROSECONDS = 0xA1B2C3D4
MAGIC_NANOSECONDS = 0xA1B23C4D
LINKTYPE_ETHERNET = 1
SNAP_LENGTH = 262_144  # tcpdump's default


class Frame(NamedTuple):
    """One captured frame: nanoseconds since the epoch UTC, its bytes from the link layer on, and its length before a
    snap length cut it (None: it was not cut).
    """

    time_ns: int
    octets: bytes
    original_length: int | None = None

    @property
    def length(self) -> int:
        """Octets that were on the wire."""
        return len(self.octets) if self.original_length is None else self.original_length

    def cut(self, snap_length: int) -> Frame:
        """The frame as a capture with this snap length has it."""
        return Frame(self.time_ns, self.octets[:snap_length], self.length)


def write_pcap(
    path: Path,
    frames: Sequence[Frame],
    *,
    link_type: int = LINKTYPE_ETHERNET,
    nanoseconds: bool = False,
    clock_may_jump: bool = False,
) -> None:
    """Write frames to a file. Raises ValueError when they are longer than the snap length, or are not in time order
    and no clock jump is meant.
    """
    magic, unit = (MAGIC_NANOSECONDS, 1) if nanoseconds else (MAGIC_MICROSECONDS, 1000)
    parts = [struct.pack("<IHHiIII", magic, 2, 4, 0, 0, SNAP_LENGTH, link_type)]
    previous = 0
    for number, frame in enumerate(frames, start=1):
        if (frame.time_ns < previous and not clock_may_jump) or len(frame.octets) > SNAP_LENGTH:
            raise ValueError(f"frame {number} is out of time order or too long")
        previous = frame.time_ns
        seconds, rest = divmod(frame.time_ns, 1_000_000_000)
        parts += [struct.pack("<IIII", seconds, rest // unit, len(frame.octets), frame.length), frame.octets]
    path.write_bytes(b"".join(parts))
