"""A classic pcap file as the blocks of a pcapng file (draft-ietf-opsawg-pcap)."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator

from pyreport.capture.pcapng_blocks import (
    IF_FCSLEN,
    IF_TSRESOL,
    Block,
    Packet,
    enhanced_packet,
    interface_description,
    section_header,
)

# Magic number, byte order, and digits of a second.
MAGICS = {
    b"\xd4\xc3\xb2\xa1": ("<", 6),
    b"\xa1\xb2\xc3\xd4": (">", 6),
    b"\x4d\x3c\xb2\xa1": ("<", 9),
    b"\xa1\xb2\x3c\x4d": (">", 9),
}
FILE_HEADER, RECORD_HEADER = 24, 16
# Of the last word of the file header: the link type, whether the length of the frame check sequence is told, and where.
LINK_TYPE, HAS_FCS, FCS_SHIFT = 0xFFFF, 1 << 26, 28


def is_pcap(start: bytes) -> bool:
    """Whether a file that starts like this is a pcap file that is read here."""
    return start[:4] in MAGICS


def pcap_blocks(content: mmap.mmap | bytes) -> Iterator[Block]:
    """A section, its one interface and a packet for each record, up to the first record that is not whole.

    Time stamps keep their unit, microseconds or nanoseconds.
    """
    if len(content) < FILE_HEADER:
        return
    order, digits = MAGICS[bytes(content[:4])]
    snap_length, network = struct.unpack_from(f"{order}II", content, 16)
    options = [(IF_TSRESOL, bytes([digits]))]
    if network & HAS_FCS:
        options.append((IF_FCSLEN, bytes([network >> FCS_SHIFT << 1])))  # pcap counts in words of 16 bits
    yield section_header()
    yield interface_description(network & LINK_TYPE, snap_length, options)
    position = FILE_HEADER
    while position + RECORD_HEADER <= len(content):
        seconds, fraction, captured, length = struct.unpack_from(f"{order}4I", content, position)
        position += RECORD_HEADER
        if position + captured > len(content):
            return
        ticks = seconds * 10**digits + fraction
        yield enhanced_packet(Packet(0, ticks, content[position : position + captured], length, b""))
        position += captured
