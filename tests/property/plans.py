"""Hypothesis strategies for conversations: what may be combined with what. They shrink to short and quiet ones.

Strategies are made once for each kind of conversation, and lengths of silences drawn in thousandths of a period: making
a strategy costs more than a conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from tests.property.conversation import Act, Do, OnFin, Plan
from tests.property.endpoint import EndPlan
from tests.property.keepalive import BSD, LINUX, WINDOWS, Keepalive, Kernel
from tests.property.path import Fate, PathPlan
from tests.property.segments import End
from tests.scenarios.hosts import Freeze
from tests.scenarios.simulation import MICROSECOND, MILLISECOND, SECOND
from tests.support.core import Settings

IDLE_TIMES = (5, 1, 2, 10, 15, 60, 75, 300)  # s
SAME = 0
INTERVALS = (SAME, SAME, SAME, 5, 1, 2, 10, 15, 75)  # s; the same as the idle time is what Go sets
DELAYS = (300, 50, 5_000, 40_000, 100_000, 300_000)  # one way, us
LONGEST_SILENCE = 12_000  # thousandths of the period of the side that probes more often
LONGEST_TROUBLE = 6_000  # the same, for a freeze or an outage
TICK_OF_BOOT = 7_919_003 * MICROSECOND  # makes the clocks of two hosts tick at any distance from each other
ON_THE_WIRE = (Fate.LOST_BEHIND, Fate.LOST_BEFORE, Fate.DOUBLED)
KERNELS = (*LINUX, BSD, *WINDOWS)
TRAFFIC = (Do.REQUEST, Do.WRITE, Do.BURST)
CLOSES = (Do.CLOSE, Do.SHUTDOWN)
ONE_OR_BOTH = ((True, False), (False, True), (True, True))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of conversation: which sides probe (client, server), where the capture may be, and what may happen.

    `closes` and `on_fin` are what applications may do in the end and when they read the other's. What may go wrong:
    `fates` of segments; `dropped`: probes in an output hook; `freezes` of hosts; `outages` of the path.
    """

    sides: tuple[tuple[bool, bool], ...] = ONE_OR_BOTH
    kernels: tuple[Kernel, ...] = KERNELS
    vantages: tuple[int, ...] = (0, 100, 30, 50)
    closes: tuple[Do, ...] = CLOSES
    on_fin: tuple[Do, ...] = (Do.CLOSE,)
    fates: tuple[Fate, ...] = ()
    dropped: bool = False
    freezes: bool = False
    outages: bool = False


HEALTHY = Kind()
ANYTHING = Kind(
    sides=(*ONE_OR_BOTH, (False, False)),
    closes=(*CLOSES, Do.ABORT),
    on_fin=(Do.CLOSE, Do.WRITE, Do.SHUTDOWN, Do.ABORT),
    fates=tuple(Fate),
    dropped=True,
    freezes=True,
    outages=True,
)

Silence = tuple[bool, int]
"""Whether the number is thousandths of a period (a silence) or milliseconds (a pause in traffic)."""


class DrawnAct(NamedTuple):
    """An act before the period is known."""

    pause: Silence
    end: End
    do: Do
    length: int


def _end(
    kernel: Kernel, idle: int, interval: int, probes: int, delayed_ack: int, fin_timeout: int, boot: int
) -> EndPlan:
    interval = interval or idle
    if kernel is BSD or kernel in WINDOWS:
        # What Windows does with a longer one is not documented. On BSD a capture does not tell it: a peer's probe puts
        # off the next one only when the interval is over, and a probe while data is in flight restarts the interval.
        interval = min(interval, idle)
    keepalive = Keepalive(idle, interval, probes)
    return EndPlan(kernel, keepalive, delayed_ack * MILLISECOND, fin_timeout * SECOND, -boot * TICK_OF_BOOT)


@cache
def _ends(kernels: tuple[Kernel, ...]) -> st.SearchStrategy[EndPlan]:
    return st.builds(
        _end,
        st.sampled_from(kernels),
        st.sampled_from(IDLE_TIMES),
        st.sampled_from(INTERVALS),
        st.integers(2, 9),
        st.sampled_from((40, 0, 200)),
        st.sampled_from((60, 5, 1)),
        st.integers(0, 10**6),
    )


SILENCES = st.tuples(st.just(True), st.integers(0, LONGEST_SILENCE))
PAUSES = st.one_of(st.tuples(st.just(False), st.integers(0, 500)), SILENCES)
TRAFFIC_ACTS = st.builds(
    DrawnAct, PAUSES, st.sampled_from(End), st.sampled_from(TRAFFIC), st.sampled_from((100, 1, 1400))
)


@cache
def _scripts(closes: tuple[Do, ...]) -> st.SearchStrategy[list[DrawnAct]]:
    """Traffic between silences, then perhaps a close and what comes after it."""
    traffic = st.lists(TRAFFIC_ACTS, min_size=1, max_size=5)
    if not closes:
        return traffic
    closing = st.builds(DrawnAct, PAUSES, st.sampled_from(End), st.sampled_from(closes), st.just(0))
    ending = st.lists(closing, max_size=1) | st.lists(closing | TRAFFIC_ACTS, min_size=1, max_size=4)
    return st.tuples(traffic, ending).map(lambda parts: parts[0] + parts[1])


