"""Capture files as lists of pieces: the header and the records of a pcap file, the blocks of a pcapng file."""

from __future__ import annotations

import struct
from collections.abc import Iterator

PCAP_HEADER, RECORD_HEADER = 24, 16
#: Of an Enhanced Packet Block: where the packet begins, and where its captured length is.
PACKET_DATA, CAPTURED_LENGTH = 28, 20
SECTION = b"\x0a\x0d\x0d\x0a"
BLOCK_MINIMUM = 12
#: By the first four bytes of a pcap file.
BYTE_ORDER = {
    b"\xd4\xc3\xb2\xa1": "<",
    b"\x4d\x3c\xb2\xa1": "<",
    b"\xa1\xb2\xc3\xd4": ">",
    b"\xa1\xb2\x3c\x4d": ">",
}
# Wireshark takes these for frames, too (wiretap/pcapng_module.h): custom, systemd's journal, Sysdig's events.
OTHER_FRAMES = (0x0000_0BAD, 0x4000_0BAD, 9, 0x204, 0x208, 0x216, 0x217, 0x221, 0x222)
PACKET_BLOCKS = (2, 3, 6)


def pieces(octets: bytes) -> list[bytes]:
    """The pieces of a file, which joined are the file. What cannot be parted stays one piece at the end."""
    return [piece for piece in (_blocks(octets) if octets[:4] == SECTION else _records(octets)) if piece]


def _records(octets: bytes) -> Iterator[bytes]:
    order = BYTE_ORDER.get(octets[:4])
    if order is None:
        yield octets
        return
    yield octets[:PCAP_HEADER]
    place = PCAP_HEADER
    while place + RECORD_HEADER <= len(octets):
        (length,) = struct.unpack_from(f"{order}I", octets, place + 8)
        if length > len(octets):
            break
        yield octets[place : place + RECORD_HEADER + length]
        place += RECORD_HEADER + length
    yield octets[place:]


def _blocks(octets: bytes) -> Iterator[bytes]:
    place, order = 0, "<"
    while place + BLOCK_MINIMUM <= len(octets):
        if octets[place : place + 4] == SECTION:
            order = section_order(octets[place:])
        (length,) = struct.unpack_from(f"{order}I", octets, place + 4)
        if length < BLOCK_MINIMUM or length % 4 or place + length > len(octets):
            break
        yield octets[place : place + length]
        place += length
    yield octets[place:]


def section_order(block: bytes) -> str:
    """The byte order that a Section Header Block tells, as struct writes it."""
    return ">" if block[8:12] == b"\x1a\x2b\x3c\x4d" else "<"


def order_of(parts: list[bytearray]) -> str:
    """The byte order of a file's (first) header, as struct writes it."""
    first = bytes(parts[0][:12])
    return section_order(first) if first[:4] == SECTION else BYTE_ORDER.get(first[:4], "<")


def is_pcapng(parts: list[bytearray]) -> bool:
    """Whether the pieces are those of a pcapng file."""
    return bytes(parts[0][:4]) == SECTION


def packet_places(parts: list[bytearray]) -> list[int]:
    """Which of the pieces hold a packet."""
    if not is_pcapng(parts):
        return [place for place in range(1, len(parts)) if len(parts[place]) > RECORD_HEADER]
    order = order_of(parts)
    return [
        place
        for place, part in enumerate(parts)
        if len(part) > PACKET_DATA and struct.unpack_from(f"{order}I", part)[0] == 6
    ]


def data_begins(parts: list[bytearray]) -> int:
    """Where the packet begins in a piece that holds one."""
    return PACKET_DATA if is_pcapng(parts) else RECORD_HEADER


def whole_packets(octets: bytes) -> int | None:
    """How many packets a file holds that is whole from its first byte to its last; None when it is not, is neither pcap
    nor pcapng, or holds a block of another kind that Wireshark takes for a frame.
    """
    parts = pieces(octets)
    if octets[:4] == SECTION:
        return _whole_blocks(parts)
    order = BYTE_ORDER.get(octets[:4])
    if order is None or len(parts[0]) < PCAP_HEADER:
        return None
    for part in parts[1:]:
        if len(part) < RECORD_HEADER or len(part) != RECORD_HEADER + struct.unpack_from(f"{order}I", part, 8)[0]:
            return None
    return len(parts) - 1


def _whole_blocks(parts: list[bytes]) -> int | None:
    count, order = 0, "<"
    for part in parts:
        if len(part) < BLOCK_MINIMUM:
            return None
        if part[:4] == SECTION:
            order = section_order(part)
        kind, length = struct.unpack_from(f"{order}II", part)
        if kind in OTHER_FRAMES:
            return None
        if length != len(part) or struct.unpack_from(f"{order}I", part, length - 4)[0] != length:
            return None
        count += kind in PACKET_BLOCKS
    return count
