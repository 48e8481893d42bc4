"""Time: a queue of things that happen, in order, on a clock of integer nanoseconds since the epoch UTC."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

MICROSECOND = 1_000
MILLISECOND = 1_000_000
SECOND = 1_000_000_000

Action = Callable[[], None]


@dataclass(slots=True)
class Simulation:
    """Runs actions in time order; actions of the same time in the order in which they were added."""

    now: int = 0
    _queue: list[tuple[int, int, Action]] = field(default_factory=list)
    _added: int = 0

    def at(self, time_ns: int, action: Action) -> None:
        """Let something happen at a time. Raises ValueError when that time has passed."""
        if time_ns < self.now:
            raise ValueError(f"{time_ns} is {self.now - time_ns} ns in the past")
        self._added += 1
        heapq.heappush(self._queue, (time_ns, self._added, action))

    def after(self, delay_ns: int, action: Action) -> None:
        """Let something happen after a delay."""
        self.at(self.now + delay_ns, action)

    def run(self, until_ns: int) -> None:
        """Let everything happen that is due up to and including a time."""
        while self._queue and self._queue[0][0] <= until_ns:
            self.now, _, action = heapq.heappop(self._queue)
            action()
        self.now = until_ns
