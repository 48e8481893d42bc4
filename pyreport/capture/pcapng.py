"""What a pcapng file itself says of packets that were dropped before they got into it.

Only block headers are read, not packets. tshark and capinfos do not print these counters.
"""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

from msgspec import Struct

from pyreport.capture.pcapng_blocks import AFTER, BEFORE, INTERFACE_STATISTICS, SECTION_HEADER, options_of, positions

# draft-ietf-opsawg-pcapng 4.6, Interface Statistics Block and its options.
IF_DROP, OS_DROP = 5, 7
STATISTICS_FIXED = 20  # header, interface, timestamp


class DropCounters(Struct, frozen=True):
    """Packets that the interface or the operating system dropped before the capture program saw them."""

    by_interface: int
    by_system: int

    @property
    def total(self) -> int:
        """All packets that were dropped."""
        return self.by_interface + self.by_system


def read_drop_counters(path: Path) -> DropCounters | None:
    """The drop counters of a pcapng file, the last of each interface added up; None when the file has none.

    A classic pcap file and a compressed file have none that can be read; a damaged one is read up to the damage.
    Raises OSError when the file cannot be read.
    """
    with path.open("rb") as file:
        if file.read(4) != struct.pack("<I", SECTION_HEADER):  # reads the same in both byte orders
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            found = _walk(content)
    if not found:
        return None
    return DropCounters(sum(drops[0] for drops in found.values()), sum(drops[1] for drops in found.values()))


def _walk(content: mmap.mmap) -> dict[tuple[int, int], tuple[int, int]]:
    """(interface drops, system drops) of each (section, interface) whose statistics have such a counter."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for kind, section, order, position, length in positions(content):
        if kind == INTERFACE_STATISTICS and length >= STATISTICS_FIXED + AFTER:
            (interface,) = struct.unpack_from(f"{order}I", content, position + BEFORE)
            drops = _drops(content[position + STATISTICS_FIXED : position + length - AFTER], order)
            if drops is not None:
                found[section, interface] = drops
    return found


def _drops(options: bytes, order: str) -> tuple[int, int] | None:
    """(interface drops, system drops) of a block's options; None when it has neither counter."""
    counters = {
        code: int(struct.unpack(f"{order}Q", value)[0])
        for code, value in options_of(options, order)
        if code in (IF_DROP, OS_DROP) and len(value) == 8
    }
    return (counters.get(IF_DROP, 0), counters.get(OS_DROP, 0)) if counters else None
