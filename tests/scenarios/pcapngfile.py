"""Pcapng files (draft-ietf-opsawg-pcapng), little-endian: several interfaces, each with its link type and clock."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.scenarios.pcapfile import LINKTYPE_ETHERNET, SNAP_LENGTH, Frame

SECTION_HEADER, INTERFACE_DESCRIPTION, SIMPLE_PACKET, ENHANCED_PACKET = 0x0A0D0D0A, 1, 3, 6
BYTE_ORDER_MAGIC = 0x1A2B3C4D
OPTION_END, OPTION_IF_TSRESOL = 0, 9
POWER_OF_TWO = 0x80  # in if_tsresol: the clock counts 2^-n s, not 10^-n s


class Interface(NamedTuple):
    """What an Interface Description Block says. `resolution` is if_tsresol: 6 for microseconds, 9 for nanoseconds,
    POWER_OF_TWO | n for 2^-n seconds.
    """

    link_type: int = LINKTYPE_ETHERNET
    resolution: int = 6

    def ticks(self, time_ns: int) -> int:
        """The time stamp of a moment (nanoseconds since the epoch) on this interface's clock, rounded down."""
        exponent = self.resolution & ~POWER_OF_TWO
        per_second: int = 2**exponent if self.resolution & POWER_OF_TWO else 10**exponent
        return time_ns * per_second // 1_000_000_000


def write_pcapng(path: Path, interfaces: Sequence[Interface], packets: Iterable[tuple[int, Frame]]) -> None:
    """Write packets, each with the index of its interface, in the order given, whatever their times are."""
    parts = [_block(SECTION_HEADER, struct.pack("<IHHq", BYTE_ORDER_MAGIC, 1, 0, -1))]
    for interface in interfaces:
        options = struct.pack("<HHB3xHH", OPTION_IF_TSRESOL, 1, interface.resolution, OPTION_END, 0)
        parts.append(_block(INTERFACE_DESCRIPTION, struct.pack("<HHI", interface.link_type, 0, SNAP_LENGTH) + options))
    for index, frame in packets:
        ticks = interfaces[index].ticks(frame.time_ns)
        head = struct.pack("<IIIII", index, ticks >> 32, ticks & 0xFFFFFFFF, len(frame.octets), frame.length)
        parts.append(_block(ENHANCED_PACKET, head + frame.octets))
    path.write_bytes(b"".join(parts))


def write_without_times(path: Path, frames: Iterable[Frame]) -> None:
    """Write frames as Simple Packet Blocks, which have no time stamp, of one Ethernet interface."""
    parts = [
        _block(SECTION_HEADER, struct.pack("<IHHq", BYTE_ORDER_MAGIC, 1, 0, -1)),
        _block(INTERFACE_DESCRIPTION, struct.pack("<HHI", LINKTYPE_ETHERNET, 0, SNAP_LENGTH)),
    ]
    parts += [_block(SIMPLE_PACKET, struct.pack("<I", frame.length) + frame.octets) for frame in frames]
    path.write_bytes(b"".join(parts))


def _block(kind: int, body: bytes) -> bytes:
    padded = body + bytes(-len(body) % 4)
    length = struct.pack("<I", 12 + len(padded))
    return struct.pack("<I", kind) + length + padded + length
