"""A conversation: two endpoints, a path and a script for the applications; played, it gives a capture and the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random

from tests.property.endpoint import EndPlan, Endpoint, Probe, State
from tests.property.path import Captured, Path, PathPlan
from tests.property.segments import End
from tests.scenarios.simulation import MILLISECOND, Simulation

ISN = (1000, 5000)


class Do(Enum):
    """What an application can do."""

    WRITE = auto()
    REQUEST = auto()
    BURST = auto()
    SHUTDOWN = auto()
    CLOSE = auto()
    ABORT = auto()


@dataclass(frozen=True, slots=True)
class Act:
    """After a pause (ns) since the act before, an application does something; `length` is that of what it writes."""

    pause: int
    end: End
    do: Do
    length: int = 100


@dataclass(frozen=True, slots=True)
class OnFin:
    """What an application does when it reads the end of the stream: these acts, each `delay` ns after the last."""

    delay: int = 0
    acts: tuple[Do, ...] = (Do.CLOSE,)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides how a conversation goes.

    `isn` are the initial sequence numbers, `tail` is how long the capture goes on after the last act, in ns; `seed`
    decides the jitter.
    """

    client: EndPlan
    server: EndPlan
    path: PathPlan
    script: tuple[Act, ...]
    tail: int
    on_fin: OnFin = OnFin()
    isn: tuple[int, int] = ISN
    seed: int = 0

    def of(self, end: End) -> EndPlan:
        """The plan of one end."""
        return self.client if end is End.CLIENT else self.server


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the capture saw, and until when it went on (ns); what the kernels know: their probes, and how they ended."""

    plan: Plan
    capture: Sequence[Captured]
    end_ns: int
    probes: dict[End, list[Probe]] = field(default_factory=dict)
    states: dict[End, State] = field(default_factory=dict)

    def __str__(self) -> str:
        """The capture, a line a frame: what hypothesis shows of a failing example."""
        lines = [f"{n:4} {time / 1e9:12.6f} {segment}" for n, (time, segment) in enumerate(self.capture, 1)]
        return "\n".join([*lines, f"     {self.end_ns / 1e9:12.6f} end"])


def _perform(endpoint: Endpoint, do: Do, length: int) -> None:
    match do:
        case Do.WRITE:
            endpoint.write(length)
        case Do.REQUEST:
            endpoint.write(length, wants=2 * length)
        case Do.BURST:
            for _ in range(4):
                endpoint.write(length)
        case Do.SHUTDOWN:
            endpoint.shutdown()
        case Do.CLOSE:
            endpoint.close()
        case Do.ABORT:
            endpoint.abort()


def play(plan: Plan) -> Conversation:
    """Let a conversation happen."""
    simulation = Simulation()
    path = Path(simulation, plan.path, Random(plan.seed))
    rto = 2 * (plan.path.one_way_ns + plan.path.jitter_ns) + 250 * MILLISECOND
    ends = {
        end: Endpoint(end, plan.of(end), simulation, path.send, seq=isn, rto=rto)
        for end, isn in zip(End, plan.isn, strict=True)
    }
    for end, endpoint in ends.items():
        path.receivers[end], path.wakes[end] = endpoint.receive, endpoint.wakes
        _install_application(endpoint, plan, simulation)
    end_ns = _schedule(plan, ends, simulation)
    simulation.run(end_ns)
    capture = sorted((c for c in path.seen if c.time_ns <= end_ns), key=lambda captured: captured.time_ns)
    return Conversation(plan, capture, end_ns, {e: ends[e].probes for e in End}, {e: ends[e].state for e in End})


def _install_application(endpoint: Endpoint, plan: Plan, simulation: Simulation) -> None:
    """It answers requests, and acts on the end of the stream."""

    def at(delay: int, do: Do, length: int) -> None:
        simulation.at(endpoint.wakes(simulation.now + delay), lambda: _perform(endpoint, do, length))

    def answer(length: int) -> None:
        at(MILLISECOND, Do.WRITE, length)

    def read_end() -> None:
        for number, do in enumerate(plan.on_fin.acts):
            at(plan.on_fin.delay * (number + 1), do, 50)

    endpoint.on_request, endpoint.on_fin = answer, read_end


def _schedule(plan: Plan, ends: dict[End, Endpoint], simulation: Simulation) -> int:
    """Put the script on the clock; returns when the capture ends."""
    simulation.at(0, ends[End.CLIENT].connect)
    time = 4 * plan.path.one_way_ns + 100 * MILLISECOND

    def perform(act: Act) -> None:
        _perform(ends[act.end], act.do, act.length)

    for act in plan.script:
        time += act.pause
        woken = ends[act.end].wakes(time)
        simulation.at(woken, lambda act=act: perform(act))  # type: ignore[misc]
    return time + plan.tail
