"""A frame without what is private, rewritten in place: addresses replaced, payload zeroed, each length kept.

What is not understood is zeroed, not kept: nothing passes that was not looked at. Frames come from strangers, so each
length is held against what was captured. Sources: IEEE 802.3 and 802.1Q, RFC 791, 8200, 9293, 768, 792, 4443, 4861,
826, 2516 (PPPoE), 3032 (MPLS), 2784 and 2890 (GRE), 7348 (VXLAN), 8926 (Geneve); link types are tcpdump.org's.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from pyreport.redaction import transport
from pyreport.redaction.checksums import Covered, renew, state_of
from pyreport.redaction.stand_ins import TUNNEL_PORTS, StandIns

Rewriter = Callable[["FrameRewriter", int, int], None]

#: So many packets may be wrapped in each other.
DEEPEST = 8
TAGS = frozenset((0x8100, 0x88A8, 0x9100))
LONGEST_LENGTH = 1500
IPV4, IPV6, ARP, MPLS, PPPOE, BRIDGED, ERSPAN_2 = 0x0800, 0x86DD, 0x0806, (0x8847, 0x8848), 0x8864, 0x6558, 0x88BE
PPP_PROTOCOLS = {0x0021: IPV4, 0x0057: IPV6}
HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION, AUTHENTICATION = 0, 43, 44, 60, 51
TCP, UDP, ICMP, ICMP_6, IP_IN_IP, IPV6_IN_IP, GRE = 6, 17, 1, 58, 4, 41, 47
GRE_CHECKSUM, GRE_ROUTING, GRE_KEY, GRE_SEQUENCE, GRE_VERSION = 0x8000, 0x4000, 0x2000, 0x1000, 0x0007
VXLAN_PORT, TUNNEL_HEADER = 4789, 8
# ICMP (RFC 792): messages that quote a packet, the one whose rest names a gateway, and those whose rest is harmless.
QUOTING, REDIRECT, PLAIN_REST = frozenset((3, 4, 5, 11, 12)), 5, frozenset((0, 3, 4, 8, 11, 12))
# ICMPv6 (RFC 4443, 4861): messages that quote a packet, and where their addresses and options are.
QUOTING_6, ECHO_6 = frozenset((1, 2, 3, 4)), frozenset((128, 129))
DISCOVERY = {133: ((), 8), 134: ((), 16), 135: ((8,), 24), 136: ((8,), 24), 137: ((8, 24), 40)}
LINK_LAYER_OPTIONS = (1, 2)


class FrameRewriter(Struct):
    """One frame on its way. ``at`` is where something begins, ``end`` where what was captured of it ends."""

    frame: bytearray
    stand_ins: StandIns
    depth: int = 0

    def number(self, at: int, length: int = 2) -> int:
        """An unsigned number of the frame."""
        return int.from_bytes(self.frame[at : at + length])

    def told_within(self, told: int, at: int, end: int) -> int:
        """How long a packet at ``at`` is that says so: what carries it may end before that, as Wireshark reads it. An
        end that is the capture's own says nothing.
        """
        return min(told, end - at) if end < len(self.frame) else told

    def clear(self, at: int, end: int) -> None:
        """Zero a part of the frame."""
        if at < end:
            self.frame[at:end] = bytes(end - at)

    def replace_address(self, at: int, length: int, end: int) -> None:
        """Replace an IP address; what is left of one that is cut is zeroed."""
        if at + length <= end:
            self.frame[at : at + length] = self.stand_ins.address(bytes(self.frame[at : at + length]))
        else:
            self.clear(at, end)

    def replace_mac(self, at: int, end: int) -> None:
        """Replace a hardware address of Ethernet."""
        if at + 6 <= end:
            self.frame[at : at + 6] = self.stand_ins.mac(bytes(self.frame[at : at + 6]))
        else:
            self.clear(at, end)


def ethernet(frame: FrameRewriter, at: int, end: int) -> None:
    """Ethernet II or IEEE 802.3, with tags."""
    frame.replace_mac(at, end)
    frame.replace_mac(at + 6, end)
    _behind_type(frame, at + 12, end)


def _behind_type(frame: FrameRewriter, at: int, end: int) -> None:
    """An EtherType or length at ``at``, and what it tells of."""
    while at + 2 <= end:
        kind = frame.number(at)
        at += 2
        if kind not in TAGS:
            if kind <= LONGEST_LENGTH:
                stop = min(end, at + kind)
                _llc(frame, at, stop)
                frame.clear(stop, end)
            else:
                _protocol(frame, kind, at, end)
            return
        at += 2
    frame.clear(at, end)


def _llc(frame: FrameRewriter, at: int, end: int) -> None:
    """IEEE 802.2: only what SNAP tells by an EtherType is looked at."""
    if frame.frame[at : at + 6] == b"\xaa\xaa\x03\0\0\0" and at + 8 <= end:
        _protocol(frame, frame.number(at + 6), at + 8, end)
    else:
        frame.clear(at + 3, end)


def _protocol(frame: FrameRewriter, kind: int, at: int, end: int) -> None:
    if kind == IPV4:
        ipv4(frame, at, end)
    elif kind == IPV6:
        ipv6(frame, at, end)
    elif kind == ARP:
        _arp(frame, at, end)
    elif kind in MPLS:
        _mpls(frame, at, end)
    elif kind == PPPOE and at + 8 <= end and frame.number(at + 6) in PPP_PROTOCOLS:
        stop = min(end, max(at + 8, at + 6 + frame.number(at + 4)))
        _protocol(frame, PPP_PROTOCOLS[frame.number(at + 6)], at + 8, stop)
        frame.clear(stop, end)
    else:
        frame.clear(at, end)


def _mpls(frame: FrameRewriter, at: int, end: int) -> None:
    while at + 4 <= end:
        is_last = frame.frame[at + 2] & 1
        at += 4
        if is_last:
            raw(frame, at, end)
            return
    frame.clear(at, end)


def _arp(frame: FrameRewriter, at: int, end: int) -> None:
    if frame.frame[at : at + 6] != b"\0\x01\x08\0\x06\x04":  # Ethernet and IPv4
        frame.clear(at + 8, end)
        return
    for place in (at + 8, at + 18):
        frame.replace_mac(place, end)
        frame.replace_address(place + 6, 4, end)
    frame.clear(at + 28, end)


def raw(frame: FrameRewriter, at: int, end: int) -> None:
    """A packet of IPv4 or IPv6, told by its version."""
    version = frame.frame[at] >> 4 if at < end else 0
    if version == 4:
        ipv4(frame, at, end)
    elif version == 6:
        ipv6(frame, at, end)
    else:
        frame.clear(at, end)


def cooked(frame: FrameRewriter, at: int, end: int) -> None:
    """LINKTYPE_LINUX_SLL: packet type, device, length of the address, 8 bytes of address, protocol."""
    _cooked_address(frame, at + 6, frame.number(at + 4), end)
    _cooked_protocol(frame, at + 14, at + 16, end)


def cooked_2(frame: FrameRewriter, at: int, end: int) -> None:
    """LINKTYPE_LINUX_SLL2: protocol, reserved, interface, device, packet type, length of the address, address."""
    _cooked_address(frame, at + 12, frame.number(at + 11, 1), end)
    _cooked_protocol(frame, at, at + 20, end)


def _cooked_address(frame: FrameRewriter, at: int, length: int, end: int) -> None:
    stop = min(at + 8, end)
    if length == 6:
        frame.replace_mac(at, stop)
        frame.clear(at + 6, stop)
    else:
        frame.clear(at, stop)


def _cooked_protocol(frame: FrameRewriter, field: int, at: int, end: int) -> None:
    kind = frame.number(field)
    if kind == 4:
        _llc(frame, at, end)
    elif kind in TAGS:
        _behind_type(frame, at + 2, end)  # the tag's own number, then the type
    else:
        _protocol(frame, kind, at, end)


def null(frame: FrameRewriter, at: int, end: int) -> None:
    """LINKTYPE_NULL and LINKTYPE_LOOP: an address family, which the packet's version repeats."""
    raw(frame, at + 4, end)


