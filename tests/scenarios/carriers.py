"""What can carry a TCP segment in a capture: link layers, tags, labels, tunnels, fragments, and frames cut short.

Plain functions, each of which puts one header before some octets; CARRIERS lists the ways to combine them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address

from tests.scenarios.packets import (
    ETHERNET_MINIMUM,
    ETHERTYPE_IPV4,
    PROTOCOL_TCP,
    Address,
    Segment,
    checksum,
    ipv4_packet,
    tcp_octets,
    timestamp_option,
)
from tests.scenarios.pcapfile import LINKTYPE_ETHERNET

# https://www.tcpdump.org/linktypes.html
LINKTYPE_NULL, LINKTYPE_PPP, LINKTYPE_RAW = 0, 9, 101
LINKTYPE_LOOP, LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 = 108, 113, 276
LINKTYPE_IEEE802_11, LINKTYPE_IPV4, LINKTYPE_IPV6 = 105, 228, 229

# https://www.iana.org/assignments/ieee-802-numbers
TRANSPARENT_BRIDGING, VLAN, SERVICE_VLAN, IPV6 = 0x6558, 0x8100, 0x88A8, 0x86DD
MPLS, PPPOE_SESSION, ERSPAN_II = 0x8847, 0x8864, 0x88BE

# https://www.iana.org/assignments/protocol-numbers
HOP_BY_HOP, IPIP, UDP, IPV6_IN_IP, FRAGMENT, GRE, DESTINATION_OPTIONS, ICMP, ICMPV6 = 0, 4, 17, 41, 44, 47, 60, 1, 58

PPP_IPV4, PPP_IPV6 = 0x0021, 0x0057  # https://www.iana.org/assignments/ppp-numbers
PORT_VXLAN, PORT_GENEVE = 4789, 6081

PADDING = bytes(6)
TUNNEL = (IPv4Address("203.0.113.1"), IPv4Address("203.0.113.2"))
TUNNEL6 = (IPv6Address("2001:db8:ffff::1"), IPv6Address("2001:db8:ffff::2"))
NETWORK6 = int(IPv6Address("2001:db8::"))


@dataclass(frozen=True, slots=True)
class Captured:
    """A frame as it lies in the file, and its length on the wire."""

    octets: bytes
    length: int


@dataclass(frozen=True, slots=True)
class Carrier:
    """A way to carry a segment. `wrap` gives the frames that it takes, the last of which completes the segment."""

    name: str
    wrap: Callable[[Segment], list[Captured]]
    link_type: int = LINKTYPE_ETHERNET


# Network layer ---------------------------------------------------------------------------------------------------


def ipv4(protocol: int, body: bytes, *, ends: tuple[IPv4Address, IPv4Address] = TUNNEL, fragment: int = 0) -> bytes:
    """An IPv4 packet (RFC 791). `fragment` is the header's 16 bits of flags and offset (in units of 8 octets)."""
    source, destination = (end.packed for end in ends)
    head = struct.pack("!BBHHHBB", 0x45, 0, 20 + len(body), 0, fragment, 64, protocol)
    head_sum = checksum(head + b"\0\0" + source + destination)
    return head + struct.pack("!H", head_sum) + source + destination + body


def ipv4_with_options(segment: Segment) -> bytes:
    """The segment behind an IPv4 header with the router alert option (RFC 2113)."""
    packet, router_alert = plain(segment), bytes([148, 4, 0, 0])
    head = b"\x46\0" + struct.pack("!H", len(packet) + 4) + packet[4:10] + b"\0\0" + packet[12:20] + router_alert
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + packet[20:]


def ipv6(next_header: int, body: bytes, *, ends: tuple[IPv6Address, IPv6Address] = TUNNEL6) -> bytes:
    """An IPv6 packet (RFC 8200)."""
    return struct.pack("!IHBB", 6 << 28, len(body), next_header, 64) + ends[0].packed + ends[1].packed + body


def in_ipv6(segment: Segment) -> Segment:
    """The same segment between IPv6 addresses that end in the IPv4 ones."""
    source, destination = (
        Address(IPv6Address(NETWORK6 | int(end.ip)), end.port) for end in (segment.source, segment.destination)
    )
    return replace(segment, source=source, destination=destination)


