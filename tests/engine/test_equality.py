"""What the fast reader reads, it reads as "tshark -2" with the plugin does: each row, in every column."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyreport.capture.tshark import Tshark
from tests.dissector.story import STORY, TRACE
from tests.dissector.trace import SET_FORWARD, Trace
from tests.engine.both import assert_same, reason
from tests.scenarios.carriers import CARRIERS, Carrier
from tests.scenarios.packets import Address, segment_of
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.pcapngfile import POWER_OF_TWO, Interface, write_pcapng
from tests.support.plugin import REPOSITORY
from tests.support.public import needs_public_captures, public_captures

SCENARIOS = sorted((REPOSITORY / "tests" / "scenarios").glob("*/*.pcap*"))

#: The carriers that are plain; all others are left to tshark, for this reason.
OTHER_ROADS = {
    "MPLS, one label": "link",
    "MPLS, three labels": "link",
    "MPLS in VLAN": "link",
    "PPPoE": "link",
    "PPPoE in QinQ": "link",
    "PPPoE, shorter than the IPv4 packet says": "link",
    "IEEE 802.3, shorter than the IPv4 packet says": "link",
    "IP in IP, shorter than the IPv4 packet says": "tunnel",
    "IP in IP": "tunnel",
    "6in4": "tunnel",
    "IPv4 in IPv6": "tunnel",
    "GRE over IPv4": "tunnel",
    "GRE, key and sequence number": "tunnel",
    "GRE over IPv6": "tunnel",
    "Ethernet in GRE": "tunnel",
    "IEEE 802.11 in GRE, as Aruba sends it": "tunnel",
    "VXLAN": "tunnel",
    "Geneve": "tunnel",
    "ERSPAN II": "tunnel",
    "VXLAN in VLAN in GRE": "tunnel",
    "IEEE 802.11": "link",
    "fragments": "fragment",
    "three fragments": "fragment",
    "tiny first fragment": "fragment",
    "tiny fragments": "fragment",
    "super-segments": "header",
    "super-segments, cut behind the TCP header": "header",
    "cut behind the window": "cut",
    "cut inside the checksum": "cut",
    "cut inside the options": "cut",
    "cut before the options": "cut",
}


def carried(carrier: Carrier, client_port: int) -> list[Frame]:
    """The story in a carrier."""
    story = Trace(STORY, client=Address(TRACE.client.ip, client_port))
    return [
        Frame(frame.time_ns, one.octets, one.length)
        for frame in story.frames
        for one in carrier.wrap(segment_of(frame.octets))
    ]


@pytest.mark.parametrize("capture", SCENARIOS, ids=lambda path: path.name)
def test_the_scenarios(capture: Path, tshark: Tshark) -> None:
    assert_same(tshark, capture)


def test_a_clock_that_was_set_forward(tshark: Tshark, tmp_path: Path) -> None:
    assert_same(tshark, Trace(SET_FORWARD).write(tmp_path / "forward.pcap"))


@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.name)
def test_each_carrier_is_read_here_or_left_to_tshark(carrier: Carrier, tshark: Tshark, tmp_path: Path) -> None:
    capture = tmp_path / "carrier.pcap"
    write_pcap(capture, carried(carrier, TRACE.client.port), link_type=carrier.link_type)
    assert reason(tshark, capture) == OTHER_ROADS.get(carrier.name, "")


def test_all_plain_carriers_side_by_side(tshark: Tshark, tmp_path: Path) -> None:
    """In one file with an interface for each link type and resolution of time, and a connection in each carrier."""
    plain = [carrier for carrier in CARRIERS if carrier.name not in OTHER_ROADS]
    resolutions = (6, 9, 3, 10, POWER_OF_TWO | 20, POWER_OF_TWO | 33, 8, 7)
    interfaces = [Interface(c.link_type, resolutions[n % len(resolutions)]) for n, c in enumerate(plain)]
    packets = [(n, frame) for n, c in enumerate(plain) for frame in carried(c, TRACE.client.port + n)]
    packets.sort(key=lambda packet: packet[1].time_ns)
    capture = tmp_path / "plain.pcapng"
    write_pcapng(capture, interfaces, packets)
    assert_same(tshark, capture)


@needs_public_captures
def test_public_captures(tshark: Tshark) -> None:
    """Those that the reader takes; not all of them are left to tshark."""
    captures = [path for path in sorted(public_captures().iterdir()) if ".pcap" in path.name]
    plain = [capture for capture in captures if not reason(tshark, capture)]
    for capture in plain:
        assert_same(tshark, capture, capture.name)
    assert plain
