"""The path between two hosts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.scenarios.packets import Segment
from tests.scenarios.simulation import MICROSECOND

Loss = Callable[[int, Segment], bool]


@dataclass(slots=True)
class Path:
    """Delays and losses between two hosts, the same both ways.

    `jitter_ns` bounds what is added at random to delays on the way and in the kernels. `loses` says whether a segment
    sent at a time never arrives.
    """

    one_way_ns: int
    hops: int
    jitter_ns: int
    chance: Random
    loses: Loss = lambda _time, _segment: False

    def jitter(self) -> int:
        """A random delay in nanoseconds, whole microseconds."""
        return int(self.chance.random() * (self.jitter_ns + 1)) // MICROSECOND * MICROSECOND
