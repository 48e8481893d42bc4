"""Kernel timers: when a timer that is set for a delay really runs.

No kernel lets a timer run early; how late it may be is what tells kernels apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from tests.scenarios.hosts import with_slack
from tests.scenarios.simulation import SECOND

WHEEL_SHIFT = 3  # each level of the wheel is 8 times coarser than the one before (LVL_CLK_SHIFT)
FIRST_LEVEL = 63  # jiffies that the finest level reaches (LVL_SIZE - 1)


class Rounding(Enum):
    """How a kernel rounds the jiffy at which a timer expires."""

    NONE = auto()
    """BSD and Windows: at the next tick."""
    SLACK = auto()
    """Linux 2.6.35 to 4.7, kernel/timer.c, apply_slack: up by at most 1/256 of the delay."""
    WHEEL = auto()
    """Linux 4.8 and later, kernel/time/timer.c, calc_index: up to the granularity of the wheel's level."""


def on_the_wheel(now: int, delay: int) -> int:
    """Jiffy at which the wheel of Linux 4.8 and later runs a timer set for `now + delay` jiffies."""
    level, reach = 0, FIRST_LEVEL
    while delay >= reach:
        level, reach = level + 1, reach << WHEEL_SHIFT
    shift = level * WHEEL_SHIFT
    return ((now + delay >> shift) + 1) << shift


@dataclass(frozen=True, slots=True)
class Clock:
    """A kernel's clock: `hz` ticks a second, the first at `booted_ns` (before the conversation, so not positive)."""

    hz: int
    rounding: Rounding
    booted_ns: int

    def jiffies(self, time_ns: int) -> int:
        """Ticks since boot."""
        return (time_ns - self.booted_ns) * self.hz // SECOND

    def fires(self, time_ns: int, delay: int) -> int:
        """When a timer that is set now for `delay` jiffies runs, in nanoseconds."""
        now = self.jiffies(time_ns)
        match self.rounding:
            case Rounding.NONE:
                expires = now + delay + 1
            case Rounding.SLACK:
                expires = with_slack(now, delay)
            case Rounding.WHEEL:
                expires = on_the_wheel(now, delay)
        # The first moment at which jiffies() says so.
        return max(self.booted_ns - (-expires * SECOND // self.hz), time_ns)
