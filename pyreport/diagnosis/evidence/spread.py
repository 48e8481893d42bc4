"""Closes of one service near each other: one event, one idle limit, or either."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, FrameNumber, Value, claim
from pyreport.connections.close import Close
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.close_age import closer_age_ns
from pyreport.diagnosis.evidence.same_service import lives_on
from pyreport.diagnosis.evidence.waits import Wait
from pyreport.diagnosis.thresholds import (
    AT_A_STROKE_NS,
    CLOCK_STEP_NS,
    ELSEWHERE_NS,
    FEWEST_TOGETHER,
    IDLE_FROM_NS,
    LIMIT_LATE_NS,
    MOST_CLOSES,
    ROUND_LIMIT_NS,
    SAME_AGE_NS,
    SAME_AGE_SHARE,
    SHORT_OF_IT_NS,
    TIGHTER,
    TOGETHER_NS,
)
from pyreport.frames.finding import Finding
from pyreport.frames.findings import Reset
from pyreport.frames.frame import FLAG_ACK
from pyreport.knowledge.known_timers import known_timers


class Cause(StrEnum):
    """What closes have in common."""

    EVENT = "event"  # the moment: a process ended, a restart, a failover
    LIMIT = "limit"  # the age
    PAIR = "pair"  # the moment, of two only: one event, or one of them closed for the other's sake
    EITHER = "either"


class Spread(Struct, frozen=True):
    """How far the moments of some closes and the ages of their last data lie apart, in ns, and what that tells.

    ``ages_ns`` are the youngest and the oldest, None when no close has an age.
    """

    closes: tuple[Close, ...]
    cause: Cause
    moments_ns: int
    ages_ns: tuple[int, int] | None

    @property
    def frames(self) -> tuple[int, ...]:
        """The closing frames."""
        return tuple(sorted(close.frame for close in self.closes))

    @property
    def is_of_one_moment(self) -> bool:
        """Whether they have the moment in common, and no idle limit."""
        return self.cause in (Cause.EVENT, Cause.PAIR)

    @property
    def may_be_event(self) -> bool:
        """Whether the moment may be what they have in common. Two of one age are an idle limit's everyday."""
        if self.cause is not Cause.EITHER or self.ages_ns is None:
            return self.is_of_one_moment
        youngest, oldest = self.ages_ns
        return len(self.closes) >= FEWEST_TOGETHER or oldest - youngest > SAME_AGE_NS


def together(index: CaptureIndex, service: str, first: Finding) -> Spread:
    """The closes of a service at the time of one of them. An RST that answers a segment has the time of the asker's
    segment, and is left out.
    """
    made = index.once(("closes when made", service), lambda: _when_made(index, service))
    begin = bisect_left(made, first.time_ns - TOGETHER_NS, key=_moment)
    near = made[begin : bisect_right(made, first.time_ns + TOGETHER_NS, key=_moment)]
    return spread_of([close for _, close, _ in near], [age for _, _, age in near])


def refused_together(case: Case, reset: Reset) -> Claim | None:
    """That other connections of the peer drew an RST as well, within a second: what no longer knows this one does not
    know them either. None where fewer did than may be chance, and where this RST answers nothing.
    """
    if reset.cause_frame is None:
        return None
    near = case.index.closes_near(case.peer, reset.time_ns - TOGETHER_NS, reset.time_ns + TOGETHER_NS)
    drawn = [close for close in near if isinstance(close.finding, Reset) and not close.is_unprompted]
    others = [close for close in drawn if close.connection is not case.connection]
    if len(others) + 1 < FEWEST_TOGETHER:
        return None
    times = [close.time_ns for close in drawn]
    frames = tuple(sorted(close.frame for close in drawn))
    within = Duration(max(times) - min(times))
    alive = lives_on(case.index, case.peer, min(times), max(times))
    if alive:
        frames, told = (*frames, *alive), FrameNumber(alive[0])
        return claim(
            "reset-others-not-all", frames, service=case.peer, others=len(others), within=within, alive=len(alive),
            frame=told,
        )  # fmt: skip
    return claim("reset-others-too", frames, service=case.peer, others=len(others), within=within)


