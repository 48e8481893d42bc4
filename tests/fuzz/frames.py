"""Packets whose headers say something else: addresses, ports, numbers, flags, windows, options, lengths, fragments."""

from __future__ import annotations

import struct
from random import Random

#: How far into a packet an IP header is looked for, whatever carries it.
DEEPEST = 80
NUMBERS = (0, 1, 2, 1000, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1)
FLAGS = (0, 0x01, 0x02, 0x04, 0x10, 0x11, 0x12, 0x14, 0x18, 0x3F, 0xFF, 0x29)
OPTIONS = (
    b"\1\1\1\1",
    b"\2\4\0\0",
    b"\3\3\x0e\0",
    b"\3\3\xff\0",
    b"\5\x0a" + bytes(8) + b"\1\1",
    b"\5\x0a" + b"\xff" * 8 + b"\1\1",
    b"\1\1\x08\x0a" + b"\xff" * 8,
    b"\1\1\x08\x0a" + bytes(8),
    b"\x08\0\0\0",
    b"\xff" * 4,
    b"\xfe\4\xf9\x89",
)


def wrong_frame(octets: bytearray, chance: Random) -> bytearray:
    """The packet with one header field or more changed; as long as it was."""
    ip = _ip_header(octets)
    if ip is None or chance.random() < 0.1:
        if octets:
            octets[chance.randrange(min(len(octets), DEEPEST))] = chance.randrange(256)
        return octets
    tcp = ip + (40 if octets[ip] >> 4 == 6 else 20)
    if len(octets) < tcp + 20 or chance.random() < 0.25:
        _wrong_ip(octets, ip, chance)
    else:
        _wrong_tcp(octets, tcp, chance)
    return octets


def _ip_header(octets: bytearray) -> int | None:
    for place in range(min(DEEPEST, len(octets) - 40)):
        if (octets[place] == 0x45 and octets[place + 9] in (1, 6, 4, 47)) or (
            octets[place] == 0x60 and octets[place + 6] in (6, 58)
        ):
            return place
    return None


def _wrong_ip(octets: bytearray, ip: int, chance: Random) -> None:
    addresses = slice(ip + 8, ip + 40) if octets[ip] >> 4 == 6 else slice(ip + 12, ip + 20)
    both = octets[addresses]
    half = len(both) // 2
    match chance.randrange(7):
        case 0:
            octets[addresses] = both[half:] + both[:half]
        case 1:
            octets[addresses] = both[:half] * 2
        case 2:
            octets[addresses] = chance.choice((bytes(half), b"\xff" * half, b"\xe0" + bytes(half - 1))) + both[half:]
        case 3:  # total length or payload length
            at = ip + (4 if octets[ip] >> 4 == 6 else 2)
            struct.pack_into("!H", octets, at, chance.choice((0, 20, 39, 40, 41, 60, 1500, 0xFFFF)))
        case 4:  # fragments
            struct.pack_into("!H", octets, ip + 6, chance.choice((0x2000, 1, 0x2001, 0x1FFF, 0x4000, 0x8000)))
        case 5:  # hop limit
            octets[ip + (7 if octets[ip] >> 4 == 6 else 8)] = chance.choice((0, 1, 63, 64, 128, 255))
        case _:
            octets[ip + chance.randrange(20)] = chance.randrange(256)


def _wrong_tcp(octets: bytearray, tcp: int, chance: Random) -> None:
    seq, ack = struct.unpack_from("!II", octets, tcp + 4)
    match chance.randrange(9):
        case 0:
            octets[tcp + 13] = chance.choice(FLAGS)
        case 1:
            moved = seq + chance.choice((-1, 1, -1000, 1000, 2**31, -5, 70_000))
            struct.pack_into("!I", octets, tcp + 4, chance.choice((moved, *NUMBERS)) % 2**32)
        case 2:
            moved = ack + chance.choice((-1, 1, -1000, 1000, 2**31, -5, 70_000))
            struct.pack_into("!I", octets, tcp + 8, chance.choice((moved, *NUMBERS)) % 2**32)
        case 3:
            struct.pack_into("!H", octets, tcp + 14, chance.choice((0, 1, 500, 0x7FFF, 0xFFFF)))
        case 4:
            octets[tcp : tcp + 4] = octets[tcp + 2 : tcp + 4] + octets[tcp : tcp + 2]
        case 5:
            struct.pack_into("!H", octets, tcp + 2 * chance.randrange(2), chance.choice((0, 1, 53, 443, 9092, 0xFFFF)))
        case 6:
            octets[tcp + 12] = chance.choice((0, 0x40, 0x50, 0x51, 0x60, 0x80, 0xF0))
        case 7:
            options = chance.choice(OPTIONS) * chance.choice((1, 1, 2))
            length = min(40, len(options))
            octets[tcp + 12] = (5 + length // 4) << 4
            octets[tcp + 20 : tcp + 20 + length] = options[:length]
        case _:
            octets[tcp + chance.randrange(20)] = chance.randrange(256)
