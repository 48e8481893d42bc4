"""The path between two endpoints, and the capture somewhere on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from typing import NamedTuple

from tests.property.segments import End, Segment
from tests.scenarios.simulation import MICROSECOND, Simulation


class Fate(Enum):
    """What can happen to a segment on its way, other than to arrive once and be captured once."""

    LOST_BEFORE = auto()
    """Lost between the sender and the capture: not seen, not received."""
    LOST_BEHIND = auto()
    """Lost between the capture and the receiver: seen, not received."""
    DOUBLED = auto()
    """The path makes two of it: seen twice, received twice."""
    UNSEEN = auto()
    """The capture misses it (tcpdump: "packets dropped by kernel"): not seen, received."""


class Captured(NamedTuple):
    """A segment and when the capture saw it: nanoseconds, whole microseconds, since the conversation began."""

    time_ns: int
    segment: Segment


@dataclass(frozen=True, slots=True)
class PathPlan:
    """A path of `one_way_ns`, up to `jitter_ns` more for each segment, never out of order.

    The capture lies `vantage` hundredths of the way from the client: 0 on the client itself, 100 on the server.
    `fates` are by sender and by the how many-th segment of that sender it is. In an outage (start, end; ns) nothing
    gets through; a segment on its way behind the capture is seen nevertheless.
    """

    one_way_ns: int
    jitter_ns: int = 0
    vantage: int = 0
    fates: Mapping[End, Mapping[int, Fate]] = field(default_factory=dict)
    outages: tuple[tuple[int, int], ...] = ()

    @property
    def loses(self) -> bool:
        """Whether anything is lost on the way, or missed by the capture."""
        return bool(self.outages) or any(fate is not Fate.DOUBLED for f in self.fates.values() for fate in f.values())


@dataclass(slots=True)
class Path:
    """Carries segments to the receivers, which are set by the endpoints, and keeps what the capture saw."""

    simulation: Simulation
    plan: PathPlan
    chance: Random
    receivers: dict[End, Callable[[Segment], None]] = field(default_factory=dict)
    wakes: dict[End, Callable[[int], int]] = field(default_factory=dict)
    seen: list[Captured] = field(default_factory=list)
    _sent: dict[End, int] = field(default_factory=lambda: dict.fromkeys(End, 0))
    _last_seen: dict[End, int] = field(default_factory=lambda: dict.fromkeys(End, 0))
    _last_arrival: dict[End, int] = field(default_factory=lambda: dict.fromkeys(End, 0))

    def send(self, segment: Segment) -> None:
        """Send a segment off now."""
        sender = segment.sender
        fate = self._fate(sender)
        self._sent[sender] += 1
        for _ in range(2 if fate is Fate.DOUBLED else 1):
            seen_at, arrival = self._times(sender)
            if fate not in (Fate.LOST_BEFORE, Fate.UNSEEN):
                self.seen.append(Captured(seen_at // MICROSECOND * MICROSECOND, segment))
            if fate not in (Fate.LOST_BEFORE, Fate.LOST_BEHIND):
                self.simulation.at(arrival, lambda: self.receivers[sender.peer](segment))

    def _fate(self, sender: End) -> Fate | None:
        """What happens to the next segment of a sender. What is captured on a host was sent or received by it."""
        fate = self.plan.fates.get(sender, {}).get(self._sent[sender])
        if any(start <= self.simulation.now < end for start, end in self.plan.outages):
            fate = Fate.LOST_BEHIND
        from_sender = self._share(sender)
        if fate is Fate.LOST_BEFORE and from_sender == 0:
            return Fate.LOST_BEHIND
        if fate is Fate.LOST_BEHIND and from_sender == 100:
            return Fate.LOST_BEFORE
        return fate

    def _share(self, sender: End) -> int:
        """Hundredths of the way that lie between the sender and the capture."""
        return self.plan.vantage if sender is End.CLIENT else 100 - self.plan.vantage

    def _times(self, sender: End) -> tuple[int, int]:
        """When the capture and the receiver see a segment that is sent now."""
        way = self.plan.one_way_ns + int(self.chance.random() * self.plan.jitter_ns)
        departure = self.simulation.now
        seen_at = max(departure + way * self._share(sender) // 100, self._last_seen[sender] + MICROSECOND)
        arrival = max(departure + way, seen_at, self._last_arrival[sender] + MICROSECOND)
        # A receiver that stands still takes it when it goes on; so does a capture that runs there.
        woken = self.wakes[sender.peer](arrival)
        if woken != arrival:
            arrival = max(woken, self._last_arrival[sender] + MICROSECOND)
            seen_at = arrival if self._share(sender) == 100 else seen_at
        self._last_seen[sender], self._last_arrival[sender] = seen_at, arrival
        return seen_at, arrival