def refused_elsewhere(case: Case, reset: Reset) -> Claim | None:
    """That other hosts, too, no longer knew a connection of the local end's host, at nearly the same time: what they
    have in common is on this side, such as a translator that lost its table, or an address that changed. None where
    fewer hosts did than may be chance, or where the RST is not that of a host without the connection.
    """
    if reset.cause_frame is None or not _knows_none(case.connection, reset.frame):
        return None
    closes = case.index.once("closes in time", lambda: sorted(case.index.first_close.values(), key=_time_of))
    first = bisect_left(closes, reset.time_ns - ELSEWHERE_NS, key=_time_of)
    last = bisect_right(closes, reset.time_ns + ELSEWHERE_NS, key=_time_of)
    drawn = [
        close
        for close in closes[first : min(last, first + MOST_CLOSES)]
        if close.source.host != case.peer.host
        and close.connection.other(close.source).host == case.local.host
        and close.connection.outline.is_two_sided
        and close.data_idle_ns is not None
        and not close.is_unprompted
        and isinstance(close.finding, Reset)
        and _knows_none(close.connection, close.frame)
    ]
    hosts = {close.source.host for close in drawn}
    if len(hosts) + 1 < FEWEST_TOGETHER:
        return None
    times = [reset.time_ns, *(close.time_ns for close in drawn)]
    frames = tuple(sorted((reset.frame, *(close.frame for close in drawn))))
    within = Duration(max(times) - min(times))
    return claim("reset-elsewhere-too", frames, who=case.local_party, hosts=len(hosts), within=within)


def silent_elsewhere(case: Case, wait: Wait) -> Claim | None:
    """That other hosts, too, stopped answering the asker's host at nearly the same time, and it went on asking: what
    they have in common is a path, or one place. None where fewer hosts did than may be chance.
    """
    heard = next((f for f in reversed(case.connection.frames) if f.source == wait.silent), None)
    if heard is None or heard.time_ns - case.connection.outline.first_ns < ELSEWHERE_NS:
        return None
    asker = wait.asker.host
    fell_silent = case.index.once(("fell silent", asker), lambda: sorted(_silences(case.index, asker)))
    first = bisect_left(fell_silent, heard.time_ns - ELSEWHERE_NS, key=_moment)
    last = bisect_right(fell_silent, heard.time_ns + ELSEWHERE_NS, key=_moment)
    near = [one for one in fell_silent[first : min(last, first + MOST_CLOSES)] if one[1] != wait.silent.host]
    hosts = {host for _, host, _ in near}
    if len(hosts) + 1 < FEWEST_TOGETHER:
        return None
    times = [heard.time_ns, *(time_ns for time_ns, _, _ in near)]
    frames = tuple(sorted((heard.number, *(number for _, _, number in near))))
    who, within = case.roles.party(wait.asker), Duration(max(times) - min(times))
    return claim("silent-elsewhere-too", frames, who=who, hosts=len(hosts), within=within)


def _silences(index: CaptureIndex, asker: str) -> Iterator[tuple[int, str, int]]:
    """When the other end of each connection of a host was heard last, its host, and the frame; where nothing had closed
    the connection and the host went on asking for longer than a moment. Peers that say nothing from the start on, as
    of a client that tries many, have nothing in common.
    """
    for connection in index.connections.values():
        outline = connection.outline
        if outline.has_reset or connection.stream in index.first_close:
            continue
        for end in (connection.a, connection.b):
            if end.host != asker:
                continue
            other = connection.other(end)
            (_, asked_ns), (number, heard_ns) = outline.last_of_end(end), outline.last_of_end(other)
            if asked_ns - heard_ns >= IDLE_FROM_NS and heard_ns - outline.first_ns >= ELSEWHERE_NS:
                yield heard_ns, other.host, number