def ipv6_packet(segment: Segment, *extension_headers: int) -> bytes:
    """The segment in IPv6, behind extension headers that say nothing: padding, an atomic fragment (RFC 6946)."""
    segment = in_ipv6(segment)
    body, following = tcp_octets(segment), PROTOCOL_TCP
    for kind in reversed(extension_headers):
        # The options headers hold one PadN option of 4 octets (RFC 8200 section 4.2), the fragment's offset is 0.
        rest = struct.pack("!HI", 0, segment.ip_id) if kind == FRAGMENT else bytes([1, 4, 0, 0, 0, 0])
        body, following = bytes([following, 0]) + rest + body, kind
    source, destination = segment.source.ip, segment.destination.ip
    assert isinstance(source, IPv6Address) and isinstance(destination, IPv6Address)
    return ipv6(following, body, ends=(source, destination))


def ends_of(segment: Segment) -> tuple[IPv4Address, IPv4Address]:
    """The segment's IPv4 addresses. Raises TypeError when it has others."""
    source, destination = segment.source.ip, segment.destination.ip
    if not isinstance(source, IPv4Address) or not isinstance(destination, IPv4Address):
        raise TypeError("not a segment between IPv4 addresses")
    return source, destination


def ipv4_fragments(segment: Segment, *lengths: int) -> list[bytes]:
    """The segment's IPv4 fragments (RFC 791 section 2.3): the first ones of these many octets, the last of the rest."""
    more_fragments, fragments, offset, tcp = 0x2000, [], 0, tcp_octets(segment)
    for length in lengths:
        flags = more_fragments | offset // 8
        body = tcp[offset : offset + length]
        fragments.append(_identified(ipv4(PROTOCOL_TCP, body, ends=ends_of(segment), fragment=flags), segment))
        offset += length
    last = ipv4(PROTOCOL_TCP, tcp[offset:], ends=ends_of(segment), fragment=offset // 8)
    return [*fragments, _identified(last, segment)]


def _identified(packet: bytes, segment: Segment) -> bytes:
    """The IPv4 packet with an identification of its own: fragments of different segments must not mix."""
    identification = checksum(struct.pack("!IIHH", segment.seq, segment.ack, segment.flags, segment.source.port))
    head = packet[:4] + struct.pack("!H", identification) + packet[6:10] + b"\0\0" + packet[12:20]
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + packet[20:]


# Between link and network ------------------------------------------------------------------------------------------


def ethernet(ethertype: int, body: bytes) -> bytes:
    """An Ethernet II frame without padding."""
    return bytes.fromhex("020000000001 020000000002") + struct.pack("!H", ethertype) + body


def vlan(identifier: int, ethertype: int, body: bytes) -> bytes:
    """What follows the tag's own EtherType (IEEE 802.1Q)."""
    return struct.pack("!HH", identifier, ethertype) + body


def mpls(labels: int, packet: bytes) -> bytes:
    """A label stack (RFC 3032) before an IP packet."""
    entries = [struct.pack("!I", (100 + i) << 12 | (i == labels - 1) << 8 | 64) for i in range(labels)]
    return b"".join(entries) + packet


def pppoe(packet: bytes) -> bytes:
    """A PPPoE session (RFC 2516) with PPP."""
    return struct.pack("!BBHHH", 0x11, 0, 7, len(packet) + 2, PPP_IPV4) + packet


def counting_the_padding(packet: bytes) -> bytes:
    """An IPv4 packet with octets of padding at its end that its total length counts. What carries it says otherwise."""
    (total,) = struct.unpack_from("!H", packet, 2)
    return packet[:2] + struct.pack("!H", total + len(PADDING)) + packet[4:] + PADDING


def pppoe_shorter(packet: bytes) -> bytes:
    """PPPoE whose own length ends before padding that the IPv4 header counts, as some access concentrators send it."""
    return pppoe(packet)[: -len(packet)] + counting_the_padding(packet)


def snap_shorter(packet: bytes) -> bytes:
    """An IEEE 802.3 frame, whose length field ends before padding that the IPv4 header counts."""
    return ethernet(len(snap(packet)), snap(counting_the_padding(packet)))


def ip_in_ip_shorter(packet: bytes) -> bytes:
    """The same with a packet that is carried in another one."""
    return ipv4(IPIP, packet)[: -len(packet)] + counting_the_padding(packet)


def udp(port: int, body: bytes) -> bytes:
    """A UDP datagram without a checksum (RFC 768)."""
    return struct.pack("!HHHH", 50_000, port, 8 + len(body), 0) + body


def gre(ethertype: int, body: bytes, *, key: int | None = None, sequence: int | None = None) -> bytes:
    """GRE with the optional fields of RFC 2890."""
    flags = (0x2000 if key is not None else 0) | (0x1000 if sequence is not None else 0)
    optional = b"".join(struct.pack("!I", field) for field in (key, sequence) if field is not None)
    return struct.pack("!HH", flags, ethertype) + optional + body


def vxlan(frame: bytes) -> bytes:
    """VXLAN (RFC 7348) in UDP and IPv4."""
    return ipv4(UDP, udp(PORT_VXLAN, struct.pack("!II", 0x08000000, 42 << 8) + frame))


def geneve(frame: bytes) -> bytes:
    """Geneve (RFC 8926) in UDP and IPv4."""
    return ipv4(UDP, udp(PORT_GENEVE, struct.pack("!HHI", 0, TRANSPARENT_BRIDGING, 42 << 8) + frame))


def erspan(frame: bytes) -> bytes:
    """ERSPAN type II (draft-foschiano-erspan) in GRE and IPv4."""
    return ipv4(GRE, gre(ERSPAN_II, struct.pack("!HHI", 0x1001, 0x0805, 7) + frame, sequence=1))


# What quotes a packet -------------------------------------------------------------------------------------------------


def icmp_unreachable(quoted: bytes) -> bytes:
    """An ICMP host-unreachable (RFC 792)."""
    rest = bytes(4) + quoted
    return b"\x03\x01" + struct.pack("!H", checksum(b"\x03\x01\0\0" + rest)) + rest


def icmpv6_unreachable(quoted: bytes) -> bytes:
    """An ICMPv6 address-unreachable (RFC 4443 section 3.1); its checksum is left out."""
    return b"\x01\x03" + bytes(6) + quoted


# Other link layers -------------------------------------------------------------------------------------------------


def linux_cooked(packet: bytes) -> bytes:
    """LINKTYPE_LINUX_SLL, as `tcpdump -i any` writes it."""
    return struct.pack("!HHH", 0, 1, 6) + bytes(8) + struct.pack("!H", ETHERTYPE_IPV4) + packet


def linux_cooked_2(packet: bytes) -> bytes:
    """LINKTYPE_LINUX_SLL2: with the interface's index."""
    return struct.pack("!HHIHBB", ETHERTYPE_IPV4, 0, 3, 1, 0, 6) + bytes(8) + packet


def snap(packet: bytes) -> bytes:
    """LLC and SNAP (RFC 1042)."""
    return bytes.fromhex("aaaa03000000") + struct.pack("!H", ETHERTYPE_IPV4) + packet


def wlan(packet: bytes) -> bytes:
    """An IEEE 802.11 data frame to the access point."""
    return bytes.fromhex("08010000 020000000001 020000000002 020000000003 0000") + snap(packet)


def wlan_aggregate(*packets: bytes) -> bytes:
    """An IEEE 802.11 QoS data frame with several packets in it (A-MSDU)."""
    subframes = []
    for packet in packets:
        body = snap(packet)
        subframe = bytes.fromhex("020000000003 020000000002") + struct.pack("!H", len(body)) + body
        subframes.append(subframe + bytes(-len(subframe) % 4))
    header = bytes.fromhex("88010000 020000000001 020000000002 020000000003 0000 8000")
    return header + b"".join(subframes)


# What happens to a frame -------------------------------------------------------------------------------------------


def whole(frame: bytes) -> list[Captured]:
    """One frame, captured whole."""
    return [Captured(frame, len(frame))]


def plain(segment: Segment) -> bytes:
    """The segment in IPv4."""
    return ipv4_packet(segment, 64)


def with_options(segment: Segment) -> Segment:
    """The segment with TCP timestamps."""
    return replace(segment, options=timestamp_option(7, 8))


def cut_after(tcp_length: int, *, options: bool = False) -> Callable[[Segment], list[Captured]]:
    """A snap length that leaves so many octets from the TCP header on."""

    def wrap(segment: Segment) -> list[Captured]:
        frame = ethernet(ETHERTYPE_IPV4, plain(with_options(segment) if options else segment))
        return [Captured(frame[: 14 + 20 + tcp_length], len(frame))]

    return wrap


def without_total_length(packet: bytes) -> bytes:
    """An IPv4 packet on its way to a network card that segments it: total length 0 (Wireshark: ip.tso_support)."""
    head = packet[:2] + b"\0\0" + packet[4:10] + b"\0\0" + packet[12:20]
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + packet[20:]


def super_segment(kept: int | None = None) -> Callable[[Segment], list[Captured]]:
    """A segment that carries payload goes to the card with total length 0; the snap length keeps so many octets."""

    def wrap(segment: Segment) -> list[Captured]:
        packet = plain(segment)
        frame = ethernet(ETHERTYPE_IPV4, without_total_length(packet) if segment.payload else packet)
        return [Captured(frame[:kept], len(frame))]

    return wrap


def padded(segment: Segment) -> list[Captured]:
    """Padding to Ethernet's least length, and a trailer of four octets behind it."""
    return whole(ethernet(ETHERTYPE_IPV4, plain(segment)).ljust(ETHERNET_MINIMUM, b"\xff") + b"\xaa" * 4)


def fragmented(*lengths: int) -> Callable[[Segment], list[Captured]]:
    """IPv4 fragments when the segment is longer than the first ones together, else the packet whole."""

    def wrap(segment: Segment) -> list[Captured]:
        if len(tcp_octets(segment)) <= sum(lengths):
            return whole(ethernet(ETHERTYPE_IPV4, plain(segment)))
        packets = ipv4_fragments(segment, *lengths)
        return [captured for packet in packets for captured in whole(ethernet(ETHERTYPE_IPV4, packet))]

    return wrap


def wrong_checksum(segment: Segment) -> list[Captured]:
    """What a host sees of its own segments when the network card computes the sums."""
    packet = plain(segment)
    return whole(ethernet(ETHERTYPE_IPV4, packet[:36] + b"\xde\xad" + packet[38:]))


def _framed(frame: Callable[[bytes], bytes]) -> Callable[[Segment], list[Captured]]:
    return lambda segment: whole(frame(plain(segment)))


def _framed_6(*extension_headers: int) -> Callable[[Segment], list[Captured]]:
    return lambda segment: whole(ethernet(IPV6, ipv6_packet(segment, *extension_headers)))


def _packet(packet: Callable[[bytes], bytes]) -> Callable[[Segment], list[Captured]]:
    return _framed(lambda inner: ethernet(ETHERTYPE_IPV4, packet(inner)))


def inner_ethernet(packet: bytes) -> bytes:
    """The frame that a tunnel for Ethernet carries."""
    return ethernet(ETHERTYPE_IPV4, packet)


CARRIERS = (
    Carrier("Ethernet", _framed(inner_ethernet)),
    Carrier("IPv4, header options", lambda s: whole(inner_ethernet(ipv4_with_options(s)))),
    Carrier("IPv6", _framed_6()),
    Carrier("IPv6, hop-by-hop options", _framed_6(HOP_BY_HOP)),
    Carrier("IPv6, destination options", _framed_6(DESTINATION_OPTIONS)),
    Carrier("IPv6, atomic fragment", _framed_6(FRAGMENT)),
    Carrier("IPv6, all of these", _framed_6(HOP_BY_HOP, DESTINATION_OPTIONS, FRAGMENT, DESTINATION_OPTIONS)),
    Carrier("VLAN", _framed(lambda ip: ethernet(VLAN, vlan(5, ETHERTYPE_IPV4, ip)))),
    Carrier("QinQ", _framed(lambda ip: ethernet(SERVICE_VLAN, vlan(6, VLAN, vlan(5, ETHERTYPE_IPV4, ip))))),
    Carrier("MPLS, one label", _framed(lambda ip: ethernet(MPLS, mpls(1, ip)))),
    Carrier("MPLS, three labels", _framed(lambda ip: ethernet(MPLS, mpls(3, ip)))),
    Carrier("MPLS in VLAN", _framed(lambda ip: ethernet(VLAN, vlan(5, MPLS, mpls(2, ip))))),
    Carrier("PPPoE", _framed(lambda ip: ethernet(PPPOE_SESSION, pppoe(ip)))),
    Carrier("PPPoE in QinQ", _framed(lambda ip: ethernet(VLAN, vlan(6, VLAN, vlan(5, PPPOE_SESSION, pppoe(ip)))))),
    Carrier("PPPoE, shorter than the IPv4 packet says", _framed(lambda ip: ethernet(PPPOE_SESSION, pppoe_shorter(ip)))),
    Carrier("IEEE 802.3, shorter than the IPv4 packet says", _framed(snap_shorter)),
    Carrier("IP in IP, shorter than the IPv4 packet says", _packet(ip_in_ip_shorter)),
    Carrier("IP in IP", _packet(lambda ip: ipv4(IPIP, ip))),
    Carrier("6in4", lambda s: whole(ethernet(ETHERTYPE_IPV4, ipv4(IPV6_IN_IP, ipv6_packet(s))))),
    Carrier("IPv4 in IPv6", _framed(lambda ip: ethernet(IPV6, ipv6(IPIP, ip)))),
    Carrier("GRE over IPv4", _packet(lambda ip: ipv4(GRE, gre(ETHERTYPE_IPV4, ip)))),
    Carrier("GRE, key and sequence number", _packet(lambda ip: ipv4(GRE, gre(ETHERTYPE_IPV4, ip, key=9, sequence=3)))),
    Carrier("GRE over IPv6", _framed(lambda ip: ethernet(IPV6, ipv6(GRE, gre(ETHERTYPE_IPV4, ip))))),
    Carrier("Ethernet in GRE", _packet(lambda ip: ipv4(GRE, gre(TRANSPARENT_BRIDGING, inner_ethernet(ip))))),
    Carrier("IEEE 802.11 in GRE, as Aruba sends it", _packet(lambda ip: ipv4(GRE, gre(0x8210, wlan(ip))))),
    Carrier("VXLAN", _packet(lambda ip: vxlan(inner_ethernet(ip)))),
    Carrier("Geneve", _packet(lambda ip: geneve(inner_ethernet(ip)))),
    Carrier("ERSPAN II", _packet(lambda ip: erspan(inner_ethernet(ip)))),
    Carrier(
        "VXLAN in VLAN in GRE",
        _packet(
            lambda ip: ipv4(
                GRE, gre(TRANSPARENT_BRIDGING, ethernet(VLAN, vlan(5, ETHERTYPE_IPV4, vxlan(inner_ethernet(ip)))))
            )
        ),
    ),
    Carrier("Linux cooked v1", _framed(linux_cooked), LINKTYPE_LINUX_SLL),
    Carrier("Linux cooked v2", _framed(linux_cooked_2), LINKTYPE_LINUX_SLL2),
    Carrier("raw IP", _framed(bytes), LINKTYPE_RAW),
    Carrier("raw IP, IPv6", lambda s: whole(ipv6_packet(s)), LINKTYPE_RAW),
    Carrier("raw IPv4", _framed(bytes), LINKTYPE_IPV4),
    Carrier("raw IPv6", lambda s: whole(ipv6_packet(s)), LINKTYPE_IPV6),
    Carrier("BSD loopback", _framed(lambda ip: struct.pack("<I", 2) + ip), LINKTYPE_NULL),
    Carrier("BSD loopback, the other byte order", _framed(lambda ip: struct.pack(">I", 2) + ip), LINKTYPE_NULL),
    Carrier("OpenBSD loopback", _framed(lambda ip: struct.pack(">I", 2) + ip), LINKTYPE_LOOP),
    Carrier("PPP", _framed(lambda ip: struct.pack("!BBH", 0xFF, 3, PPP_IPV4) + ip), LINKTYPE_PPP),
    Carrier("PPP, no address and control", _framed(lambda ip: struct.pack("!H", PPP_IPV4) + ip), LINKTYPE_PPP),
    Carrier("IEEE 802.11", _framed(wlan), LINKTYPE_IEEE802_11),
    Carrier("padding and trailer", padded),
    Carrier("TCP options", lambda s: whole(inner_ethernet(plain(with_options(s))))),
    Carrier("fragments", fragmented(24)),
    Carrier("three fragments", fragmented(24, 8)),
    Carrier("tiny first fragment", fragmented(8)),
    Carrier("tiny fragments", fragmented(8, 8)),
    Carrier("wrong checksums", wrong_checksum),
    Carrier("super-segments", super_segment()),
    Carrier("super-segments, cut behind the TCP header", super_segment(54)),
    Carrier("cut behind the TCP header", cut_after(20)),
    Carrier("cut behind the window", cut_after(16)),
    Carrier("cut inside the checksum", cut_after(18)),
    Carrier("cut inside the options", cut_after(26, options=True)),
    Carrier("cut before the options", cut_after(20, options=True)),
    Carrier("cut behind the options", cut_after(32, options=True)),
    Carrier("cut inside the payload", cut_after(25)),
)
"""Ways to carry a segment in which all that is known of it stays visible: what the plugin finds must not change."""
