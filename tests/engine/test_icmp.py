"""ICMP errors: what they quote is told, and counted as a connection, as Wireshark does."""

from __future__ import annotations

from pathlib import Path
from random import Random

from pyreport.capture.engine import Engine
from pyreport.capture.tshark import Tshark
from tests.dissector.story import STORY
from tests.dissector.test_icmp import icmp_error
from tests.dissector.trace import CLIENT, Trace
from tests.engine.both import assert_same, reason, told
from tests.engine.quotes import error_about
from tests.engine.test_outlines import assert_kept, read
from tests.engine.test_random_captures import EXAMPLES
from tests.scenarios.carriers import ICMP, IPV6, ethernet, ipv6_packet
from tests.scenarios.packets import Address, segment_of
from tests.scenarios.pcapfile import Frame, write_pcap

ETHERNET = 14


def with_errors(chance: Random) -> list[Frame]:
    """Three connections, one of them over IPv6, and errors about their segments: some come before what they quote."""
    frames, is_odd = [], chance.random() < 0.3
    for number in range(3):
        shift = chance.randrange(60_000_000_000)
        for frame in Trace(STORY, client=Address(CLIENT.ip, CLIENT.port + number)).frames:
            octets = ethernet(IPV6, ipv6_packet(segment_of(frame.octets))) if number == 2 else frame.octets
            frames.append(Frame(frame.time_ns + shift, octets))
            if chance.random() < 0.2:
                delay = chance.choice((-30_000_000_000, 1_000_000, 1_000_000, 100_000_000))
                error = error_about(octets[ETHERNET:].ljust(60, b"\0"), chance, is_odd and chance.random() < 0.2)
                frames.append(Frame(max(0, frame.time_ns + shift + delay), error))
    return sorted(frames, key=lambda frame: frame.time_ns)


def quoting_ports_only(frames: list[Frame]) -> list[int]:
    """The numbers of the errors that quote too little of TCP for Wireshark to tell a connection."""
    least = ETHERNET + 20 + 8 + 20
    return [
        number
        for number, frame in enumerate(frames, 1)
        if frame.octets[12:14] == b"\x08\x00"
        and frame.octets[ETHERNET + 9] == ICMP
        and least + 8 <= len(frame.octets) < least + 16
    ]


def test_errors_at_random(tshark: Tshark, tmp_path: Path) -> None:
    """All that the reader takes: the numbers of the connections behind an error tell whether it counted as tshark."""
    taken = refused = by_ports = 0
    for seed in range(max(4, EXAMPLES // 2)):
        capture = tmp_path / f"{seed}.pcap"
        frames = with_errors(Random(seed))
        write_pcap(capture, frames)
        if not reason(tshark, capture):
            assert_same(tshark, capture, seed)
            taken += 1
            fast, slow = read(tshark, capture, Engine.FAST), read(tshark, capture, Engine.TSHARK)
            assert fast is not None
            assert slow is not None
            assert_kept(fast, slow)
            refused += len(fast.span.refusals)
            by_ports += len(set(quoting_ports_only(frames)) & {one.frame for one in fast.span.refusals})
    assert taken > EXAMPLES // 8
    assert refused > by_ports > 0


def test_an_error_about_a_segment_is_a_finding(tshark: Tshark, tmp_path: Path) -> None:
    trace = Trace(STORY)
    error = icmp_error(3, 13, trace.frames[-2].octets[ETHERNET:])
    capture = tmp_path / "refused.pcap"
    write_pcap(capture, [*trace.frames, Frame(trace.frames[-1].time_ns + 1_000_000, error)])
    assert reason(tshark, capture) == ""
    records = told(tshark, capture, Engine.FAST).rows[-1].records
    assert records is not None
    assert records[0].startswith("refused_by|Warn|device=203.0.113.1|reason=prohibited|")


def test_an_error_that_quotes_the_ports_only_is_a_finding(tshark: Tshark, tmp_path: Path) -> None:
    trace = Trace(STORY)
    quoted = trace.frames[-2].octets[ETHERNET:]
    other_port = quoted[:20] + b"\x12\x34" + quoted[22:]
    errors = [icmp_error(3, 13, octets[:28]) for octets in (quoted, other_port)]
    capture = tmp_path / "refused.pcap"
    write_pcap(capture, [*trace.frames, *(Frame(trace.frames[-1].time_ns + 1_000_000, error) for error in errors)])
    assert reason(tshark, capture) == ""
    assert_same(tshark, capture)
    tied, stray = told(tshark, capture, Engine.FAST).rows[-2:]
    assert tied.records
    assert tied.records[0].startswith("refused_by|Warn|device=203.0.113.1|reason=prohibited|")
    assert not stray.records
