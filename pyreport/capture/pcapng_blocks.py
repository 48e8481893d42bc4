"""The blocks of a pcapng file, as they stand in it, and how a block is made.

Captures come from strangers: each length is held against the file and against the block around it before it is used.
Layouts are those of draft-ietf-opsawg-pcapng, sections 3.1 (block), 3.5 (options) and 4.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Iterator

from msgspec import Struct

SECTION_HEADER, INTERFACE_DESCRIPTION, OLD_PACKET, SIMPLE_PACKET = 0x0A0D0D0A, 1, 2, 3
NAME_RESOLUTION, INTERFACE_STATISTICS, ENHANCED_PACKET, DECRYPTION_SECRETS = 4, 5, 6, 0x0A
PACKETS = frozenset((OLD_PACKET, SIMPLE_PACKET, ENHANCED_PACKET))
BYTE_ORDER_MAGIC = 0x1A2B3C4D
END_OF_OPTIONS, COMMENT, IF_TSRESOL, IF_FCSLEN, IF_TSOFFSET = 0, 1, 9, 13, 14
#: Of a block: kind and length before the body, length again after it.
BEFORE, AFTER = 8, 4
LONGEST_OPTION = 0xFFFF
#: Before the packet of an Enhanced Packet Block: interface, time stamp, both lengths. An old Packet Block has as much.
PACKET_FIXED = 20


class Block(Struct, frozen=True):
    """One block. ``order`` is that of struct ("<" or ">"), ``section`` counts the section headers up to it, from 0."""

    kind: int
    order: str
    section: int
    body: bytes

    @property
    def is_packet(self) -> bool:
        """Whether it is a frame of the capture."""
        return self.kind in PACKETS


class Packet(Struct, frozen=True):
    """What an Enhanced or an old Packet Block says. ``ticks`` counts in the unit of its interface, ``length`` is in
    bytes on the wire; ``options`` are as they stand.
    """

    interface: int
    ticks: int
    data: bytes
    length: int
    options: bytes


def positions(content: mmap.mmap | bytes) -> Iterator[tuple[int, int, str, int, int]]:
    """(kind, section, byte order, position, length) of each block, up to the first damage."""
    position, section, order = 0, -1, "<"
    while position + BEFORE + AFTER <= len(content):
        if content[position : position + 4] == b"\x0a\x0d\x0d\x0a":  # reads the same in both byte orders
            section += 1
            magic = content[position + BEFORE : position + BEFORE + 4]
            order = "<" if magic == struct.pack("<I", BYTE_ORDER_MAGIC) else ">"
        kind, length = struct.unpack_from(f"{order}II", content, position)
        if length < BEFORE + AFTER or length % 4 or position + length > len(content):
            return
        yield kind, section, order, position, length
        position += length


def blocks(content: mmap.mmap | bytes) -> Iterator[Block]:
    """The blocks of a file, up to the first damage."""
    for kind, section, order, position, length in positions(content):
        yield Block(kind, order, section, content[position + BEFORE : position + length - AFTER])


def written(block: Block) -> bytes:
    """The block as it stands in a file; its body is filled up to a multiple of four bytes."""
    padded = block.body + bytes(-len(block.body) % 4)
    length = struct.pack(f"{block.order}I", BEFORE + len(padded) + AFTER)
    return struct.pack(f"{block.order}I", block.kind) + length + padded + length


def packet_of(block: Block) -> Packet | None:
    """What an Enhanced or an old Packet Block says; None for other blocks, and where its lengths are wrong."""
    if block.kind not in (ENHANCED_PACKET, OLD_PACKET) or len(block.body) < PACKET_FIXED:
        return None
    interface, high, low, captured, length = struct.unpack_from(f"{block.order}5I", block.body)
    if block.kind == OLD_PACKET:
        (interface,) = struct.unpack_from(f"{block.order}H", block.body)
    end = PACKET_FIXED + captured
    if end > len(block.body):
        return None
    options = block.body[end + -captured % 4 :]
    return Packet(interface, high << 32 | low, block.body[PACKET_FIXED:end], length, options)


def options_of(content: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """Code and value of each option, up to the end of the options or the first that does not fit."""
    position = 0
    while position + 4 <= len(content):
        code, length = struct.unpack_from(f"{order}HH", content, position)
        if code == END_OF_OPTIONS or position + 4 + length > len(content):
            return
        yield code, content[position + 4 : position + 4 + length]
        position += 4 + length + -length % 4


def options_written(options: Iterable[tuple[int, bytes]], order: str) -> bytes:
    """Options as they stand in a block, with their end; nothing for none. A value that is too long is cut."""
    parts = []
    for code, value in options:
        kept = value[:LONGEST_OPTION]
        parts.append(struct.pack(f"{order}HH", code, len(kept)) + kept + bytes(-len(kept) % 4))
    return b"".join([*parts, bytes(4)]) if parts else b""


def section_header(order: str = "<", options: Iterable[tuple[int, bytes]] = ()) -> Block:
    """The header of a section of unspecified length."""
    body = struct.pack(f"{order}IHHq", BYTE_ORDER_MAGIC, 1, 0, -1) + options_written(options, order)
    return Block(SECTION_HEADER, order, 0, body)


def interface_description(link_type: int, snap_length: int, options: Iterable[tuple[int, bytes]]) -> Block:
    """The description of an interface, little-endian."""
    body = struct.pack("<HHI", link_type, 0, snap_length) + options_written(options, "<")
    return Block(INTERFACE_DESCRIPTION, "<", 0, body)


def enhanced_packet(packet: Packet, order: str = "<", section: int = 0) -> Block:
    """The block of a packet."""
    captured = len(packet.data)
    data = packet.data + bytes(-captured % 4)
    fixed = struct.pack(
        f"{order}5I",
        packet.interface,
        packet.ticks >> 32,
        packet.ticks & 0xFFFFFFFF,
        captured,
        packet.length,
    )
    return Block(ENHANCED_PACKET, order, section, fixed + data + packet.options)
