"""A capture with a few odd frames is read by both programs, and what they tell is what tshark tells of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from pyreport.base.errors import ToolError
from pyreport.capture.engine import Engine
from pyreport.capture.file import open_capture
from pyreport.capture.limits import NO_LIMITS, Limits
from pyreport.capture.tshark import Tshark
from pyreport.connections.reading import read_capture
from pyreport.connections.self_check import self_check
from pyreport.words.say import Words
from tests.dissector.story import STORY, TRACE
from tests.dissector.test_frames import ETHERNET
from tests.dissector.test_icmp import icmp_error
from tests.dissector.trace import CLIENT, Trace
from tests.engine.odd import ODD, busy, with_odd_frames
from tests.engine.test_outlines import assert_kept, read
from tests.engine.test_random_captures import EXAMPLES
from tests.scenarios.carriers import Captured, Carrier
from tests.scenarios.packets import Address, segment_of
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.support.leftovers import ending_its_readers


def assert_same_reading(tshark: Tshark, capture: Path, limits: Limits = NO_LIMITS) -> str:
    """What both programs tell is what tshark tells. Returns the id of the claim that says which read it."""
    with ending_its_readers(tshark) as opened:
        mixed, whole = read(opened, capture, Engine.AUTO, limits), read(opened, capture, Engine.TSHARK, limits)
        assert mixed is not None
        assert whole is not None
        assert_kept(mixed, whole)
        return mixed.read_by.id


def test_captures_at_random(tshark: Tshark, tmp_path: Path) -> None:
    roads = []
    for seed in range(EXAMPLES):
        capture = tmp_path / f"{seed}.pcap"
        write_pcap(capture, with_odd_frames(Random(seed)))
        try:
            roads.append(assert_same_reading(tshark, capture))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error
    assert roads.count("read-by-both") > EXAMPLES // 3


def limits_at_random(chance: Random, frames: Sequence[Frame]) -> Limits:
    """More than half of the time of the capture, to the nanosecond of a frame, with one limit or both."""
    first, last = frames[0].time_ns, frames[-1].time_ns
    sooner = chance.choice([frame.time_ns for frame in frames if frame.time_ns < first + (last - first) * 3 // 10])
    later = chance.choice([frame.time_ns for frame in frames if frame.time_ns > last - (last - first) // 5])
    return Limits(*chance.choice(((sooner, later), (sooner, None), (None, later))))


def test_parts_of_captures_at_random(tshark: Tshark, tmp_path: Path) -> None:
    """Odd frames lie within and without, and connections begin and end there."""
    roads = []
    for seed in range(EXAMPLES):
        capture, chance = tmp_path / f"{seed}.pcap", Random(1000 + seed)
        frames = with_odd_frames(chance)
        write_pcap(capture, frames)
        limits = limits_at_random(chance, frames)
        try:
            roads.append(assert_same_reading(tshark, capture, limits))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {limits}") from error
    assert roads.count("read-by-both") > EXAMPLES // 3


@pytest.mark.parametrize("carrier", ODD, ids=lambda carrier: carrier.name)
def test_each_odd_carrier(carrier: Carrier, tshark: Tshark, tmp_path: Path) -> None:
    """One connection has all its frames in it; with another one of plain frames the capture is read by both."""
    frames = busy(Random(1), TRACE.client.port + 1)
    for frame in TRACE.frames:
        frames += [Frame(frame.time_ns, one.octets, one.length) for one in carrier.wrap(segment_of(frame.octets))]
    capture = tmp_path / "odd.pcap"
    write_pcap(capture, sorted(frames, key=lambda frame: frame.time_ns))
    assert assert_same_reading(tshark, capture) == "read-by-both"


def odd_capture(path: Path, carrier: str, *, after: int = 0) -> None:
    """A busy connection, and a story of which the frames from one on are in an odd carrier."""
    wrap = next(one for one in ODD if one.name == carrier).wrap
    frames = busy(Random(1), TRACE.client.port + 1)
    for place, frame in enumerate(TRACE.frames):
        carried = wrap(segment_of(frame.octets)) if place >= after else [Captured(frame.octets, len(frame.octets))]
        frames += [Frame(frame.time_ns, one.octets, one.length) for one in carried]
    write_pcap(path, sorted(frames, key=lambda frame: frame.time_ns))


def test_a_connection_of_tsharks_that_begins_outside_the_limits(tshark: Tshark, tmp_path: Path) -> None:
    """Another one, which is the reader's, begins after it and outside, too: their numbers are those of the whole."""
    capture = tmp_path / "tunnel.pcap"
    wrap = next(one for one in ODD if one.name == "VXLAN").wrap
    frames, last = busy(Random(1), TRACE.client.port + 1), len(TRACE.frames) - 3
    for place, frame in enumerate(TRACE.frames):
        octets = wrap(segment_of(frame.octets))[0].octets if place in (1, last) else frame.octets
        frames.append(Frame(frame.time_ns, octets))
    other = Trace(STORY, client=Address(CLIENT.ip, TRACE.client.port + 2))
    frames += [Frame(frame.time_ns + 500_000_000, frame.octets) for frame in other.frames]
    write_pcap(capture, sorted(frames, key=lambda frame: frame.time_ns))
    limits = Limits(TRACE.frames[0].time_ns + 5_000_000_000)
    assert assert_same_reading(tshark, capture, limits) == "read-by-both"


