"""Checks of a balancer or a monitor: it opens a connection to see that somebody listens, or answers, and drops it at
once.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.diagnosis.thresholds import (
    ASKING_SHARE,
    CHECK_OVER_NS,
    FEWEST_ASKING,
    LONGEST_QUESTION,
    MOST_TIMERS,
    REACH,
)
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, Frame
from pyreport.frames.seq import ahead


def health_checks(index: CaptureIndex, connection: Connection) -> tuple[Connection, ...]:
    """The checks of one service that a connection belongs to, in order of time; empty when it is none. Several of them
    are a habit; one may be anything, as a port scan.
    """
    service = checked_service(connection)
    if service is None:
        return ()

    def checks() -> tuple[Connection, ...]:
        alike = [other for other in index.by_endpoint.get(service, []) if checked_service(other) == service]
        return tuple(sorted(alike, key=lambda other: other.first.time_ns))

    return index.once(("checks", service), checks)


def checked_service(connection: Connection) -> Endpoint | None:
    """The server, when its client opened the connection and reset it soon, and nobody sent payload or closed in order;
    else None.
    """
    syn = _syn_of_short_reset(connection)
    if syn is None:
        return None
    if any(frame.length or frame.has(FLAG_FIN) for frame in connection.frames):
        return None
    resets = [frame for frame in connection.frames if frame.has(FLAG_RST)]
    if not resets or any(frame.source != syn.source for frame in resets):
        return None
    return syn.destination


def _syn_of_short_reset(connection: Connection) -> Frame | None:
    """The SYN of a connection that was over soon and has an RST; None where it was not, or the SYN is not there."""
    outline = connection.outline
    if not outline.has_reset or not outline.is_two_sided or outline.syn_from < 0:
        return None
    syn = connection.syn
    return syn if syn is not None and connection.last.time_ns - syn.time_ns <= CHECK_OVER_NS else None


class Question(Struct, frozen=True):
    """What one check asks: of which service, from which host, with how many octets."""

    service: Endpoint
    client: str
    octets: int


def asking_checks(index: CaptureIndex, connection: Connection) -> tuple[Connection, ...]:
    """The checks that a connection belongs to which ask the service something and reset the connection once they have
    the answer (HAProxy's httpchk, which closes with SO_LINGER 0), in order of time; empty when it is none. One alone is
    a client that reset: those of a timer come at equal distances, each with the same question.
    """
    question = question_of(connection)
    if question is None:
        return ()

    service = question.service
    return index.once(("asking", service), lambda: _by_question(index, service)).get(question, ())


def _by_question(index: CaptureIndex, service: Endpoint) -> dict[Question, tuple[Connection, ...]]:
    """The checks of a service by what they ask, in order of time: each connection is looked at once."""
    alike: dict[Question, list[Connection]] = {}
    for other in sorted(index.by_endpoint.get(service, []), key=lambda other: other.first.time_ns):
        question = question_of(other)
        if question is not None and question.service == service:
            alike.setdefault(question, []).append(other)
    return {
        question: tuple(checks)
        for question, checks in alike.items()
        if _are_of_timers([check.first.time_ns for check in checks])
    }


def question_of(connection: Connection) -> Question | None:
    """What the client of a connection asked before it reset, when that was all: one short question, an answer of which
    it has acknowledged everything, and the RST, within a second; else None. The server may have closed in order.
    """
    syn = _syn_of_short_reset(connection)
    if syn is None:
        return None
    client, service = syn.source, syn.destination
    own = [frame for frame in connection.frames if frame.source == client]
    answer = [frame for frame in connection.frames if frame.source == service and frame.length]
    question = [frame for frame in own if frame.length]
    if not answer or not question or any(frame.has(FLAG_FIN) for frame in own):
        return None
    if any(frame.has(FLAG_RST) and frame.source != client for frame in connection.frames):
        return None
    octets = max(ahead(frame.end, syn.end) for frame in question)
    is_one = max(frame.number for frame in question) < max(frame.number for frame in answer)
    has_all = any(frame.has(FLAG_ACK) and ahead(frame.ack, answer[-1].end) >= 0 for frame in own)
    return Question(service, client.host, octets) if is_one and has_all and octets <= LONGEST_QUESTION else None


def _are_of_timers(times: list[int]) -> bool:
    """Whether moments lie so evenly that one timer made them, or a few: several monitors on one host ask the same."""
    if len(times) < FEWEST_ASKING:
        return False
    if _is_even(times):
        return True
    rest = times
    for _ in range(MOST_TIMERS):
        run = _longest_run(rest)
        if len(run) <= FEWEST_ASKING:
            return False
        rest = [moment for place, moment in enumerate(rest) if place not in run]
        if 10 * len(rest) <= len(times):
            return True
    return False


def _longest_run(times: list[int]) -> set[int]:
    """The places of the longest run of moments that begins early among these."""
    begins = range(min(len(times), FEWEST_ASKING))
    runs = (_run(times, first, second) for first in begins for second in range(first + 1, min(len(times), REACH)))
    return max(runs, key=len, default=set())


def _is_even(times: list[int]) -> bool:
    """Whether the steps are equal, but for one check in ten: a busy host makes it late, and so two steps odd."""
    steps = [later - earlier for earlier, later in pairwise(times)]
    usual = median(steps)
    off = sum(1 for step in steps if abs(step - usual) > ASKING_SHARE * usual)
    return 5 * off <= len(steps)


def _run(times: list[int], first: int, second: int) -> set[int]:
    """The places of the moments that go on evenly from one, where another one is the next."""
    step, last, run = times[second] - times[first], second, {first, second}
    for place in range(second + 1, len(times)):
        if abs(times[place] - times[last] - step) <= ASKING_SHARE * step:
            last = place
            run.add(place)
    return run