def _moment(told: tuple[int, object, object]) -> int:
    return told[0]


def _knows_none(connection: Connection, number: int) -> bool:
    """Whether an RST is that of a host without the connection, which has no ACK (RFC 9293 section 3.10.7.1)."""
    frame = connection.frame(number)
    return frame is not None and not frame.has(FLAG_ACK)


def _time_of(close: Close) -> int:
    return close.time_ns


def _when_made(index: CaptureIndex, service: str) -> list[tuple[int, Close, int | None]]:
    """The closes that a service made unasked, in order of time: each with its moment and with its age."""
    closes = (close for close in index.closes.get(service, []) if close.is_unprompted and _is_when_made(index, close))
    return [(close.time_ns, close, closer_age_ns(index, close)) for close in closes]


def _is_when_made(index: CaptureIndex, close: Close) -> bool:
    """Whether a close has the moment at which it was made: not one of those that a host took in after it had stood
    still, all at once.
    """
    if close.connection.outline.is_quiet:
        return True
    clock = index.clock_of(close.connection, close.source)
    return clock is None or not clock.is_off_line(close.frame)


def spread_of(closes: Sequence[Close], ages_ns: Sequence[int | None]) -> Spread:
    """Compare the spread of the moments and that of the ages, by the closers' clocks. What closes at one moment
    whatever its age ended with a process; what closes at one age whenever that comes has a limit. Neither, when both
    lie close or both far apart, or there are few. Two tell as much where they close as nearly at once as one program
    does it, and their ages are no two readings of one limit.
    """
    moments = [close.time_ns for close in closes]
    ages = sorted(age for age in ages_ns if age is not None)
    in_time = max(moments) - min(moments) if moments else 0
    return Spread(tuple(closes), _cause(in_time, ages), in_time, (ages[0], ages[-1]) if ages else None)


def tell_together(spread: Spread, service: str) -> Claim:
    """How close to each other the closes came, and how old the last data was."""
    values: dict[str, Value] = {"service": service, "closes": len(spread.closes), "within": Duration(spread.moments_ns)}
    if spread.ages_ns is None:
        return claim("closed-together", spread.frames, **values)
    ages = dict(zip(("youngest", "oldest"), map(Duration, spread.ages_ns), strict=True))
    return claim("closed-together-after", spread.frames, cause=spread.cause, **values, **ages)


def _cause(in_time: int, ages: Sequence[int]) -> Cause:
    if len(ages) < 2:
        return Cause.EITHER
    in_age = ages[-1] - ages[0]
    if len(ages) < FEWEST_TOGETHER:
        is_chance = in_time > AT_A_STROKE_NS or in_age < TIGHTER * max(SAME_AGE_NS, ages[-1] // SAME_AGE_SHARE)
        return Cause.EITHER if is_chance or _is_one_sweep(ages) else Cause.PAIR
    if in_age > CLOCK_STEP_NS and in_age >= TIGHTER * in_time:
        return Cause.EITHER if _is_one_sweep(ages) else Cause.EVENT
    if in_time >= TIGHTER * in_age:
        return Cause.LIMIT
    return Cause.EITHER


def _is_one_sweep(ages: Sequence[int]) -> bool:
    """Whether all had passed one limit since the sweep before: a product that looks for idle connections once a second
    closes all that it finds at one moment. The limit is a round number, or the default of a product.
    """
    return any(limit - SHORT_OF_IT_NS <= ages[0] and ages[-1] <= limit + LIMIT_LATE_NS for limit in _limits(ages[-1]))


def _limits(age_ns: int) -> set[int]:
    limits = {timer.limit_ns for timer in known_timers() if timer.limit_ns is not None}
    return limits | {age_ns // ROUND_LIMIT_NS * ROUND_LIMIT_NS} - {0}