def ipv4(frame: FrameRewriter, at: int, end: int) -> None:
    """An IPv4 packet and what it carries; what stands after it is padding."""
    header = (frame.frame[at] & 0x0F) * 4 if at < end else 0
    if at + 20 > end or frame.frame[at] >> 4 != 4 or header < 20 or frame.depth >= DEEPEST:
        frame.clear(at, end)
        return
    told = frame.told_within(frame.number(at + 2), at, end)
    stop = min(end, at + told) if told >= header else end  # zero: longer than the field can say
    body = min(at + header, stop)
    is_first = frame.number(at + 6) & 0x1FFF == 0
    is_part = frame.number(at + 6) & 0x3FFF != 0
    length = (told or end - at) - header
    own = Covered(at, body, at + 10, is_whole=body == at + header)
    state = state_of(frame.frame, own)
    is_whole = not is_part and stop == at + header + length
    _carried(frame, frame.frame[at + 9], (body, stop), (at + 12, 4), length, is_first=is_first, is_whole=is_whole)
    _ipv4_options(frame, at + 20, body)
    renew(frame.frame, own, state)
    frame.clear(stop, end)


def _ipv4_options(frame: FrameRewriter, at: int, end: int) -> None:
    """Options keep kind and length: routes that packets took have addresses."""
    while at < end and frame.frame[at] != 0:
        if frame.frame[at] == 1:
            at += 1
            continue
        length = frame.frame[at + 1] if at + 1 < end else 0
        if length < 2 or at + length > end:
            break
        frame.clear(at + 2, at + length)
        at += length
    frame.clear(at, end)


