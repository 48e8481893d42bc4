"""Frames with several TCP headers, or several addresses: the outermost segment that is on its way is judged."""

from __future__ import annotations

import struct
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from tests.dissector.story import STORY, TRACE, told
from tests.dissector.trace import PROBED, Trace
from tests.scenarios.carriers import (
    FRAGMENT,
    GRE,
    ICMP,
    ICMPV6,
    IPIP,
    IPV6,
    LINKTYPE_IEEE802_11,
    gre,
    icmp_unreachable,
    icmpv6_unreachable,
    inner_ethernet,
    ipv4,
    ipv6,
    ipv6_packet,
    plain,
    vxlan,
    wlan_aggregate,
)
from tests.scenarios.carriers import ethernet as any_ethernet
from tests.scenarios.packets import ACK, ETHERTYPE_IPV4, FIN, Address, Segment, segment_of
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.support.plugin import run_findings, run_tshark

MILLISECOND = 1_000_000
SECOND = 1000 * MILLISECOND
OPENFLOW = 6653


def fragments(icmp: bytes) -> list[bytes]:
    """An ICMP error in two IPv4 fragments: the quoted TCP header is in the second one's reassembled datagram."""
    return [inner_ethernet(ipv4(ICMP, icmp[:24], fragment=0x2000)), inner_ethernet(ipv4(ICMP, icmp[24:], fragment=3))]


def fragments_6(icmp: bytes) -> list[bytes]:
    """An ICMPv6 error in two fragments (RFC 8200 section 4.5)."""
    more, split = 1, 48
    first = struct.pack("!BBHI", ICMPV6, 0, more, 77) + icmp[:split]
    second = struct.pack("!BBHI", ICMPV6, 0, split, 77) + icmp[split:]
    return [any_ethernet(IPV6, ipv6(FRAGMENT, body)) for body in (first, second)]


QUOTES: dict[str, Callable[[Segment], list[bytes]]] = {
    "ICMP": lambda s: [inner_ethernet(ipv4(ICMP, icmp_unreachable(plain(s))))],
    "ICMP with the first 8 octets": lambda s: [inner_ethernet(ipv4(ICMP, icmp_unreachable(plain(s)[:28])))],
    "ICMP in GRE": lambda s: [inner_ethernet(ipv4(GRE, gre(ETHERTYPE_IPV4, ipv4(ICMP, icmp_unreachable(plain(s))))))],
    "ICMP in VXLAN": lambda s: [inner_ethernet(vxlan(inner_ethernet(ipv4(ICMP, icmp_unreachable(plain(s))))))],
    "ICMP that quotes a tunnel": lambda s: [inner_ethernet(ipv4(ICMP, icmp_unreachable(ipv4(IPIP, plain(s)))))],
    "ICMP in fragments": lambda s: fragments(icmp_unreachable(plain(s))),
    "ICMPv6": lambda s: [any_ethernet(IPV6, ipv6(ICMPV6, icmpv6_unreachable(ipv6_packet(s))))],
    "ICMPv6 in fragments": lambda s: fragments_6(icmpv6_unreachable(ipv6_packet(s))),
    "ICMPv6 in VXLAN": lambda s: [
        inner_ethernet(vxlan(any_ethernet(IPV6, ipv6(ICMPV6, icmpv6_unreachable(ipv6_packet(s))))))
    ],
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)
def test_what_an_icmp_error_quotes_is_not_on_its_way(quote: Callable[[Segment], list[bytes]], tmp_path: Path) -> None:
    """The connection runs over IPv4 and over IPv6 at once; a router sends each client segment back, 2 s later.

    Quoted probes, taken for live ones, would be probes of their own (and leave the true ones unanswered).
    """
    frames: list[tuple[Frame, int]] = []
    for line, frame in enumerate(TRACE.frames, start=1):
        segment = segment_of(frame.octets)
        frames.append((frame, line))
        frames.append((Frame(frame.time_ns + 1000, any_ethernet(IPV6, ipv6_packet(segment))), line))
        if segment.source == TRACE.client:
            frames += [(Frame(frame.time_ns + 2 * SECOND, octets), 0) for octets in quote(segment)]
    frames.sort(key=lambda pair: pair[0].time_ns)
    capture = tmp_path / "quoted.pcap"
    write_pcap(capture, [frame for frame, _ in frames])
    found = [finding for finding in told(capture, two_pass=True) if finding[1] != "refused_by"]
    lines = [(frames[number - 1][1], name, level) for number, name, level in found]
    assert sorted(lines) == sorted(TRACE.in_two_passes * 2)


