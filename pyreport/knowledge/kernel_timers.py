"""When Linux's keep-alive timer really fires: a model of the kernel's rounding, in jiffies.

A timer never fires early, and each kernel family rounds it up in its own way. So the spacing of answered probes is an
odd, exact value that tells the setting, the family and the tick rate (HZ) of the sender.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from pyreport.base.units import NS_PER_S

# kernel/time/timer.c: LVL_BITS 6 (64 buckets a level), LVL_CLK_SHIFT 3 (each level 8 times as coarse).
LEVEL_SIZE, LEVEL_SHIFT, LEVELS = 64, 3, 9
# kernel/timer.c apply_slack(): no rounding below this many jiffies, else by up to 1/256 of the time to go.
SLACK_FROM, SLACK_PART = 256, 256

# The spacing settles within a few probes; which value it settles at can depend on the jiffy of the first one.
WARM_UP, CYCLES = 6, 6
# Starts by an odd step, so that all low bits occur.
STARTS = tuple(1_000_003 + 997 * index for index in range(6))


class Family(StrEnum):
    """Kernels with the same rounding."""

    SLACK = "Linux 2.6.35 to 4.7"
    WHEEL = "Linux 4.8 or later"


class Kernel(Struct, frozen=True):
    """A family and its tick rate (CONFIG_HZ, ticks a second)."""

    family: Family
    hz: int


#: The most that each family's rounding adds, as a part of the time; twice, since a probe may take two timers.
LARGEST_ROUNDING = {Family.SLACK: (2, SLACK_PART), Family.WHEEL: (1 << LEVEL_SHIFT, LEVEL_SIZE - 1)}

#: The tick rates that distributions ship.
KERNELS = tuple(Kernel(family, hz) for family in Family for hz in (100, 250, 1000))


def fires_at(kernel: Kernel, now: int, delta: int) -> int:
    """The jiffy at which a timer fires that is armed at jiffy ``now`` for ``delta`` jiffies later."""
    if kernel.family is Family.SLACK:
        return _with_slack(now + delta, delta)
    return _on_wheel(now + delta, delta)


def _with_slack(expires: int, delta: int) -> int:
    """kernel/timer.c apply_slack() of Linux 2.6.35 to 4.7: within 1/256, the value with most trailing zero bits."""
    if delta < SLACK_FROM:
        return expires
    limit = expires + delta // SLACK_PART
    differing = expires ^ limit
    if not differing:
        return expires
    return limit & ~((1 << (differing.bit_length() - 1)) - 1)


def _on_wheel(expires: int, delta: int) -> int:
    """kernel/time/timer.c calc_wheel_index() since Linux 4.8: up to the granularity of the level."""
    level = 0
    while level < LEVELS - 1 and delta >= (LEVEL_SIZE - 1) << (level * LEVEL_SHIFT):
        level += 1
    shift = level * LEVEL_SHIFT
    return ((expires >> shift) + 1) << shift


@lru_cache(maxsize=8192)
def cadences(kernel: Kernel, idle_s: int, interval_s: int, answer_jiffies: int = 0) -> tuple[int, ...]:
    """The spacings, in jiffies, at which answered probes settle, in ascending order; mostly one.

    ``idle_s`` and ``interval_s`` are TCP_KEEPIDLE and TCP_KEEPINTVL in seconds, ``answer_jiffies`` the time from a
    probe to its answer. The rule is tcp_keepalive_timer() in net/ipv4/tcp_timer.c: after a probe the timer is armed for
    the interval; when it fires less than the idle time after the answer, for the rest of it; else a probe is sent.
    """
    idle, interval = idle_s * kernel.hz, interval_s * kernel.hz
    found: set[int] = set()
    for start in STARTS:
        probe = start
        for cycle in range(WARM_UP + CYCLES):
            following = _next_probe(kernel, probe, idle, interval, answer_jiffies)
            if cycle >= WARM_UP:
                found.add(following - probe)
            probe = following
    return tuple(sorted(found))


def _next_probe(kernel: Kernel, probe: int, idle: int, interval: int, answer_jiffies: int) -> int:
    heard = probe + answer_jiffies
    moment = fires_at(kernel, probe, interval)
    while moment - heard < idle:
        moment = fires_at(kernel, moment, idle - (moment - heard))
    return moment


def jiffies_to_ns(kernel: Kernel, jiffies: int) -> int:
    """Jiffies as nanoseconds."""
    return jiffies * NS_PER_S // kernel.hz
