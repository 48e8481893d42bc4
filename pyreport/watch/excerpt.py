"""Cuts what concerns an incident out of the ring: the frames between its hosts, of a time, into one pcapng file.

Frames are chosen by the bytes of the two addresses, side by side as in every IPv4 and IPv6 header. So nothing has to be
dissected, tunnels and VLANs make no difference, and an ICMP error that quotes the connection is there as well.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import BinaryIO, TypeAlias

from msgspec import Struct

from pyreport.capture.pcapng_blocks import (
    ENHANCED_PACKET,
    INTERFACE_DESCRIPTION,
    INTERFACE_STATISTICS,
    SECTION_HEADER,
)

Address: TypeAlias = "IPv4Address | IPv6Address"

_BLOCK = struct.Struct("=II")


class Wanted(Struct, frozen=True):
    """The frames between two addresses, those of one, or all; ``ports`` are those of the connection, in the order
    of its addresses, where they are known.
    """

    addresses: tuple[Address, ...] = ()
    ports: tuple[int, int] | None = None

    @property
    def needles(self) -> tuple[bytes, ...]:
        """What a frame of the hosts has in it; none: every frame is wanted."""
        return tuple(map(b"".join, self._directions())) or tuple(each.packed for each in self.addresses[:1])

    @property
    def own(self) -> tuple[bytes, ...]:
        """What a frame of the connection itself has in it: the ports follow the addresses at once, but for options."""
        if self.ports is None:
            return ()
        ports = [struct.pack("!HH", *pair) for pair in (self.ports, self.ports[::-1])]
        return tuple(b"".join((*hosts, pair)) for hosts, pair in zip(self._directions(), ports, strict=False))

    def _directions(self) -> list[tuple[bytes, bytes]]:
        packed = [address.packed for address in self.addresses]
        if len(packed) < 2 or len(packed[0]) != len(packed[1]):
            return []
        return [(packed[0], packed[1]), (packed[1], packed[0])]


class Excerpt(Struct, frozen=True):
    """How many frames were written, and whether older ones were left out for want of room."""

    frames: int
    is_cut: bool


def cut(files: Sequence[Path], wanted: Wanted, target: BinaryIO, most_bytes: int, most_own_bytes: int) -> Excerpt:
    """Write what is wanted of the ring's files (the oldest first) to ``target``: of the connection itself the newest
    ``most_own_bytes``, of the hosts' others the newest ``most_bytes``.

    A file that the ring takes back meanwhile, and the unfinished end of the newest, are left out. Raises OSError when
    the target cannot be written.
    """
    own = wanted.own
    parts: list[bytes] = []
    frames = 0
    room = {False: most_bytes, True: most_own_bytes if own else 0}
    is_full = {False: False, True: not own}
    for path in reversed(files):
        if all(is_full.values()):
            break
        head, kept, statistics = _of_file(path, own if is_full[False] else wanted.needles)
        chosen: list[bytes] = []
        for block in reversed(kept):
            is_own = any(needle in block for needle in own)
            room[is_own] -= len(block)
            is_full[is_own] |= room[is_own] < 0
            if not is_full[is_own]:
                chosen.append(block)
        if chosen:
            # Each file of the ring is a section of its own. Drop counters count from the start of dumpcap, so those of
            # the newest file hold for all.
            parts.append(b"".join((*head, *reversed(chosen), *(() if frames else statistics))))
            frames += len(chosen)
    target.writelines(reversed(parts))
    return Excerpt(frames, is_full[False] or bool(own and is_full[True]))


def _of_file(path: Path, needles: tuple[bytes, ...]) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """The blocks before the frames, those of the frames that have a needle (all, where there are none), and the
    statistics.
    """
    head: list[bytes] = []
    kept: list[bytes] = []
    statistics: list[bytes] = []
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if needles and not any(content.find(needle) >= 0 for needle in needles):
                return [], [], []
            for kind, begin, end in _blocks(content):
                if kind == ENHANCED_PACKET:
                    block = content[begin:end]
                    if not needles or any(needle in block for needle in needles):
                        kept.append(block)
                elif kind in (SECTION_HEADER, INTERFACE_DESCRIPTION):
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
