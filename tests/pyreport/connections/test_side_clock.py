"""The clock in a side's timestamps: its tick, where it leaves its line, and when it is none."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.connections.index import build_index
from pyreport.connections.side_clock import SideClock, side_clock
from tests.pyreport.cases import CLIENT, SERVER, Story, number


def clock(stamps: dict[float, int]) -> SideClock | None:
    """The clock of a client that sent data with these timestamps."""
    story = Story()
    for seconds, value in stamps.items():
        story.data(seconds, CLIENT).marked(seconds, timestamp=value)
    return side_clock(build_index(story.numbered()).connections[0], CLIENT)


def line(tick_ms: int, *, start: int = 0) -> dict[float, int]:
    return {second: (start + second * 1000 // tick_ms) % 2**32 for second in range(10)}


@pytest.mark.parametrize("tick_ms", [1, 4, 10, 1000])
def test_the_tick_is_that_of_a_kernel(tick_ms: int) -> None:
    found = clock(line(tick_ms))
    assert found is not None
    assert (found.tick_ns, found.steps) == (tick_ms * NS_PER_MS, ())


def sent_every_100_ms(pace: list[float]) -> dict[float, int]:
    """Timestamps of a clock of 1 ms whose segments come in so many times as far apart as they were made."""
    came, stamps = 0.0, {0.0: 0}
    for index, factor in enumerate(pace, 1):
        came += factor / 10
        stamps[round(came, 3)] = 100 * index
    return stamps


@pytest.mark.parametrize(
    ("pace", "tick_ns"),
    [
        ([1.9, 2.1, 1.7, 2.4, 1.8] * 4 + [1.0, 1.02, 0.98] * 5, NS_PER_MS),  # a queue that fills, and is full
        ([1.25, 1.26, 1.24] * 6, 1_250_000),  # a tick of its own
        ([1.3, 1.9, 2.4, 1.6, 2.9, 3.3] * 3, None),  # one that fills all the time: no tick can be told
    ],
)
def test_a_queue_that_fills_is_no_slower_tick(pace: list[float], tick_ns: int | None) -> None:
    found = clock(sent_every_100_ms(pace))
    assert (None if found is None else found.tick_ns) == tick_ns


def test_it_begins_again_at_zero() -> None:
    found = clock(line(1, start=2**32 - 4_500))
    assert found is not None
    assert (found.readings[-1].clock_ns, found.steps) == (9 * NS_PER_S, ())


def test_a_step_has_its_frames_and_its_length() -> None:
    stamps = line(1) | {second: second * 1000 + 22_000 for second in range(6, 10)}
    found = clock(stamps)
    assert found is not None
    (step,) = found.steps
    assert (step.frames, step.net_ns, step.is_settled) == ((number(5.0), number(6.0)), 22 * NS_PER_S, True)
    assert found.is_off_line(number(6.0))
    assert not found.is_off_line(number(7.0))


def test_a_segment_that_was_held_back_is_a_step_of_nothing() -> None:
    """What was made at 6 and 7 s came in at 9 s, with what was made then."""
    stamps = {second: second * 1000 for second in (0, 1, 2, 3, 4, 5, 10, 11)}
    found = clock(dict(sorted((stamps | {9.0: 6_000, 9.001: 7_000, 9.002: 9_002}).items())))
    assert found is not None
    (step,) = found.steps
    assert step.net_ns == 0
    assert [reading.frame for reading in step.between] == [number(9.0), number(9.001)]


def test_a_late_copy_is_left_out() -> None:
    found = clock(line(1) | {6: 3_500})
    assert found is not None
    assert (found.steps, found.at(number(6.0))) == ((), None)


def queued(behind: dict[int, float]) -> SideClock:
    """A clock whose segments are behind their line by these seconds from these on."""
    late = {
        second: next((by for since, by in reversed(behind.items()) if second >= since), 0.0) for second in range(20)
    }
    found = clock({second + by: second * 1000 for second, by in late.items()})
    assert found is not None
    return found


def test_a_queue_that_empties_keeps_no_step() -> None:
    """Segments came in 4 s late for a while: the clock fell behind its line, and returned to it."""
    found = queued({5: 3.0, 6: 4.0, 12: 0.5, 13: 0.0})
    assert any(step.net_ns >= 3 * NS_PER_S for step in found.steps)
    assert any(step.net_ns <= -3 * NS_PER_S for step in found.steps)
    assert all(abs(found.kept_ns(step)) <= 20 * NS_PER_MS for step in found.steps)


def test_what_goes_past_the_line_is_kept() -> None:
    """The capture's clock stood for 22 s; and the clock itself did."""
    before: dict[float, int] = {second: second * 1000 for second in range(6)}
    further = clock(before | {second: second * 1000 + 22_000 for second in range(6, 12)})
    assert further is not None
    assert [further.kept_ns(step) for step in further.steps] == [22 * NS_PER_S]
    behind = clock(before | {second + 22: second * 1000 for second in range(6, 12)})
    assert behind is not None
    assert [behind.kept_ns(step) for step in behind.steps] == [-22 * NS_PER_S]


def test_jitter_is_no_step() -> None:
    found = clock({second: value + (round(second) % 3) * 150 for second, value in line(1).items()})
    assert found is not None
    assert found.steps == ()


def test_another_host_behind_the_address_has_another_clock() -> None:
    found = clock(line(1, start=900_000) | {second: 5_000 + second * 1000 for second in range(6, 10)})
    assert found is not None
    assert (found.steps, found.readings[-1].frame) == ((), number(5.0))
    found = clock(line(1) | {second: 900_000_000 + second * 1000 for second in range(6, 10)})
    assert found is not None
    assert (found.steps, found.readings[-1].frame) == ((), number(5.0))


def test_no_timestamps_no_clock() -> None:
    story = Story().handshake().data(1.0, SERVER).data(2.0, SERVER)
    assert side_clock(build_index(story.numbered()).connections[0], SERVER) is None
