"""Of other connections an excerpt has the times of some frames, and nothing that could be judged."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path

import pytest

from pyreport.capture.engine import Engine
from pyreport.capture.file import open_capture
from pyreport.capture.tshark import Tshark
from pyreport.connections.reading import Reading, read_capture
from pyreport.connections.self_check import self_check
from pyreport.frames.findings import Late
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.support.tiny_capture import ACK, SYN
from tests.support.tiny_capture import segment as segment_with_options

START_NS, US, S = 1_700_000_000_000_000_000, 1_000, 1_000_000_000
SERVER = ("192.0.2.2", 445)
segment = partial(segment_with_options, has_timestamp=False)


def probing(port: int, phase_us: int, server_at_us: int) -> list[Frame]:
    """A connection whose client probes every 30 s from ``phase_us`` on, and whose server does once; all answered."""
    client = ("192.0.2.1", port)

    def frame(at_us: int, octets: bytes) -> Frame:
        return Frame(START_NS + at_us * US, octets)

    def exchange(at_us: int, probe: bytes, answer: bytes) -> list[Frame]:
        return [frame(at_us, probe), frame(at_us + 300, answer)]

    frames = [
        frame(phase_us, segment(client, SERVER, SYN, 100, 0)),
        frame(phase_us + 100, segment(SERVER, client, SYN | ACK, 500, 101)),
        frame(phase_us + 200, segment(client, SERVER, ACK, 101, 501)),
        frame(phase_us + 300, segment(client, SERVER, ACK, 101, 501, b"request")),
        frame(phase_us + 400, segment(SERVER, client, ACK, 501, 108, b"reply")),
        frame(phase_us + 500, segment(client, SERVER, ACK, 108, 506)),
    ]
    for turn in range(1, 6):
        probe = segment(client, SERVER, ACK, 107, 506, b"\0")
        frames += exchange(phase_us + turn * 30_000_000, probe, segment(SERVER, client, ACK, 506, 108))
    probe = segment(SERVER, client, ACK, 505, 108, b"\0")
    return frames + exchange(server_at_us, probe, segment(client, SERVER, ACK, 108, 506))


def read(tshark: Tshark, path: Path) -> Reading:
    # Two connections that probe in step, one 1.5 s after them, and one at another time.
    frames = probing(40_000, 1_490_057, 120_354_023) + probing(40_003, 24_000_000, 126_579_018)
    frames += probing(40_001, 0, 119_990_000) + probing(40_002, 5, 120_010_000)
    write_pcap(path, sorted(frames, key=lambda frame: frame.time_ns))
    return read_capture(tshark, open_capture(str(path)), engine=Engine.FAST)


def test_of_others_the_times_are_there_and_no_octets(tshark: Tshark, tmp_path: Path) -> None:
    """The capture rests in the excerpt where it does in the whole, and only the connection has octets."""
    reading = read(tshark, tmp_path / "capture.pcap")
    (connection, *_) = (one for one in reading.index.connections.values() if 40_000 in (one.a.port, one.b.port))
    excerpt = reading.excerpt(connection)
    assert excerpt.numbers is not None
    rows = list(tshark.read_rows(excerpt.capture, ("frame.number", "frame.time_relative", "frame.cap_len"), "frame"))
    own = {frame.number for frame in connection.frames}
    assert {int(number) for number, _, length in rows if int(length)} == {
        place for place, number in enumerate(excerpt.numbers, 1) if number in own
    }
    assert len(rows) > len(own)
    times = [float(time) for _, time, _ in rows]
    everything = sorted(frame.time_ns for one in reading.index.connections.values() for frame in one.frames)
    rests = [later - earlier for earlier, later in itertools.pairwise(everything)]
    shown = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert [round(rest, 6) for rest in shown if rest >= 0.9] == [
        round(rest / S, 6) for rest in rests if rest >= 900_000_000
    ]


def set_forward(stamped: bool, by_ms: int = 3500) -> list[Frame]:
    """Two connections that probe every 5 s, a quarter of a second apart, and a third one that talks all the time. After
    the fourth round the capture's clock is set forward. The first one's timestamps show it where ``stamped``; the
    others have none.
    """
    frames: list[Frame] = []

    def put(at_ms: int, one: tuple[str, int], other: tuple[str, int], flags: int, seq: int, ack: int) -> None:
        stepped = at_ms + (by_ms if at_ms > 22_000 else 0)
        is_stamped = 40_000 in (one[1], other[1])
        ticks = (at_ms if stamped else stepped) + 1000
        octets = segment_with_options(
            one, other, flags, seq, ack, has_timestamp=is_stamped, timestamps=(ticks, ticks)
        )  # fmt: skip
        frames.append(Frame(START_NS + stepped * 1_000_000, octets))

    for port, phase_ms in ((40_000, 0), (40_001, 250)):
        client = ("192.0.2.1", port)
        put(phase_ms, client, SERVER, SYN, 100, 0)
        put(phase_ms + 1, SERVER, client, SYN | ACK, 500, 101)
        put(phase_ms + 2, client, SERVER, ACK, 101, 501)
        for turn in range(1, 9):
            put(phase_ms + turn * 5000, client, SERVER, ACK, 100, 501)
            put(phase_ms + turn * 5000 + 1, SERVER, client, ACK, 501, 101)
    for turn in range(84):
        put(turn * 500 + 400, ("192.0.2.9", 50_000), SERVER, ACK, 7000, 9000)
    return sorted(frames, key=lambda frame: frame.time_ns)


@pytest.mark.parametrize("stamped", [True, False], ids=["told by another connection", "both hosts stood still"])
def test_who_tells_of_a_clock_that_was_set_forward_is_in_the_excerpt_of_others(
    stamped: bool, tshark: Tshark, tmp_path: Path
) -> None:
    write_pcap(tmp_path / "capture.pcap", set_forward(stamped))
    reading = read_capture(tshark, open_capture(str(tmp_path / "capture.pcap")), engine=Engine.FAST)
    one, other, _ = reading.index.connections.values()
    for connection in (one, other):
        checked = self_check(tshark, connection, reading.excerpt(connection))
        assert checked is not None
        assert checked.first_difference is None
    assert bool(other.of(Late)) is not stamped
    numbers = reading.excerpt(other).numbers
    assert numbers is not None
    assert {frame.number for frame in one.frames} <= set(numbers) or not stamped