Span = tuple[int, int]
"""Where something begins, in thousandths of the conversation, and how long it lasts, in thousandths of a period."""
SPANS = st.tuples(st.integers(0, 1000), st.integers(1, LONGEST_TROUBLE))


# Some in a row, as a firewall rule that is there for a while drops them.
DROPPED = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 8)), min_size=1, max_size=2).map(
    lambda spans: frozenset(number for first, count in spans for number in range(first, first + count))
)


@cache
def _fates(fates: tuple[Fate, ...]) -> st.SearchStrategy[dict[int, Fate]]:
    # The handshake's three segments are the client's 0 and 1 and the server's 0.
    return st.dictionaries(st.integers(2, 60), st.sampled_from(fates), max_size=8) if fates else st.just({})


def _spans(happens: bool) -> st.SearchStrategy[list[Span]]:
    return st.lists(SPANS, max_size=2) if happens else st.just([])


class Drawn(NamedTuple):
    """What is drawn for a conversation."""

    sides: tuple[bool, bool]
    client: EndPlan
    server: EndPlan
    one_way: int
    has_jitter: bool
    vantage: int
    fates: tuple[Mapping[int, Fate], Mapping[int, Fate]]
    outages: list[Span]
    dropped: frozenset[int]
    freezes: tuple[list[Span], list[Span]]
    script: list[DrawnAct]
    tail: Silence
    on_fin: tuple[int, list[Do]]
    seed: int


@cache
def plans(kind: Kind) -> st.SearchStrategy[Plan]:
    """Conversations of a kind."""
    fates, freezes = _fates(kind.fates), _spans(kind.freezes)
    return st.builds(
        Drawn,
        st.sampled_from(kind.sides),
        _ends(kind.kernels),
        _ends(kind.kernels),
        st.sampled_from(DELAYS),
        st.booleans(),
        st.sampled_from(kind.vantages),
        st.tuples(fates, fates),
        _spans(kind.outages),
        DROPPED if kind.dropped else st.just(frozenset()),
        st.tuples(freezes, freezes),
        _scripts(kind.closes),
        PAUSES,
        st.tuples(st.integers(0, 3000), st.lists(st.sampled_from(kind.on_fin), max_size=2)),
        st.integers(0, 1000),
    ).map(_plan)


def _plan(drawn: Drawn) -> Plan:
    client, server = (
        end if probes else replace(end, keepalive=None)
        for end, probes in zip((drawn.client, drawn.server), drawn.sides, strict=True)
    )
    period = min((end.keepalive.period for end in (client, server) if end.keepalive), default=10) * SECOND

    def ns(silence: Silence) -> int:
        in_periods, amount = silence
        return amount * period // 1000 + 137 * MICROSECOND if in_periods else amount * MILLISECOND

    script = tuple(Act(ns(act.pause), act.end, act.do, act.length) for act in drawn.script)
    tail = ns(drawn.tail)
    total = sum(act.pause for act in script) + tail

    def times(spans: list[Span]) -> tuple[tuple[int, int], ...]:
        starts = ((2 * SECOND + total * start // 1000, length) for start, length in spans)
        return tuple((start, start + length * period // 1000) for start, length in starts)

    def disturbed(end: EndPlan, freezes: list[Span]) -> EndPlan:
        return replace(end, dropped=drawn.dropped, freezes=tuple(Freeze(*span) for span in times(freezes[:1])))

    one_way = drawn.one_way * MICROSECOND
    path = PathPlan(
        one_way,
        min(one_way // 10, 20 * MILLISECOND) if drawn.has_jitter else 0,
        drawn.vantage,
        dict(zip(End, drawn.fates, strict=True)),
        times(drawn.outages),
    )
    delay, acts = drawn.on_fin
    return Plan(
        disturbed(client, drawn.freezes[0]),
        disturbed(server, drawn.freezes[1]),
        path,
        script,
        tail,
        OnFin(delay * period // 1000, tuple(acts)),
        seed=drawn.seed,
    )


def settings_for(plan: Plan, choice: int) -> Settings:
    """What the user may have told the plugin: nothing, or, if the ends that probe agree, idle time and interval."""
    agreed = {end.keepalive for end in (plan.client, plan.server) if end.keepalive}
    if len(agreed) != 1:
        return Settings()
    (keepalive,) = agreed
    idle, interval = keepalive.idle * SECOND, keepalive.interval * SECOND
    return (Settings(), Settings(idle=idle, interval=interval), Settings(idle=idle), Settings(interval=interval))[
        choice
    ]


SETTINGS = st.integers(0, 3)
"""A choice for settings_for."""
TOLD = 1
"""The choice of both idle time and interval."""
MOSTLY_TOLD = st.sampled_from((TOLD, 0, TOLD, 2, TOLD, 3))
"""The same, mostly both idle time and interval."""
