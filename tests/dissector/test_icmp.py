"""ICMP errors that quote a segment of a connection: which device refuses it, and why (RFC 792, RFC 4443)."""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest

from tests.dissector.test_frames import ETHERNET, IPV4, over_ipv6
from tests.dissector.trace import CLIENT, OPEN, Trace
from tests.scenarios.packets import checksum
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.support.plugin import FindingOnFrame, run_findings

TRACE = Trace(OPEN + "61.000 client len=10")
REQUEST = TRACE.frames[-1]
ROUTER = IPv4Address("203.0.113.1")
MS = 1_000_000
IPV6, RFC_792 = 40, 8


def icmp_error(kind: int, code: int, quoted: bytes, rest: bytes = bytes(4)) -> bytes:
    """An ICMP error of the router to the client."""
    message = bytes((kind, code, 0, 0)) + rest + quoted
    message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(message), 1, 0, 64, 1, 0) + ROUTER.packed + CLIENT.ip.packed
    return bytes(12) + b"\x08\x00" + head[:10] + struct.pack("!H", checksum(head)) + head[12:] + message


def found(frames: list[Frame], error: bytes, path: Path, two_pass: bool = True) -> list[FindingOnFrame]:
    """What the plugin finds in the frames and the error behind them."""
    write_pcap(path, [*frames, Frame(frames[-1].time_ns + MS, error)])
    return [finding for finding in run_findings(path, two_pass) if finding.id == "refused_by"]


@pytest.mark.parametrize("two_pass", [False, True], ids=["one pass", "two passes"])
def test_the_device_and_its_reason_are_told_with_a_link_to_the_segment(two_pass: bool, tmp_path: Path) -> None:
    error = icmp_error(3, 13, REQUEST.octets[ETHERNET:])
    (refused,) = found(TRACE.frames, error, tmp_path / "icmp.pcap", two_pass)
    assert (refused.frame, refused.level) == (9, "Warn")
    assert refused.data == {
        "device": str(ROUTER),
        "reason": "forbidden by a rule",
        "icmp_type": 3,
        "icmp_code": 13,
        "sender": f"{CLIENT.ip}:{CLIENT.port}",
        "segment": 8,
    }


def test_a_segment_that_is_too_large_is_a_note_with_the_size_that_fits(tmp_path: Path) -> None:
    error = icmp_error(3, 4, REQUEST.octets[ETHERNET:], bytes((0, 0, 5, 0x78)))
    (refused,) = found(TRACE.frames, error, tmp_path / "icmp.pcap")
    assert (refused.level, refused.data["mtu"], refused.data["segment"]) == ("Note", 1400, 8)


def test_over_ipv6(tmp_path: Path) -> None:
    frames = [over_ipv6(frame) for frame in TRACE.frames]
    device = IPv6Address("2001:db8::7")
    message = b"\x01\x01" + bytes(6) + frames[-1].octets[ETHERNET:]
    head = struct.pack("!IHBB", 6 << 28, len(message), 58, 64) + device.packed + IPv6Address("2001:db8::1").packed
    (refused,) = found(frames, bytes(12) + b"\x86\xdd" + head + message, tmp_path / "icmp.pcap")
    assert (refused.data["device"], refused.data["reason"]) == (str(device), "forbidden by a rule")
    assert (refused.data["sender"], refused.data["segment"]) == ("[2001:db8::1]:40000", 8)


def test_what_is_no_refusal_of_a_segment_that_was_sent(tmp_path: Path) -> None:
    quoted = REQUEST.octets[ETHERNET:]
    never_sent = quoted[: IPV4 + 4] + b"\x7f\xff\xff\xff" + quoted[IPV4 + 8 :]
    other_ports = quoted[:IPV4] + b"\x12\x34" + quoted[IPV4 + 2 :]
    for error in (icmp_error(8, 0, quoted), icmp_error(3, 13, never_sent), icmp_error(3, 13, other_ports)):
        assert found(TRACE.frames, error, tmp_path / "icmp.pcap") == []


@pytest.mark.parametrize("two_pass", [False, True], ids=["one pass", "two passes"])
def test_one_that_quotes_the_ports_and_the_number_only_is_tied(two_pass: bool, tmp_path: Path) -> None:
    """All that RFC 792 asks for."""
    error = icmp_error(3, 4, REQUEST.octets[ETHERNET : ETHERNET + IPV4 + RFC_792], bytes((0, 0, 5, 0x78)))
    (refused,) = found(TRACE.frames, error, tmp_path / "icmp.pcap", two_pass)
    assert (refused.frame, refused.level, refused.data["mtu"], refused.data["segment"]) == (9, "Note", 1400, 8)
    assert (refused.data["device"], refused.data["sender"]) == (str(ROUTER), f"{CLIENT.ip}:{CLIENT.port}")


def test_one_that_quotes_the_ports_and_the_number_only_over_ipv6(tmp_path: Path) -> None:
    frames = [over_ipv6(frame) for frame in TRACE.frames]
    device = IPv6Address("2001:db8::7")
    message = b"\x02\0\0\0" + struct.pack("!I", 1280) + frames[-1].octets[ETHERNET : ETHERNET + IPV6 + RFC_792]
    head = struct.pack("!IHBB", 6 << 28, len(message), 58, 64) + device.packed + IPv6Address("2001:db8::1").packed
    (refused,) = found(frames, bytes(12) + b"\x86\xdd" + head + message, tmp_path / "icmp.pcap")
    assert (refused.data["device"], refused.data["mtu"], refused.data["segment"]) == (str(device), 1280, 8)


def test_a_short_quote_of_nothing_that_is_under_way_is_tied_to_nothing(tmp_path: Path) -> None:
    """Other ports, a number that was never sent, one that was acknowledged long before, a fragment without a header."""
    quoted = REQUEST.octets[ETHERNET : ETHERNET + IPV4 + RFC_792]
    number = struct.unpack("!I", quoted[IPV4 + 4 : IPV4 + 8])[0]
    others = [
        quoted[:IPV4] + b"\x12\x34" + quoted[IPV4 + 2 :],
        *(quoted[: IPV4 + 4] + struct.pack("!I", (number + by) % (1 << 32)) for by in (11, -2, -100_000)),
        quoted[:6] + b"\0\x05" + quoted[8:],
        quoted[:-1],
    ]
    for other in others:
        assert found(TRACE.frames, icmp_error(3, 13, other), tmp_path / "icmp.pcap") == []
