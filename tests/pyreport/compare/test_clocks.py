"""The difference of two clocks from packets alone: its bounds hold the truth, and they are as narrow as they can be."""

from __future__ import annotations

from random import Random

import pytest

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.compare.clocks import Bounds, Clocks, Difference, OneWay, fit_clocks, resolution_ns
from pyreport.compare.thresholds import MOST_DRIFT_PPM

HOUR = 3600 * NS_PER_S
START = 1_700_000_000 * NS_PER_S


def exchanged(
    ahead_ns: int, ppm: int = 0, seconds: int = 60, step_ns: int = 0, seed: int = 1
) -> tuple[list[Difference], list[Difference]]:
    """One packet each way every half a second, 1 to 5 ms on the way; clock 1 is set by ``step_ns`` in the middle."""
    chance = Random(seed)
    there, back = [], []
    for half in range(2 * seconds):
        at = START + half * NS_PER_S // 2
        truth = ahead_ns + (at - START) * ppm // 1_000_000 + (step_ns if half > seconds else 0)
        there.append(Difference(at, truth + NS_PER_MS + chance.randrange(4 * NS_PER_MS)))
        later = at + 10 * NS_PER_MS
        back.append(Difference(later, truth - NS_PER_MS - chance.randrange(4 * NS_PER_MS)))
    return there, back


def fitted(there: list[Difference], back: list[Difference]) -> Clocks:
    clocks = fit_clocks(there, back)
    assert clocks is not None
    return clocks


@pytest.mark.parametrize("ahead", [0, 123_456_789, -HOUR, 7 * HOUR + 1])
@pytest.mark.parametrize("ppm", [0, 35, -120])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_truth_lies_within_the_bounds_and_they_are_narrow(ahead: int, ppm: int, seed: int) -> None:
    clocks = fitted(*exchanged(ahead, ppm, seed=seed))
    assert clocks.steps() == []
    for second in range(0, 60, 7):
        at = START + second * NS_PER_S
        truth = ahead + second * 1000 * ppm
        bounds = clocks.bounds_at(at)
        assert bounds.low_ns is not None
        assert bounds.high_ns is not None
        assert bounds.low_ns <= truth <= bounds.high_ns
        assert (bounds.uncertainty_ns or 0) < 3 * NS_PER_MS


@pytest.mark.parametrize("ahead", [0, HOUR, -7200 * NS_PER_S, -START])
@pytest.mark.parametrize("ppm", [0, 35, -120])
@pytest.mark.parametrize("step", [0, 80 * NS_PER_MS])
def test_the_bounds_are_the_same_by_either_clock(ahead: int, ppm: int, step: int) -> None:
    """Also when one clock shows 1970: how far the clocks are apart does not blur their difference."""
    clocks = fitted(*exchanged(ahead, ppm, step_ns=step))
    for second in (0, 7, 55):
        at = START + second * NS_PER_S
        by_clock_0 = clocks.bounds_at(at)
        by_clock_1 = clocks.bounds_at_other(at + by_clock_0.middle_ns)
        for low_or_high, same in zip(by_clock_0.closed, by_clock_1.closed, strict=True):
            assert abs(low_or_high - same) < 3 * NS_PER_MS * MOST_DRIFT_PPM // 1_000_000


@pytest.mark.parametrize("shift", [HOUR // 4, -7200 * NS_PER_S, -START])
@pytest.mark.parametrize("ppm", [0, 35, -120])
def test_a_clock_that_is_shifted_shifts_the_bounds_and_nothing_else(shift: int, ppm: int) -> None:
    as_it_was, shifted = fitted(*exchanged(0, ppm)), fitted(*exchanged(shift, ppm))
    for second in (0, 7, 55):
        at = START + second * NS_PER_S
        low, high = as_it_was.bounds_at(at).closed
        assert shifted.bounds_at(at).closed == (low + shift, high + shift)
        low, high = as_it_was.bounds_at_other(at).closed
        assert shifted.bounds_at_other(at + shift).closed == (low + shift, high + shift)


@pytest.mark.parametrize("ppm", [0, 35, -120])
def test_the_drift_lies_within_its_bounds(ppm: int) -> None:
    drift = fitted(*exchanged(HOUR, ppm, seconds=600)).drift_ppb
    assert drift is not None
    assert drift[0] <= ppm * 1000 <= drift[1]
    assert drift[1] - drift[0] < 20_000


def test_more_packets_never_widen_the_bounds() -> None:
    there, back = exchanged(HOUR, 10)
    at = START + 10 * NS_PER_S
    few, many = fitted(there[:30], back[:30]).bounds_at(at), fitted(there, back).bounds_at(at)
    assert (many.uncertainty_ns or 0) <= (few.uncertainty_ns or 0)


def test_a_clock_that_is_set_makes_two_stretches() -> None:
    clocks = fitted(*exchanged(HOUR, step_ns=80 * NS_PER_MS))
    ((at, jump),) = clocks.steps()
    assert abs(at - (START + 30 * NS_PER_S)) <= 2 * NS_PER_S
    assert abs(jump - 80 * NS_PER_MS) < 5 * NS_PER_MS
    assert clocks.drift_ppb is None
    for second, truth in ((5, HOUR), (55, HOUR + 80 * NS_PER_MS)):
        low, high = clocks.bounds_at(START + second * NS_PER_S).closed
        assert low <= truth <= high


def test_one_direction_gives_one_bound() -> None:
    there, back = exchanged(HOUR)
    above, below = fitted(there, []).bounds_at(START), fitted([], back).bounds_at(START)
    assert (above.low_ns, above.high_ns) == (None, min(d.value_ns for d in there))
    assert (below.low_ns, below.high_ns) == (max(d.value_ns for d in back), None)
    assert above.uncertainty_ns is below.uncertainty_ns is None
    assert fitted(there, []).drift_ppb is None


def test_no_packet_no_clock() -> None:
    assert fit_clocks([], []) is None


def test_stamps_that_contradict_each_other_by_microseconds_are_no_step() -> None:
    there = [Difference(START + second * NS_PER_S, 1_000) for second in range(5)]
    back = [Difference(START + second * NS_PER_S + 1, 1_900 if second == 2 else 0) for second in range(5)]
    assert fitted(there, back).steps() == []


def test_a_delay_lies_between_nothing_and_the_whole_way() -> None:
    """Clock 1 is an hour ahead, exactly known to 1 ms; the packet was 2 ms on the way by the middle of that."""
    clocks = fitted([Difference(START, HOUR + NS_PER_MS)], [Difference(START, HOUR)])
    there, back = OneWay(clocks, 0), OneWay(clocks, 1)
    assert _rounded(there.delay(START, START + HOUR + 2 * NS_PER_MS)) == (1, 2)
    assert _rounded(back.delay(START + HOUR, START + 2 * NS_PER_MS)) == (2, 3)
    assert _rounded(there.delay(START, START + HOUR)) == (0, 0)  # no packet arrives before it was sent


def _rounded(bounds: Bounds) -> tuple[int, int]:
    low, high = bounds.closed
    return round(low / NS_PER_MS), round(high / NS_PER_MS)


@pytest.mark.parametrize(("times", "unit"), [([5_000_000], 1_000_000), ([5_001_000, 7], 1), ([5_001_000, 2_000], 1000)])
def test_the_unit_of_the_stamps(times: list[int], unit: int) -> None:
    assert resolution_ns(times) == unit