def in_openflow(frame: bytes) -> bytes:
    """A switch's message to its controller with a frame in it (OpenFlow 1.0, OFPT_PACKET_IN)."""
    return struct.pack("!BBHIIHHBB", 1, 10, 18 + len(frame), 1, 0xFFFFFFFF, len(frame), 1, 0, 0) + frame


def test_the_outermost_connection_is_judged_and_named(tmp_path: Path) -> None:
    """Frames of another connection, in the payload of this one, are no frames of that other one."""
    switch, controller = Address(IPv4Address("203.0.113.9"), 50_001), Address(IPv4Address("203.0.113.10"), OPENFLOW)
    frames, seq = [], 100
    for frame in Trace(PROBED).frames:
        message = in_openflow(frame.octets)
        data = Segment(switch, controller, seq, 500, ACK, 500, 1, payload=message)
        seq += len(message)
        acknowledgment = Segment(controller, switch, 500, seq, ACK, 500, 1)
        frames.append(Frame(frame.time_ns, inner_ethernet(plain(data))))
        frames.append(Frame(frame.time_ns + MILLISECOND // 2, inner_ethernet(plain(acknowledgment))))
    fin = Segment(controller, switch, 500, seq, FIN | ACK, 500, 1)
    frames.append(Frame(frames[-1].time_ns + SECOND, inner_ethernet(plain(fin))))
    capture = tmp_path / "openflow.pcap"
    write_pcap(capture, frames)
    (finding,) = run_findings(capture)
    assert (finding.frame, finding.id) == (27, "fin")
    assert finding.data["by"] == "203.0.113.10:6653"


def test_of_two_packets_in_one_frame_the_first_is_judged(tmp_path: Path) -> None:
    """IEEE 802.11 aggregates: a frame number has room for one segment, and says which by being the first."""
    other = Trace(STORY, client=Address(TRACE.client.ip, TRACE.client.port + 1))
    capture = tmp_path / "aggregate.pcap"
    pairs = zip(TRACE.frames, other.frames, strict=True)
    frames = [Frame(one.time_ns, wlan_aggregate(one.octets[14:], two.octets[14:])) for one, two in pairs]
    write_pcap(capture, frames, link_type=LINKTYPE_IEEE802_11)
    fields = ["-2", "-r", str(capture), "-Y", "keepalive", "-T", "fields"]
    fields += ["-e", "frame.number", "-e", "keepalive.finding", "-E", "aggregator=,"]
    found = [line.split("\t") for line in run_tshark(fields).splitlines()]
    names = [(int(frame), name) for frame, joined in found for name in joined.split(",")]
    assert names == [(frame, name) for frame, name, _ in TRACE.in_two_passes]


@pytest.mark.parametrize("wrap", [plain, lambda s: ipv4(IPIP, plain(s))], ids=["plain", "IP in IP"])
def test_equal_ports_are_told_apart_by_the_addresses(wrap: Callable[[Segment], bytes], tmp_path: Path) -> None:
    """Some protocols use one port on both ends."""
    trace = Trace(STORY, client=Address(TRACE.client.ip, 9))
    capture = tmp_path / "ports.pcap"
    write_pcap(capture, [Frame(f.time_ns, inner_ethernet(wrap(segment_of(f.octets)))) for f in trace.frames])
    assert told(capture, two_pass=True) == trace.in_two_passes