def test_the_claim_says_who_read_what(tshark: Tshark, tmp_path: Path) -> None:
    capture = tmp_path / "tunnel.pcap"
    odd_capture(capture, "VXLAN", after=len(TRACE.frames) - 3)
    reading = read(tshark, capture, Engine.AUTO)
    assert reading is not None
    assert reading.read_by.values == {"reason": "tunnel", "odd": 3, "connections": 1}
    said = Words("en").say(reading.read_by)
    assert "but for 3 frames and one connection, which tshark with the plugin read, since a frame may carry" in said


def test_a_connection_is_tsharks_with_its_excerpt_or_the_readers_with_a_check(tshark: Tshark, tmp_path: Path) -> None:
    capture = tmp_path / "tunnel.pcap"
    odd_capture(capture, "VXLAN", after=len(TRACE.frames) - 3)
    reading = read(tshark, capture, Engine.AUTO)
    assert reading is not None
    story = next(one for one in reading.index.connections.values() if one.a.endswith(f":{TRACE.client.port}"))
    excerpt = reading.excerpt(story)
    assert self_check(tshark, story, excerpt) is None
    assert {frame.number for frame in story.frames} <= set(excerpt.numbers or ())
    (other,) = (one for one in reading.index.connections.values() if one is not story)
    checked = self_check(tshark, other, reading.excerpt(other))
    assert checked is not None
    assert checked.told.id == "self-check-equal"


def test_what_is_mostly_odd_or_asked_for_of_a_host_is_tsharks(tshark: Tshark, tmp_path: Path) -> None:
    """More than half of the frames would be in the excerpt; only Wireshark tells whether an odd frame is of a host, and
    the reader would have to know before it judges the next one.
    """
    mostly, partly = tmp_path / "mostly.pcap", tmp_path / "partly.pcap"
    wrap = next(one for one in ODD if one.name == "VXLAN").wrap
    write_pcap(mostly, [Frame(f.time_ns, wrap(segment_of(f.octets))[0].octets) for f in TRACE.frames])
    odd_capture(partly, "VXLAN", after=len(TRACE.frames) - 3)
    limits = Limits(host=TRACE.client.ip)
    for capture, within in ((mostly, NO_LIMITS), (partly, limits)):
        reading = read_capture(tshark, replace(open_capture(str(capture)), limits=within))
        assert (reading.read_by.id, reading.read_by.values["reason"]) == ("read-by-tshark", "tunnel")


def test_who_asks_for_the_reader_gets_no_tshark(tshark: Tshark, tmp_path: Path) -> None:
    capture = tmp_path / "tunnel.pcap"
    odd_capture(capture, "VXLAN")
    with pytest.raises(ToolError, match=r"\(tunnel in frame \d+\): leave out --engine"):
        read_capture(tshark, open_capture(str(capture)), engine=Engine.FAST)


SOME = tuple(carrier for carrier in ODD if carrier.name in ("MPLS, one label", "VXLAN", "fragments"))


@pytest.mark.parametrize("carrier", SOME, ids=lambda carrier: carrier.name)
def test_an_error_that_quotes_the_ports_of_a_connection_that_the_reader_does_not_see(
    carrier: Carrier, tshark: Tshark, tmp_path: Path
) -> None:
    """It is left to Wireshark with the connection; one that quotes ports of nothing is nobody's."""
    frames = busy(Random(1), TRACE.client.port + 1)
    for frame in TRACE.frames:
        frames += [Frame(frame.time_ns, one.octets, one.length) for one in carrier.wrap(segment_of(frame.octets))]
    quoted = TRACE.frames[-1].octets[ETHERNET : ETHERNET + 28]
    stray = quoted[:20] + b"\x12\x34" + quoted[22:]
    last = max(frame.time_ns for frame in TRACE.frames)
    frames += [Frame(last + n, icmp_error(3, 13, octets)) for n, octets in enumerate((quoted, stray), 1)]
    capture = tmp_path / "odd.pcap"
    write_pcap(capture, sorted(frames, key=lambda frame: frame.time_ns))
    assert_same_reading(tshark, capture)
    with ending_its_readers(tshark) as opened:
        reading = read(opened, capture, Engine.AUTO)
        assert reading is not None
        assert len(reading.span.refusals) == 1