def ipv6(frame: FrameRewriter, at: int, end: int) -> None:
    """An IPv6 packet with its extension headers and what it carries."""
    if at + 40 > end or frame.frame[at] >> 4 != 6 or frame.depth >= DEEPEST:
        frame.clear(at, end)
        return
    told = frame.told_within(frame.number(at + 4), at + 40, end)
    stop = min(end, at + 40 + told) if told else end
    kind, body, is_first, is_part = frame.frame[at + 6], at + 40, True, False
    while kind in (HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION, AUTHENTICATION) and body + 8 <= stop and is_first:
        following, units = frame.frame[body], frame.frame[body + 1]
        length = (units + 2) * 4 if kind == AUTHENTICATION else (units + 1) * 8
        if kind == FRAGMENT:
            length, is_first = 8, frame.number(body + 2) & 0xFFF8 == 0
            is_part = is_part or frame.number(body + 2) & 0xFFF9 != 0
        else:
            kept = 4 if kind == ROUTING else 2
            frame.clear(body + kept, min(body + length, stop))
        kind, body = following, min(body + length, stop)
    length = (at + 40 + told if told else end) - body
    is_whole = not is_part and stop == body + length
    _carried(frame, kind, (body, stop), (at + 8, 16), length, is_first=is_first, is_whole=is_whole)
    frame.clear(stop, end)


def _carried(
    frame: FrameRewriter,
    kind: int,
    body: tuple[int, int],
    addresses: tuple[int, int],
    length: int,
    *,
    is_first: bool,
    is_whole: bool,
) -> None:
    """Rewrite what an IP packet carries at ``body``, and its addresses: two of a width at a place. ``length`` is what
    the header says that it carries; in fragments but the first there is no header of what is carried.
    """
    (at, end), (place, width) = body, addresses
    sum_before = _sum_of(frame, place, width)
    covered = transport.covers(kind, at, end) if is_first else None
    pseudo = kind + length if kind != ICMP else 0
    before = None
    if covered is not None:
        before = Covered(at, end, covered, (sum_before + pseudo) if pseudo else 0, is_whole)
        state = state_of(frame.frame, before)
    for address in (place, place + width):
        frame.replace_address(address, width, end)
    if not is_first:
        frame.clear(at, end)
        return
    _transport(frame, kind, at, end)
    if before is not None:
        pseudo_after = (_sum_of(frame, place, width) + pseudo) if pseudo else 0
        renew(frame.frame, Covered(at, end, before.field, pseudo_after, is_whole), state)


def _sum_of(frame: FrameRewriter, place: int, width: int) -> int:
    """The addresses' part of the pseudo-header's sum."""
    return sum(frame.number(at) for at in range(place, place + 2 * width, 2))


def _transport(frame: FrameRewriter, kind: int, at: int, end: int) -> None:
    if kind == TCP:
        transport.tcp(frame.frame, at, end, frame.stand_ins)
    elif kind == UDP:
        is_tunnel = at + 8 + TUNNEL_HEADER <= end and frame.number(at + 2) in TUNNEL_PORTS
        transport.udp(frame.frame, at, end, frame.stand_ins, is_tunnel=is_tunnel)
        if is_tunnel:
            _tunnel(frame, frame.number(at + 2), at + 8, end)
    elif kind == ICMP:
        _icmp(frame, at, end)
    elif kind == ICMP_6:
        _icmp_6(frame, at, end)
    elif kind == IP_IN_IP:
        _inside(frame, ipv4, at, end)
    elif kind == IPV6_IN_IP:
        _inside(frame, ipv6, at, end)
    elif kind == GRE:
        _gre(frame, at, end)
    else:
        frame.clear(at, end)


