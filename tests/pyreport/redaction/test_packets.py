"""Frames: what is private goes, wherever it stands, and what the plugin needs stays."""

from __future__ import annotations

import random
import struct
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from hypothesis import strategies as st

from pyreport.base.errors import InputError
from pyreport.capture.pcapng_blocks import Block, blocks, options_of, options_written, packet_of, written
from pyreport.redaction.capture import redacted_blocks
from pyreport.redaction.packets import LINKS, redacted_frame
from pyreport.redaction.stand_ins import StandIns
from tests.dissector.story import STORY, TRACE
from tests.dissector.trace import Trace
from tests.property.examples import for_all
from tests.scenarios.carriers import CARRIERS, Carrier, icmp_unreachable, inner_ethernet, ipv4
from tests.scenarios.packets import Address, Segment, checksum, ipv4_packet, segment_of
from tests.scenarios.pcapfile import Frame
from tests.scenarios.pcapngfile import Interface, write_pcapng
from tests.support.plugin import run_findings, run_tshark

KEY = bytes(range(32))
SECRET = b"planted secret of 33 octets, here"
A, B = Address(IPv4Address("10.1.2.3"), 40000), Address(IPv4Address("198.51.100.77"), 9092)
#: Carried in a way of which it is not known where addresses are: refused, or lost and then refused by the check.
UNKNOWN = {
    *("PPP", "PPP, no address and control", "IEEE 802.11", "IEEE 802.11 in GRE, as Aruba sends it"),
}
#: A header of TCP in two fragments: the later one is taken for payload, so findings are lost, and that is refused.
SPLIT_HEADERS = {"tiny first fragment", "tiny fragments"}
KNOWN = [carrier for carrier in CARRIERS if carrier.name not in UNKNOWN]


def redacted(path: Path, target: Path, *, with_ports: bool = False) -> StandIns:
    stand_ins = StandIns(KEY, with_ports)
    content = path.read_bytes()
    target.write_bytes(b"".join(map(written, redacted_blocks(blocks(content), stand_ins, path.name))))
    return stand_ins


def test_a_segment_keeps_all_but_addresses_and_payload() -> None:
    segment = Segment(A, B, 1_000, 2_000, 0x18, 501, 7, payload=SECRET)
    frame = inner_ethernet(ipv4_packet(segment, 64))
    new = redacted_frame(frame, 1, StandIns(KEY))
    told = segment_of(new)
    assert len(new) == len(frame)
    assert told.payload == bytes(len(SECRET))
    assert (told.seq, told.ack, told.flags, told.window, told.ip_id) == (1_000, 2_000, 0x18, 501, 7)
    assert (told.source.port, told.destination.port) == (40000, 9092)
    assert told.source.ip != A.ip
    assert checksum(new[14:34]) == 0
    assert new == inner_ethernet_of(told)


def inner_ethernet_of(segment: Segment) -> bytes:
    """The frame of a segment as a kernel makes it, with the hardware addresses' stand-ins."""
    frame = inner_ethernet(ipv4_packet(segment, 64))
    stand_ins = StandIns(KEY)
    return stand_ins.mac(frame[:6]) + stand_ins.mac(frame[6:12]) + frame[12:]


@pytest.mark.parametrize("carrier", KNOWN, ids=lambda carrier: carrier.name)
def test_no_carrier_keeps_an_address_or_payload(carrier: Carrier) -> None:
    for story_frame in Trace(STORY, client=Address(TRACE.client.ip, TRACE.client.port)).frames:
        segment = segment_of(story_frame.octets)
        planted = Segment(
            **{
                **{name: getattr(segment, name) for name in Segment.__slots__},
                "payload": SECRET[: len(segment.payload)].ljust(len(segment.payload), b"!"),
            }
        )
        for one in carrier.wrap(planted):
            new = redacted_frame(one.octets, carrier.link_type, StandIns(KEY))
            assert len(new) == len(one.octets)
            for address in (segment.source.ip.packed, segment.destination.ip.packed):
                assert address not in new
                assert address[::-1] not in new
            assert b"planted" not in new
            assert len(planted.payload) < 8 or planted.payload[:8] not in new


