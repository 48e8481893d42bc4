"""Frames that are not plain TCP over IPv4: the plugin must not stumble, and must judge the live header only."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from ipaddress import IPv6Address
from pathlib import Path

import pytest

from tests.dissector.trace import CLIENT, OPEN, PROBED, SERVER, START_NS, Trace
from tests.scenarios.packets import checksum
from tests.scenarios.pcapfile import MAGIC_MICROSECONDS, Frame, write_pcap
from tests.support.plugin import run_findings, run_tshark

ETHERNET, IPV4 = 14, 20
SECOND = 1_000_000_000


def icmp_error(quoted: bytes) -> bytes:
    """An ICMP host-unreachable to the client that quotes an IP packet, whole (RFC 792, RFC 1812 section 4.3.2.3)."""
    icmp = b"\x03\x01\0\0\0\0\0\0" + quoted
    icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(icmp), 1, 0, 64, 1, 0) + SERVER.ip.packed + CLIENT.ip.packed
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return bytes(12) + b"\x08\x00" + head + icmp


def over_ipv6(frame: Frame) -> Frame:
    """The same TCP segment between two IPv6 addresses."""
    tcp = frame.octets[ETHERNET + IPV4 :]
    is_clients = frame.octets[ETHERNET + 12 : ETHERNET + 16] == CLIENT.ip.packed
    ends = [IPv6Address("2001:db8::1").packed, IPv6Address("2001:db8::2").packed]
    head = struct.pack("!IHBB", 6 << 28, len(tcp), 6, 64) + b"".join(ends if is_clients else ends[::-1])
    return Frame(frame.time_ns, bytes(12) + b"\x86\xdd" + head + tcp)


def write_cut(path: Path, frames: Sequence[Frame], snap_length: int) -> Path:
    """A capture whose frames were cut at a snap length."""
    parts = [struct.pack("<IHHiIII", MAGIC_MICROSECONDS, 2, 4, 0, 0, snap_length, 1)]
    for frame in frames:
        seconds, rest = divmod(frame.time_ns, SECOND)
        kept = frame.octets[:snap_length]
        parts += [struct.pack("<IIII", seconds, rest // 1000, len(kept), len(frame.octets)), kept]
    path.write_bytes(b"".join(parts))
    return path


def found(capture: Path, two_pass: bool = True) -> list[tuple[int, str]]:
    """Frame and finding, in order."""
    return [(finding.frame, finding.id) for finding in run_findings(capture, two_pass)]


def test_a_segment_quoted_in_an_icmp_error_is_not_on_its_way(tmp_path: Path) -> None:
    """A probe that a router could not deliver comes back quoted: one probe, not two, and no sign of life."""
    trace = Trace(PROBED + "21.027 client probe\n26.035 client probe")
    probe = trace.frames[13]
    quoted = Frame(probe.time_ns + SECOND, icmp_error(probe.octets[ETHERNET:]))
    capture = tmp_path / "icmp.pcap"
    write_pcap(capture, [*trace.frames[:14], quoted, trace.frames[14]])
    assert found(capture)[6:] == [(14, "probe"), (15, "refused_by"), (16, "unanswered"), (16, "probe")]
    probe_again = run_findings(capture)[-2]
    assert probe_again.data["waited"] == 5008 * 1_000_000


def test_ipv6_is_judged_like_ipv4(tmp_path: Path) -> None:
    trace = Trace(PROBED + "17-35 others\n36.000 client len=10")
    capture = tmp_path / "ipv6.pcap"
    is_other = [line.endswith("other") for line in trace.lines]
    frames = zip(trace.frames, is_other, strict=True)
    write_pcap(capture, [frame if other else over_ipv6(frame) for frame, other in frames])
    missed = run_findings(capture)[-1]
    assert (missed.frame, missed.id, missed.data["by"]) == (32, "missed", "[2001:db8::1]:40000")


@pytest.mark.parametrize("snap_length", range(ETHERNET + IPV4, ETHERNET + IPV4 + 24, 4))
def test_a_header_that_was_cut_anywhere_is_no_error(snap_length: int, tmp_path: Path) -> None:
    """Cut inside the TCP header there is nothing to judge; from its 16 octets with all numbers on, there is."""
    frames = Trace(PROBED).frames
    findings = found(write_cut(tmp_path / "cut.pcap", frames, snap_length))
    assert findings in ([], found(write_cut(tmp_path / "whole.pcap", frames, 65_535)))
    assert findings or snap_length < ETHERNET + IPV4 + 20


def test_payload_that_was_cut_off_is_still_a_write(tmp_path: Path) -> None:
    text = OPEN + "2.000 server FIN\n2.001 client ACK\n2.002 client tls-alert\n2.003 server RST"
    capture = write_cut(tmp_path / "cut.pcap", Trace(text).frames, ETHERNET + IPV4 + 20)
    assert found(capture)[-2:] == [(10, "post_fin_write"), (11, "post_fin_reset")]


@pytest.mark.parametrize("two_pass", [False, True], ids=["one pass", "two passes"])
def test_frames_of_other_protocols_before_and_between(two_pass: bool, tmp_path: Path) -> None:
    lines = ["0.000 other", *[part for line in PROBED.strip().splitlines() for part in (line, "16.020 other")]]
    frames = sorted(Trace("\n".join(lines)).frames, key=lambda frame: frame.time_ns)
    capture = tmp_path / "between.pcap"
    write_pcap(capture, frames)
    assert [name for _, name in found(capture, two_pass)] == ["probe", "answer"] * 3


def test_moments_count_from_the_first_frame_whatever_its_protocol(tmp_path: Path) -> None:
    later = PROBED.replace("0.000 client SYN", "0.0005 client SYN")
    text = f"0.000 other\n{later}17-35 others\n36.000 client len=10"
    missed = run_findings(Trace(text).write(tmp_path / "trace.pcap"))[-1]
    assert missed.data["due"] == START_NS + 21_027_000_000


def test_the_answer_is_the_same_without_a_filter(tmp_path: Path) -> None:
    """`tshark -2` without a filter gives its first pass no fields; the plugin then collects in the second."""
    capture = Trace(PROBED).write(tmp_path / "trace.pcap")
    fields = ["-2", "-r", str(capture), "-T", "fields", "-e", "frame.number", "-e", "keepalive.finding"]
    lines = run_tshark(fields).splitlines()
    assert [line.split("\t") for line in lines[6:10]] == [["7", ""], ["8", "probe"], ["9", "answer"], ["10", "probe"]]


def test_wireshark_without_tcp_analysis_makes_no_difference(tmp_path: Path) -> None:
    capture = Trace(PROBED).write(tmp_path / "trace.pcap")
    without = run_findings(capture, extra_args=("-o", "tcp.analyze_sequence_numbers:FALSE"))
    assert without == run_findings(capture)
    assert len(without) == 6
