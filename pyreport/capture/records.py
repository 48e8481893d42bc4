"""The records of a pcap or pcapng file, in Python: their times and where their bytes lie. No packet is looked into.

For what has to be known before a capture is read (which file begins first), and for putting several files together
where tshark reads them. The reader (``reader/pcap.lua``, ``reader/pcapng.lua``) has the same rules.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from pyreport.base.units import NS_PER_S
from pyreport.capture.pcapng_blocks import (
    BYTE_ORDER_MAGIC,
    END_OF_OPTIONS,
    ENHANCED_PACKET,
    IF_TSOFFSET,
    IF_TSRESOL,
    INTERFACE_DESCRIPTION,
    OLD_PACKET,
    SECTION_HEADER,
    SIMPLE_PACKET,
)

# draft-ietf-opsawg-pcap: the first four bytes, byte order and nanoseconds a unit.
_PCAP = {
    b"\xa1\xb2\xc3\xd4": (">", 1000), b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\x3c\x4d": (">", 1), b"\x4d\x3c\xb2\xa1": ("<", 1),
}  # fmt: skip
# The same in both byte orders.
_SECTION_START = SECTION_HEADER.to_bytes(4, "big")
_POWER_OF_TWO = 0x80

# Wireshark takes a longer record or block for damage (wiretap/wtap.h, wiretap/pcapng.c).
_LONGEST, _LONGEST_BLOCK = 262144, 16777216
_CHUNK = 1 << 16


class Record(NamedTuple):
    """A packet: its time (ns since the epoch), LINKTYPE_ number, octets in the file and on the wire, and the offset in
    the file of those that are there.
    """

    time_ns: int
    link: int
    captured: int
    length: int
    offset: int


class Damage(StrEnum):
    """What is wrong with a file: a header that makes no sense, or packets without a time (Simple Packet Blocks)."""

    HEADER = "header"
    NO_TIME = "no_time"


class DamageError(Exception):
    """A file cannot be read on from here."""

    def __init__(self, damage: Damage) -> None:
        super().__init__(damage.value)
        self.damage = damage


class _EndError(Exception):
    """The file has not so many bytes."""


def is_plain(start: bytes) -> bool:
    """Whether a file that starts so is a pcap or pcapng file whose records can be read here."""
    return start[:4] in _PCAP or start[:4] == _SECTION_START


class Records:
    """The records of an open file, up to ``size`` bytes of it. Once they are all given, ``is_cut`` says whether the
    file ends in the middle of one. Iterating raises DamageError, and OSError when the file cannot be read on.
    """

    def __init__(self, descriptor: int, size: int) -> None:
        self.is_cut = False
        self._descriptor = descriptor
        self._size = size
        self._chunk = b""
        self._start = 0
        self._position = 0

    def __iter__(self) -> Iterator[Record]:
        try:
            yield from self._pcap() if self._bytes(0, 4) in _PCAP else self._pcapng()
        except _EndError:
            self.is_cut = self._position < self._size

    def _bytes(self, offset: int, count: int) -> bytes:
        """``count`` bytes of the file, of which all are there."""
        place = offset - self._start
        if place < 0 or place + count > len(self._chunk):
            wanted = min(max(count, _CHUNK), self._size - offset)
            self._chunk = os.pread(self._descriptor, wanted, offset) if wanted > 0 else b""
            self._start, place = offset, 0
            if count > len(self._chunk):
                raise _EndError
        return self._chunk[place : place + count]

    def _check(self, offset: int, count: int) -> None:
        """Raise _EndError when the file has not so many bytes at an offset. They need not be read."""
        if offset + count > self._size:
            raise _EndError

    def _pcap(self) -> Iterator[Record]:
        order, unit = _PCAP[self._bytes(0, 4)]
        header = struct.Struct(f"{order}IIII")
        (link,) = struct.unpack(f"{order}I", self._bytes(20, 4))
        self._position = 24
        while True:
            position = self._position
            seconds, fraction, captured, length = header.unpack(self._bytes(position, 16))
            if captured > _LONGEST or captured > length or fraction * unit >= NS_PER_S:
                raise DamageError(Damage.HEADER)
            self._check(position + 16, captured)
            self._position += 16 + captured
            yield Record(seconds * NS_PER_S + fraction * unit, link, captured, length, position + 16)

    def _pcapng(self) -> Iterator[Record]:
        order = "<"
        interfaces: list[tuple[int, int, int]] = []
        while True:
            position = self._position
            start = self._bytes(position, 12)
            if start[:4] == _SECTION_START:
                order = "<" if struct.unpack("<I", start[8:])[0] == BYTE_ORDER_MAGIC else ">"
                interfaces = []
            kind, length = struct.unpack(f"{order}II", start[:8])
            if length < 12 or length % 4 or length > _LONGEST_BLOCK:
                raise DamageError(Damage.HEADER)
            self._check(position, length)
            self._position += length
            if kind in (ENHANCED_PACKET, OLD_PACKET):
                yield self._packet(position, length, order, interfaces, kind)
            elif kind == INTERFACE_DESCRIPTION:
                interfaces.append(_interface(self._bytes(position, length), order))
            elif kind == SIMPLE_PACKET:
                raise DamageError(Damage.NO_TIME)

    def _packet(
        self, position: int, length: int, order: str, interfaces: list[tuple[int, int, int]], kind: int
    ) -> Record:
        if length < 32:
            raise DamageError(Damage.HEADER)
        first, high, low, captured, on_wire = struct.unpack(f"{order}IIIII", self._bytes(position + 8, 20))
        if kind == OLD_PACKET:
            (first,) = struct.unpack(f"{order}H", self._bytes(position + 8, 2))
        if first >= len(interfaces) or captured > min(_LONGEST, on_wire, length - 32):
            raise DamageError(Damage.HEADER)
        link, ticks, offset = interfaces[first]
        seconds, rest = divmod(high << 32 | low, ticks)
        return Record((seconds + offset) * NS_PER_S + rest * NS_PER_S // ticks, link, captured, on_wire, position + 28)


def _interface(block: bytes, order: str) -> tuple[int, int, int]:
    """Link type, ticks a second, and the offset of its times (s)."""
    (link,) = struct.unpack_from(f"{order}H", block, 8)
    ticks, offset, position = 1_000_000, 0, 16
    while position + 4 <= len(block) - 4:
        code, length = struct.unpack_from(f"{order}HH", block, position)
        if code == END_OF_OPTIONS:
            break
        value = block[position + 4 : position + 4 + length]
        if code == IF_TSRESOL and len(value) == 1:
            exponent = value[0] & ~_POWER_OF_TWO
            ticks = 1 << exponent if value[0] & _POWER_OF_TWO else int(10**exponent)
        elif code == IF_TSOFFSET and len(value) == 8:
            (offset,) = struct.unpack(f"{order}q", value)
        position += 4 + (length + 3) // 4 * 4
    return link, ticks, offset


def first_time(descriptor: int, size: int) -> int | None:
    """When an open pcap or pcapng file has its first packet (ns since the epoch); None when it has none that is whole.

    Raises OSError when the file cannot be read.
    """
    try:
        return next((record.time_ns for record in Records(descriptor, size)), None)
    except DamageError:
        return None
