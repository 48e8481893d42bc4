"""ICMP errors made at random of the segments of a capture: some quote more of them than others."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address
from random import Random

from tests.scenarios.carriers import ICMP, ICMPV6, IPV6, ethernet, ipv4, ipv6
from tests.scenarios.packets import ETHERTYPE_IPV4

ROUTER, ROUTER6 = IPv4Address("203.0.113.9"), IPv6Address("2001:db8:ffff::9")
IPV4_HEADER, IPV6_HEADER, TCP_HEADER, ERROR_HEADER, PORTS = 20, 40, 20, 8, 4
# Type and code: unreachable (network, host, port, too big, by a rule), time exceeded, redirect, parameter problem,
# source quench.
KINDS = ((3, 0), (3, 1), (3, 3), (3, 4), (3, 13), (11, 0), (11, 1), (5, 0), (5, 1), (12, 0), (4, 0))
KINDS_6 = ((1, 0), (1, 1), (1, 3), (1, 4), (2, 0), (3, 0), (3, 1), (4, 1))
# So many octets of the quoted TCP segment: what RFC 792 promises and less, up to just before and behind the header.
LENGTHS = (0, 2, 4, 7, 8, 12, 13, 14, 15, 16, 19, 20, 21, 28, 32, 40, 200)


def error_about(packet: bytes, chance: Random, is_odd: bool = False) -> bytes:
    """An error on Ethernet about an IP packet, of a router or of the packet's receiver, to its sender; an odd one may
    quote what the reader leaves to Wireshark.
    """
    is_v4 = packet[0] >> 4 == 4
    header = IPV4_HEADER if is_v4 else IPV6_HEADER
    length = chance.choice(LENGTHS)
    quoted = _changed(packet, header, chance, is_odd)[: header + length]
    kind, code = chance.choice(KINDS if is_v4 else KINDS_6)
    rest = bytes(4)
    if (kind, code) == (3, 4):
        rest = struct.pack("!HH", 0, chance.choice((0, 576, 1400)))
    elif (kind, code) == (2, 0):
        rest = struct.pack("!I", 1280)
    elif chance.random() < 0.1:
        # RFC 4884: how many words of the packet are quoted.
        words = chance.choice((5, 8, 10, 12) if is_odd else (32, 40))
        rest = bytes([0, words, 0, 0]) if is_v4 else bytes([words, 0, 0, 0])
    # Behind half a header, more octets would be the rest of it.
    padding = chance.choice((0, 0, 0, 4, 140)) if is_odd or length >= TCP_HEADER else 0
    message = bytes([kind, code, 0, 0]) + rest + quoted + bytes(padding)
    by_router = chance.random() < 0.7
    if is_v4:
        ends = IPv4Address(packet[12:16]), IPv4Address(packet[16:20])
        body = ipv4(ICMP, message, ends=(ROUTER if by_router else ends[1], ends[0]))
        return ethernet(ETHERTYPE_IPV4, body)
    ends_6 = IPv6Address(packet[8:24]), IPv6Address(packet[24:40])
    return ethernet(IPV6, ipv6(ICMPV6, message, ends=(ROUTER6 if by_router else ends_6[1], ends_6[0])))


def _changed(packet: bytes, header: int, chance: Random, is_odd: bool) -> bytes:
    """The packet, sometimes as no segment of the capture: of other ports, another number, a SYN, no TCP; or odder."""
    octets, is_v4 = bytearray(packet), header == IPV4_HEADER
    match chance.randrange(12 if is_odd else 7):
        case 0:
            octets[header + 1] ^= 1 + chance.randrange(3)
        case 1:
            octets[header + PORTS + 1] ^= 0x40
        case 2:
            octets[header + 13] = 0x02
        case 3:
            octets[9 if is_v4 else 6] = chance.choice((17, 1 if is_v4 else 58, 50))
        case 7 if is_v4:
            octets[6:8] = struct.pack("!H", chance.choice((0x4000, 0x2000, 0x0005)))
        case 8 if is_v4:
            octets[2:4] = struct.pack("!H", chance.choice((20, 30, 39, 40, 2000)))
        case 9:
            octets[header + 12] = chance.choice((0x00, 0x40, 0x50, 0xF0))
        case 10:
            octets[9 if is_v4 else 6] = chance.choice((47, 4, 132))
    return bytes(octets)
