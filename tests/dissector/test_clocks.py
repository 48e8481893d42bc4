"""Time stamps that are fine, doubtful or absent: other resolutions, several interfaces, clocks that are set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.dissector.story import TRACE, Finding, told, without
from tests.dissector.trace import OTHER, PROBED, SET_FORWARD, Trace, check
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.pcapngfile import POWER_OF_TWO, Interface, write_pcapng, write_without_times
from tests.support.plugin import run_findings

SECOND, MILLISECOND, MICROSECOND = 1_000_000_000, 1_000_000, 1000
HOUR = 3600 * SECOND

both_passes = pytest.mark.parametrize("two_pass", [False, True], ids=["one pass", "two passes"])


def moved(frames: Sequence[Frame], first: int, step: int) -> list[Frame]:
    """The frames (counted from 1) from `first` on with another time, `step` nanoseconds later."""
    return [Frame(f.time_ns + step * (number >= first), f.octets) for number, f in enumerate(frames, start=1)]


def with_others(frames: Sequence[Frame], first: int, step: int) -> list[Frame]:
    """The same among frames of other protocols, two a second, which show when the clock was set."""
    start, end = frames[0].time_ns, frames[-1].time_ns
    others = [Frame(time, OTHER) for time in range(start, end, SECOND // 2)]
    mixed = sorted([*frames, *others], key=lambda frame: frame.time_ns)
    return moved(mixed, mixed.index(frames[first - 1]) + 1, step)


@both_passes
def test_nanoseconds_are_exact(two_pass: bool, tmp_path: Path) -> None:
    capture = tmp_path / "nanoseconds.pcap"
    frames = [Frame(frame.time_ns + number, frame.octets) for number, frame in enumerate(TRACE.frames)]
    write_pcap(capture, frames, nanoseconds=True)
    answers = [finding for finding in run_findings(capture, two_pass) if finding.id == "answer"]
    assert {answer.data["delay"] for answer in answers} == {MILLISECOND + 1}
    assert told(capture, two_pass) == TRACE.in_two_passes


def test_the_resolution_of_the_time_stamps_makes_no_difference(tmp_path: Path) -> None:
    """Each frame from another interface: milliseconds, microseconds, nanoseconds, binary fractions."""
    capture = tmp_path / "resolutions.pcapng"
    interfaces = [Interface(resolution=n) for n in (3, 6, 9, POWER_OF_TWO | 20, POWER_OF_TWO | 32)]
    write_pcapng(capture, interfaces, [(i % len(interfaces), frame) for i, frame in enumerate(TRACE.frames)])
    assert told(capture, two_pass=True) == TRACE.in_two_passes


def test_frames_seen_on_two_interfaces_are_judged_once(tmp_path: Path) -> None:
    """As on a bridge, or on a router that carries the connection: 30 us apart, and the clocks differ in resolution."""
    capture = tmp_path / "twice.pcapng"
    interfaces = [Interface(), Interface(resolution=9)]
    packets = [(i, Frame(f.time_ns + i * 30 * MICROSECOND, f.octets)) for f in TRACE.frames for i in (0, 1)]
    write_pcapng(capture, interfaces, packets)
    assert told(capture, two_pass=True) == [(2 * n - 1, name, level) for n, name, level in TRACE.in_two_passes]


def test_an_answer_stamped_before_its_probe(tmp_path: Path) -> None:
    """Interfaces have queues and clocks of their own: what comes second in the file may have the older stamp."""
    capture, packets, previous = tmp_path / "stamps.pcapng", [], 0
    for frame in TRACE.frames:
        answers = frame.time_ns - previous == MILLISECOND
        packets.append((1, Frame(previous - 5 * MICROSECOND, frame.octets)) if answers else (0, frame))
        previous = frame.time_ns
    write_pcapng(capture, [Interface(), Interface()], packets)
    assert told(capture, two_pass=True) == TRACE.in_two_passes


@pytest.mark.parametrize("swapped", [{10, 19}, {8, 12, 15}, {21, 25}, set(range(8, 27))], ids=str)
def test_an_answer_that_lies_before_its_probe(swapped: set[int], tmp_path: Path) -> None:
    """Nothing then tells the probe from a late copy of one. Saying nothing is right, an alarm would not be."""
    packets: list[tuple[int, Frame]] = []
    for number, frame in enumerate(TRACE.frames, start=1):
        before = packets[-1][1] if packets else frame
        if number - 1 in swapped and frame.time_ns - before.time_ns == MILLISECOND:
            packets.insert(-1, (1, Frame(before.time_ns - 5 * MICROSECOND, frame.octets)))
        else:
            packets.append((0, frame))
    capture = tmp_path / "order.pcapng"
    write_pcapng(capture, [Interface(), Interface()], packets)
    own_alarms = alarms(TRACE.in_two_passes)
    assert [alarm for alarm in alarms(told(capture, two_pass=True)) if alarm not in own_alarms] == []


def alarms(findings: Sequence[Finding]) -> list[Finding]:
    """What is worse than a note."""
    return [finding for finding in findings if finding[2] in {"Warn", "Error"}]


@both_passes
def test_without_time_stamps_nothing_can_be_told(two_pass: bool, tmp_path: Path) -> None:
    """A Simple Packet Block has none."""
    capture = tmp_path / "timeless.pcapng"
    write_without_times(capture, TRACE.frames)
    assert told(capture, two_pass) == []


@pytest.mark.parametrize("first", [10, 14, 21, 24])
def test_a_clock_that_is_set_back_in_a_silence(first: int, tmp_path: Path) -> None:
    """How long that silence was can not be told; what comes before and after it can."""
    capture = tmp_path / "back.pcap"
    write_pcap(capture, moved(TRACE.frames, first, -HOUR), clock_may_jump=True)
    assert told(capture, two_pass=True) == TRACE.in_two_passes


def test_a_clock_that_is_set_back_hides_what_was_missed(tmp_path: Path) -> None:
    capture = tmp_path / "hides.pcap"
    write_pcap(capture, moved(TRACE.frames, 19, -HOUR), clock_may_jump=True)
    assert told(capture, two_pass=True) == without((19, "missed"))


def test_a_clock_that_is_set_back_hides_when_the_next_probe_was_due(tmp_path: Path) -> None:
    capture = tmp_path / "hides.pcap"
    write_pcap(capture, moved(TRACE.frames, 23, -HOUR), clock_may_jump=True)
    assert told(capture, two_pass=True) == without((23, "closed_before_due"))


def test_the_end_of_the_capture_is_its_last_frame_whatever_the_clock_said_before(tmp_path: Path) -> None:
    capture, trace = tmp_path / "end.pcap", Trace(PROBED)
    write_pcap(capture, moved(trace.frames, 10, -HOUR), clock_may_jump=True)
    assert told(capture, two_pass=True) == trace.in_two_passes


@pytest.mark.parametrize("first", [10, 12])
def test_a_small_step_back_is_seen_from_other_frames(first: int, tmp_path: Path) -> None:
    """The silence between two probes shrinks from 5.008 s to 2.008 s: no new cadence, and no probe is late."""
    capture = tmp_path / "small.pcap"
    write_pcap(capture, with_others(TRACE.frames, first, -3 * SECOND), clock_may_jump=True)
    assert [finding[1:] for finding in told(capture, two_pass=True)] == [told[1:] for told in TRACE.in_two_passes]


@pytest.mark.parametrize("first", [14, 15, 21])
def test_a_clock_that_is_set_forward_is_a_silence(first: int, tmp_path: Path) -> None:
    """Without timestamps, a capture can not tell it from a host that was frozen, whose kernel made no packet: findings
    where the time went, and none after that.
    """
    capture = tmp_path / "forward.pcap"
    write_pcap(capture, moved(TRACE.frames, first, HOUR))
    found = told(capture, two_pass=True)
    where_it_went = [(first, "missed", "Warn"), (first, "capture_hole", "Note")]
    assert [finding for finding in found if finding in where_it_went] == where_it_went
    assert [finding for finding in found if finding not in where_it_went] == TRACE.in_two_passes


def test_a_clock_that_is_set_forward_by_the_timestamps_of_both_sides(tmp_path: Path) -> None:
    """Nothing was missed; twins are in tests/lua/keepalive_host_clock_spec.lua."""
    check(SET_FORWARD, tmp_path)


def test_timestamps_that_went_on_show_that_an_interval_was_missed(tmp_path: Path) -> None:
    missed = (
        SET_FORWARD[: SET_FORWARD.index("91.003")]
        + """
    91.003 client probe ts=90000 : missed, capture_hole, probe
    91.004 server ACK ts=580000  : answer
"""
    )
    check(missed, tmp_path)
