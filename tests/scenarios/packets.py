"""TCP segments as bytes: Ethernet, IPv4 (RFC 791) and TCP (RFC 9293) with options and correct checksums.

What else can carry a segment is in carriers.py.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10

ETHERTYPE_IPV4, ETHERTYPE_IPV6 = 0x0800, 0x86DD
PROTOCOL_TCP = 6
DONT_FRAGMENT = 0x4000
ETHERNET_MINIMUM = 60  # without the frame check sequence


@dataclass(frozen=True, slots=True)
class Address:
    """One end of a TCP connection."""

    ip: IPv4Address | IPv6Address
    port: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A TCP segment with the IP fields that tell hosts apart. `window` is the raw 16-bit field, unscaled."""

    source: Address
    destination: Address
    seq: int
    ack: int
    flags: int
    window: int
    ip_id: int
    options: bytes = b""
    payload: bytes = b""

    @property
    def length(self) -> int:
        """Sequence space that the segment takes (RFC 9293, SEG.LEN): payload bytes, SYN and FIN."""
        return len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)


def timestamp_option(tsval: int, tsecr: int) -> bytes:
    """Timestamps (RFC 7323) after two NOPs, as Linux aligns them."""
    return struct.pack("!BBBBII", 1, 1, 8, 10, tsval, tsecr)


def syn_options(mss: int, window_scale: int, tsval: int, tsecr: int) -> bytes:
    """Options of a SYN or SYN-ACK in the order Linux writes them: MSS, SACK permitted, timestamps, window scale."""
    return struct.pack("!BBHBBBBIIBBBB", 2, 4, mss, 4, 2, 8, 10, tsval, tsecr, 1, 3, 3, window_scale)


def checksum(octets: bytes) -> int:
    """Internet checksum (RFC 1071)."""
    padded = octets + b"\0" * (len(octets) % 2)
    total = sum(int.from_bytes(padded[i : i + 2]) for i in range(0, len(padded), 2))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def tcp_octets(segment: Segment) -> bytes:
    """TCP header, options and payload of a segment between two IPv4 or two IPv6 addresses (RFC 8200 section 8.1)."""
    source, destination = segment.source.ip.packed, segment.destination.ip.packed
    offset = (20 + len(segment.options)) // 4 << 4
    ports = struct.pack("!HH", segment.source.port, segment.destination.port)
    numbers = struct.pack("!IIBBH", segment.seq, segment.ack, offset, segment.flags, segment.window)
    rest = b"\0\0" + segment.options + segment.payload  # urgent pointer first
    tcp_length = len(ports) + len(numbers) + 2 + len(rest)
    # The sum is the same for the wider fields of IPv6's pseudo header.
    pseudo_header = source + destination + struct.pack("!BBH", 0, PROTOCOL_TCP, tcp_length)
    tcp_sum = checksum(pseudo_header + ports + numbers + b"\0\0" + rest)
    return ports + numbers + struct.pack("!H", tcp_sum) + rest


def ipv4_packet(segment: Segment, ttl: int) -> bytes:
    """IPv4 header, TCP header, options and payload of a segment."""
    source, destination = segment.source.ip.packed, segment.destination.ip.packed
    tcp = tcp_octets(segment)
    head = struct.pack("!BBHHHBB", 0x45, 0, 20 + len(tcp), segment.ip_id, DONT_FRAGMENT, ttl, PROTOCOL_TCP)
    ip_sum = checksum(head + b"\0\0" + source + destination)
    return head + struct.pack("!H", ip_sum) + source + destination + tcp


def ip_packet(segment: Segment, ttl: int) -> bytes:
    """The segment's IPv4 packet, or its IPv6 packet (RFC 8200) where its addresses are of that."""
    if segment.source.ip.version == 4:
        return ipv4_packet(segment, ttl)
    tcp = tcp_octets(segment)
    head = struct.pack("!IHBB", 6 << 28, len(tcp), PROTOCOL_TCP, ttl)
    return head + segment.source.ip.packed + segment.destination.ip.packed + tcp


def segment_of(frame: bytes) -> Segment:
    """The segment in an Ethernet frame made of ipv4_packet(), for those who want to send it in another carrier."""
    packet = frame[14:]
    tcp = packet[20 : int.from_bytes(packet[2:4])]
    source_port, destination_port, seq, ack, offset, flags, window = struct.unpack("!HHIIBBH", tcp[:16])
    return Segment(
        source=Address(IPv4Address(packet[12:16]), source_port),
        destination=Address(IPv4Address(packet[16:20]), destination_port),
        seq=seq,
        ack=ack,
        flags=flags,
        window=window,
        ip_id=int.from_bytes(packet[4:6]),
        options=tcp[20 : offset // 16 * 4],
        payload=tcp[offset // 16 * 4 :],
    )


def ethernet_frame(source: bytes, destination: bytes, packet: bytes, *, from_the_wire: bool) -> bytes:
    """An Ethernet frame as a capture on a host sees it: padded when it was received, not yet when it is sent."""
    ethertype = ETHERTYPE_IPV4 if packet[0] >> 4 == 4 else ETHERTYPE_IPV6
    frame = destination + source + struct.pack("!H", ethertype) + packet
    return frame.ljust(ETHERNET_MINIMUM, b"\0") if from_the_wire else frame