def test_the_plugin_finds_the_same_in_each_carrier(tmp_path: Path) -> None:
    carriers = [carrier for carrier in KNOWN if carrier.name not in SPLIT_HEADERS]
    packets = [
        (n, Frame(frame.time_ns, one.octets, one.length))
        for n, carrier in enumerate(carriers)
        for frame in Trace(STORY, client=Address(TRACE.client.ip, TRACE.client.port + n)).frames
        for one in carrier.wrap(segment_of(frame.octets))
    ]
    packets.sort(key=lambda packet: packet[1].time_ns)
    before, after = tmp_path / "before.pcapng", tmp_path / "after.pcapng"
    write_pcapng(before, [Interface(carrier.link_type, 9) for carrier in carriers], packets)
    redacted(before, after, with_ports=True)
    found, kept = ([_bare(f) for f in run_findings(path, two_pass=True)] for path in (before, after))
    assert kept == found
    assert found
    fields = ("frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "tcp.stream", "tcp.seq_raw", "tcp.len")
    more = ("ip.checksum.status", "tcp.checksum.status", "udp.checksum.status")
    assert rows(after, "frame", *fields) == rows(before, "frame", *fields)
    # Of a packet in fragments, no single frame has all that its checksum covers.
    assert rows(after, "!ip.fragment", *more) == rows(before, "!ip.fragment", *more)


def rows(path: Path, only: str, *fields: str) -> str:
    checks = [option for name in ("ip", "tcp", "udp") for option in ("-o", f"{name}.check_checksum:TRUE")]
    return run_tshark(
        [
            "-n",
            "-r",
            str(path),
            "-Y",
            only,
            *checks,
            "-T",
            "fields",
            *(option for field in fields for option in ("-e", field)),
        ]
    )


def _bare(finding: object) -> tuple[object, ...]:
    data = {name: value for name, value in finding.data.items() if ":" not in str(value)}  # type: ignore[attr-defined]
    return finding.frame, finding.id, finding.level, data  # type: ignore[attr-defined]


@for_all(st.sampled_from(sorted(LINKS)), st.binary(max_size=200), examples=500)
def test_whatever_a_frame_holds_it_stays_as_long(link_type: int, data: bytes) -> None:
    assert len(redacted_frame(data, link_type, StandIns(KEY))) == len(data)


def test_damaged_frames_stay_as_long_and_lose_their_payload() -> None:
    source = random.Random(7)
    for carrier in KNOWN:
        for one in carrier.wrap(Segment(A, B, 1, 2, 0x18, 501, 7, payload=SECRET)):
            for _ in range(60):
                frame = bytearray(one.octets[: source.randrange(len(one.octets)) + 1])
                for _ in range(source.randrange(4)):
                    frame[source.randrange(min(len(frame), 60))] = source.randrange(256)
                new = redacted_frame(bytes(frame), carrier.link_type, StandIns(KEY))
                assert len(new) == len(frame)
                assert SECRET[:12] not in new


def test_the_head_of_a_record_of_tls_stays_and_nothing_else_of_it() -> None:
    alert = b"\x15\x03\x03\x00\x02\x01\x00"
    data = b"\x17\x03\x03\x00\x0a" + SECRET[:10] + alert
    for payload, kept in ((data, b"\x17\x03\x03\x00\x0a" + bytes(10) + alert[:5] + bytes(2)), (SECRET, bytes(33))):
        frame = inner_ethernet(ipv4_packet(Segment(A, B, 1, 2, 0x18, 501, 7, payload=payload), 64))
        assert segment_of(redacted_frame(frame, 1, StandIns(KEY))).payload == kept


def test_options_that_may_carry_more_keep_kind_and_length() -> None:
    cookie = b"\x22\x0a" + b"COOKIE!!"
    plain = b"\x02\x04\x05\xb4\x01\x01"
    frame = inner_ethernet(ipv4_packet(Segment(A, B, 1, 2, 0x02, 501, 7, options=plain + cookie), 64))
    assert segment_of(redacted_frame(frame, 1, StandIns(KEY))).options == plain + b"\x22\x0a" + bytes(8)


def test_what_an_icmp_error_quotes_is_redacted_alike() -> None:
    quoted = ipv4_packet(Segment(A, B, 1, 2, 0x18, 501, 7, payload=SECRET), 64)
    new = redacted_frame(inner_ethernet(ipv4(1, icmp_unreachable(quoted), ends=(B.ip, A.ip))), 1, StandIns(KEY))  # type: ignore[arg-type]
    stand_ins = StandIns(KEY)
    a, b = stand_ins.address(A.ip.packed), stand_ins.address(B.ip.packed)
    assert new[26:34] == b + a
    assert new[14 + 28 + 12 :][:8] == a + b
    assert SECRET not in new
    assert checksum(new[34:]) == 0


def test_arp_and_neighbours() -> None:
    arp = b"\0\x01\x08\0\x06\x04\0\x01" + b"\x52\x54\0\x01\x02\x03" + A.ip.packed + bytes(6) + B.ip.packed + b"trailer"
    stand_ins = StandIns(KEY)
    new = redacted_frame(b"\xff" * 6 + b"\x52\x54\0\x01\x02\x03" + b"\x08\x06" + arp, 1, stand_ins)
    mac = stand_ins.mac(b"\x52\x54\0\x01\x02\x03")
    expected = arp[:8] + mac + stand_ins.address(A.ip.packed) + bytes(6) + stand_ins.address(B.ip.packed) + bytes(7)
    assert new == b"\xff" * 6 + mac + b"\x08\x06" + expected


@pytest.mark.parametrize(("old", "unfinished"), [("right", False), ("unfinished", True), ("wrong", False)])
def test_a_checksum_stays_what_it_was(old: str, unfinished: bool) -> None:
    frame = bytearray(inner_ethernet(ipv4_packet(Segment(A, B, 1, 2, 0x18, 501, 7, payload=SECRET), 64)))

    def pseudo(octets: bytes) -> int:
        return 0xFFFF ^ checksum(octets[26:34] + struct.pack("!HH", 6, len(octets) - 34))

    def total(octets: bytes) -> int:
        return checksum(octets[26:34] + struct.pack("!HH", 6, len(octets) - 34) + octets[34:])

    if old == "unfinished":
        frame[50:52] = struct.pack("!H", pseudo(bytes(frame)))
    elif old == "wrong":
        frame[50] ^= 0x10
    new = redacted_frame(bytes(frame), 1, StandIns(KEY))
    assert (total(new) == 0) == (old == "right")
    assert (new[50:52] == struct.pack("!H", pseudo(new))) == unfinished


def test_what_a_file_says_beside_its_packets_goes(tmp_path: Path) -> None:
    source, target = tmp_path / "before.pcapng", tmp_path / "after.pcapng"
    frame = Frame(1_700_000_000_123_456_789, inner_ethernet(ipv4_packet(Segment(A, B, 1, 2, 0x10, 501, 7), 64)), 900)
    write_pcapng(source, [Interface(1, 9)], [(0, frame)])
    section, interface, packet = blocks(source.read_bytes())
    options = options_written(
        [(2, b"host-eth0"), (9, b"\x09"), (11, b"\0host 10.1.2.3"), (14, struct.pack("<q", 5))], "<"
    )
    told = packet_of(packet)
    assert told is not None
    noted = packet.body + options_written([(1, b"a comment"), (2, b"\x01\0\0\0"), (4, struct.pack("<Q", 3))], "<")
    source.write_bytes(
        b"".join(
            map(
                written,
                (
                    Block(section.kind, "<", 0, section.body + options_written([(1, b"of bob"), (3, b"host os")], "<")),
                    Block(interface.kind, "<", 0, interface.body[:8] + options),
                    Block(4, "<", 0, b"names"),
                    Block(10, "<", 0, b"keys of TLS."),
                    Block(packet.kind, "<", 0, noted),
                    Block(5, "<", 0, bytes(12) + options_written([(1, b"more"), (5, struct.pack("<Q", 42))], "<")),
                ),
            )
        )
    )
    stand_ins = redacted(source, target)
    new = list(blocks(target.read_bytes()))
    assert [block.kind for block in new] == [section.kind, 1, 6, 5]
    assert list(options_of(new[1].body[8:], "<")) == [(9, b"\x09"), (14, struct.pack("<q", 5))]
    after = packet_of(new[2])
    assert after is not None
    assert (after.ticks, after.length) == (told.ticks, 900)
    assert list(options_of(after.options, "<")) == [(2, b"\x01\0\0\0"), (4, struct.pack("<Q", 3))]
    assert list(options_of(new[3].body[12:], "<")) == [(5, struct.pack("<Q", 42))]
    assert stand_ins.removed.options == 6


@pytest.mark.parametrize("link_type", [9, 105, 127, 147])
def test_an_unknown_link_type_is_refused(tmp_path: Path, link_type: int) -> None:
    source = tmp_path / "before.pcapng"
    write_pcapng(source, [Interface(1), Interface(link_type)], [(0, Frame(1, bytes(60))), (1, Frame(2, bytes(60)))])
    with pytest.raises(InputError, match=f"Frame 2 of before.pcapng has the link type {link_type}"):
        redacted(source, tmp_path / "after.pcapng")