def _inside(frame: FrameRewriter, rewrite: Rewriter, at: int, end: int) -> None:
    frame.depth += 1
    rewrite(frame, at, end)
    frame.depth -= 1


def _tunnel(frame: FrameRewriter, port: int, at: int, end: int) -> None:
    """VXLAN, or Geneve with its options."""
    kind, options = BRIDGED, 0
    if port != VXLAN_PORT:
        kind, options = frame.number(at + 2), (frame.frame[at] & 0x3F) * 4
    body = min(at + TUNNEL_HEADER + options, end)
    frame.clear(at + TUNNEL_HEADER, body)
    if kind == BRIDGED:
        _inside(frame, ethernet, body, end)
    elif kind in (IPV4, IPV6):
        _inside(frame, raw, body, end)
    else:
        frame.clear(body, end)


def _gre(frame: FrameRewriter, at: int, end: int) -> None:
    flags = frame.number(at) if at + 4 <= end else GRE_VERSION
    if flags & (GRE_VERSION | GRE_ROUTING):
        frame.clear(at + 4, end)
        return
    kind, body = frame.number(at + 2), at + 4
    if flags & GRE_CHECKSUM:
        frame.clear(body, min(body + 4, end))
        body += 4
    body += 4 * bool(flags & GRE_KEY) + 4 * bool(flags & GRE_SEQUENCE)
    if kind == BRIDGED:
        _inside(frame, ethernet, body, end)
    elif kind == ERSPAN_2:
        _inside(frame, ethernet, body + 8 * bool(flags & GRE_SEQUENCE), end)
    elif kind in (IPV4, IPV6):
        _inside(frame, raw, body, end)
    else:
        frame.clear(body, end)


def _icmp(frame: FrameRewriter, at: int, end: int) -> None:
    kind = frame.frame[at] if at < end else 0
    if kind == REDIRECT:
        frame.replace_address(at + 4, 4, end)
    elif kind not in PLAIN_REST:
        frame.clear(at + 4, end)
    if kind in QUOTING:
        _inside(frame, ipv4, at + 8, end)
    else:
        frame.clear(at + 8, end)


def _icmp_6(frame: FrameRewriter, at: int, end: int) -> None:
    kind = frame.frame[at] if at < end else 0
    if kind in QUOTING_6:
        _inside(frame, ipv6, at + 8, end)
    elif kind in DISCOVERY:
        addresses, options = DISCOVERY[kind]
        for place in addresses:
            frame.replace_address(at + place, 16, end)
        _discovery_options(frame, at + options, end)
    else:
        frame.clear(at + (8 if kind in ECHO_6 else 4), end)


def _discovery_options(frame: FrameRewriter, at: int, end: int) -> None:
    while at + 8 <= end and frame.frame[at + 1]:
        kind, stop = frame.frame[at], at + frame.frame[at + 1] * 8
        if kind in LINK_LAYER_OPTIONS and stop == at + 8:
            frame.replace_mac(at + 2, end)
        else:
            frame.clear(at + 2, min(stop, end))
        at = stop
    frame.clear(at, end)


#: What a frame of a link type (tcpdump.org, "Link-layer header types") begins with, and how long that is at least.
LINKS: dict[int, tuple[Rewriter, int]] = {
    0: (null, 4),
    1: (ethernet, 14),
    12: (raw, 0),
    14: (raw, 0),
    101: (raw, 0),
    108: (null, 4),
    113: (cooked, 16),
    228: (ipv4, 0),
    229: (ipv6, 0),
    276: (cooked_2, 20),
}


def redacted_frame(data: bytes, link_type: int, stand_ins: StandIns) -> bytes:
    """The frame without what is private, as long as before. The link type is one of LINKS. Counts what went into
    ``stand_ins.removed``.
    """
    rewrite, shortest = LINKS[link_type]
    frame = FrameRewriter(bytearray(data), stand_ins)
    if len(data) < shortest:
        frame.clear(0, len(data))
    else:
        rewrite(frame, 0, len(data))
    return bytes(frame.frame)
