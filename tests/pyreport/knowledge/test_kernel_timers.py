"""The model of the kernels' timers against measured values, and against the published table of cadences."""

from __future__ import annotations

import pytest

from pyreport.knowledge.kernel_timers import KERNELS, Family, Kernel, cadences, fires_at, jiffies_to_ns

OLD, NEW = Family.SLACK, Family.WHEEL

# Milliseconds by idle time = interval, for kernels before 4.8 (HZ 250 and 1000), and since 4.8 with HZ 1000, 250, 100.
# Two of them were measured: 5.118 to 5.123 s and 15.101, 15.107 s on Linux 6.18 with HZ 250; and 5.008 s is what
# tcpdump shows of a 5 s keep-alive on an old kernel.
TABLE = {
    5: (5_008, 5_120, 5_120, 5_040),
    10: (10_016, 10_240, 10_240, 10_240),
    15: (15_040, 15_360, 15_104, 15_360),
    20: (20_032, 20_480, 20_480, 20_480),
    30: (30_080, 30_208, 30_720, 30_080),
    60: (60_160, 61_440, 61_440, 61_440),
    75: (75_264, 77_824, 75_776, 76_800),
    120: (120_320, 122_880, 120_832, 122_880),
    300: (301_056, 327_680, 311_296, 302_080),
}


def milliseconds(family: Family, hz: int, idle_s: int, interval_s: int, answer: int = 0) -> list[float]:
    kernel = Kernel(family, hz)
    return [jiffies_to_ns(kernel, value) / 1e6 for value in cadences(kernel, idle_s, interval_s, answer)]


@pytest.mark.parametrize("idle_s", TABLE)
def test_the_table_of_cadences(idle_s: int) -> None:
    before, hz_1000, hz_250, hz_100 = TABLE[idle_s]
    assert milliseconds(OLD, 250, idle_s, idle_s) == milliseconds(OLD, 1000, idle_s, idle_s) == [before]
    assert milliseconds(NEW, 1000, idle_s, idle_s) == [hz_1000]
    assert milliseconds(NEW, 250, idle_s, idle_s) == [hz_250]
    assert milliseconds(NEW, 100, idle_s, idle_s) == [hz_100]


def test_before_4_8_with_hz_100() -> None:
    assert milliseconds(OLD, 100, 5, 5) == [5_010]


@pytest.mark.parametrize("interval_s", [1, 10, 30, 59])
def test_a_shorter_interval_hardly_changes_a_cadence_of_a_minute_since_4_8(interval_s: int) -> None:
    """After the interval the timer is armed for the rest of the idle time, which is rounded by itself."""
    for hz in (100, 250, 1000):
        assert all(60_000 <= value <= 65_000 for value in milliseconds(NEW, hz, 60, interval_s))


def test_a_longer_interval_makes_the_cadence() -> None:
    for kernel in KERNELS:
        assert cadences(kernel, 5, 75) == cadences(kernel, 75, 75)


def test_a_late_answer_delays_the_next_probe_of_an_old_kernel() -> None:
    """The idle time counts from the answer: when that comes later than the slack, the timer is armed once more."""
    assert milliseconds(OLD, 1000, 5, 5, 5) == [5_008]
    assert milliseconds(OLD, 1000, 5, 5, 20) == [5_020]
    assert milliseconds(NEW, 1000, 5, 5, 20) == [5_120]


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("delta", [1, 62, 63, 64, 255, 256, 5_000, 15_000, 300_000, 7_200_000])
def test_no_timer_fires_early(kernel: Kernel, delta: int) -> None:
    for now in range(1_000_000, 1_000_700, 7):
        assert fires_at(kernel, now, delta) >= now + delta


def test_slack_is_a_256th_at_most_and_none_for_short_times() -> None:
    kernel = Kernel(OLD, 1000)
    for now in range(1_000_000, 1_003_000, 11):
        assert fires_at(kernel, now, 255) == now + 255
        assert fires_at(kernel, now, 5_000) <= now + 5_000 + 5_000 // 256


@pytest.mark.parametrize(("delta", "grain"), [(62, 1), (63, 8), (503, 8), (504, 64), (4_031, 64), (4_032, 512)])
def test_the_wheel_rounds_up_to_the_grain_of_its_level(delta: int, grain: int) -> None:
    """kernel/time/timer.c, table "HZ 1000 steps": levels start at 0, 63, 504, 4032, 32256 ms."""
    kernel = Kernel(NEW, 1000)
    fired = {fires_at(kernel, now, delta) for now in range(1_000_000, 1_002_000)}
    assert {moment % grain for moment in fired} == {0}
    assert min(later - earlier for earlier, later in zip(sorted(fired), sorted(fired)[1:], strict=False)) == grain
