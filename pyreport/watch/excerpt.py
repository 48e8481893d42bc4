"""Cuts what concerns an incident out of the ring: the frames between its hosts, of a time, into one pcapng file.

Frames are chosen by the bytes of the two addresses, side by side as in every IPv4 and IPv6 header. So nothing has to be
dissected, tunnels and VLANs make no difference, and an ICMP error that quotes the connection is there as well.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import BinaryIO, TypeAlias

from pyreport.capture.pcapng import INTERFACE_STATISTICS, SECTION_HEADER

Address: TypeAlias = "IPv4Address | IPv6Address"

# draft-ietf-opsawg-pcapng, sections 4.2 and 4.3. dumpcap writes in the machine's byte order.
INTERFACE, ENHANCED_PACKET = 0x00000001, 0x00000006
_BLOCK = struct.Struct("=II")
_CAPTURED = struct.Struct("=I")
_TO_DATA = 28
_TO_CAPTURED = 20


@dataclass(frozen=True, slots=True)
class Excerpt:
    """How many frames were written, and whether older ones of these hosts were left out for want of room."""

    frames: int
    is_cut: bool


def cut(files: Sequence[Path], addresses: Sequence[Address], target: BinaryIO, most_bytes: int) -> Excerpt:
    """Write the frames of the ring's files (the oldest first) that have the addresses to ``target``: those between two,
    those of one, or all; the newest ``most_bytes`` of them.

    A file that the ring takes back meanwhile, and the unfinished end of the newest, are left out. Raises OSError when
    the target cannot be written.
    """
    needles = _needles(addresses)
    parts: list[bytes] = []
    frames = size = 0
    is_cut = False
    for path in reversed(files):
        head, kept, statistics = _of_file(path, needles)
        room = max(0, most_bytes - size)
        chosen: list[bytes] = []
        for block in reversed(kept):
            room -= len(block)
            if room < 0:
                is_cut = True
                break
            chosen.append(block)
        chosen.reverse()
        if chosen:
            # Each file of the ring is a section of its own. Drop counters count from the start of dumpcap, so those of
            # the newest file hold for all.
            parts.append(b"".join((*head, *chosen, *(() if frames else statistics))))
            frames += len(chosen)
            size += len(parts[-1])
        if is_cut:
            break
    target.writelines(reversed(parts))
    return Excerpt(frames, is_cut)


def _needles(addresses: Sequence[Address]) -> tuple[bytes, ...]:
    packed = [address.packed for address in addresses]
    if len(packed) < 2 or len(packed[0]) != len(packed[1]):
        return tuple(packed[:1])
    return packed[0] + packed[1], packed[1] + packed[0]


def _of_file(path: Path, needles: tuple[bytes, ...]) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """The blocks before the frames, those of the frames that have a needle, and the statistics."""
    head: list[bytes] = []
    kept: list[bytes] = []
    statistics: list[bytes] = []
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if needles and not any(content.find(needle) >= 0 for needle in needles):
                return [], [], []
            for kind, begin, end in _blocks(content):
                if kind == ENHANCED_PACKET:
                    (captured,) = _CAPTURED.unpack_from(content, begin + _TO_CAPTURED)
                    data = content[begin + _TO_DATA : begin + _TO_DATA + captured]
                    if not needles or any(needle in data for needle in needles):
                        kept.append(content[begin:end])
                elif kind in (SECTION_HEADER, INTERFACE):
                    head.append(content[begin:end])
                elif kind == INTERFACE_STATISTICS:
                    statistics.append(content[begin:end])
    except (FileNotFoundError, ValueError):  # taken back; empty
        return [], [], []
    return head, kept, statistics


def _blocks(content: mmap.mmap) -> Iterator[tuple[int, int, int]]:
    """(type, begin, end) of each whole block."""
    position = 0
    while position + 12 <= len(content):
        kind, length = _BLOCK.unpack_from(content, position)
        if length < 12 or position + length > len(content):
            return
        yield kind, position, position + length
        position += length
