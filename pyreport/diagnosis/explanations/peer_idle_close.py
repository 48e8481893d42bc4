"""The peer's application, or a proxy in its place, closed a connection that had been idle for its limit."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, claim
from pyreport.base.units import NS_PER_S
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import NOT_CLOSED, closed_first
from pyreport.diagnosis.evidence.idle_limits import IdleLimits, idle_limits
from pyreport.diagnosis.evidence.same_service import Opening, closes_by, is_same_age, next_opening, tell_opening
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import (
    IDLE_FROM_NS,
    SAME_AGE_NS,
    SAME_AGE_SHARE,
    SHORT_OF_IT_NS,
    TOGETHER_NS,
    WHOLE_SECOND_NS,
)
from pyreport.frames.findings import Answer, Fin


def explain(case: Case) -> Explanation:
    """An orderly FIN of the peer after a silence of data. Keep-alives do not refresh such a limit: it counts what the
    application reads and writes (Kafka's Selector, HAProxy, nginx, Envoy).
    """
    first, fin, peer = case.ending.first, case.ending.fin, case.peer_party
    if first is None:
        return _result(Status.NO_EVIDENCE, NOT_CLOSED)
    if fin is None and first.source == case.peer and case.ending.cause_frame is None:
        return _result(Status.NO_EVIDENCE, claim("peer-idle-close-rst", (first.frame,), peer=peer))
    if fin is None:
        return _result(case.when_absent, claim("peer-idle-close-no-fin", peer=peer))
    if not case.peer_closed_first:
        told = claim("peer-idle-close-other-first", (fin.frame,), peer=peer, local=case.local_party)
        return _result(Status.RULED_OUT, told)
    if case.used_half_close:
        return _result(Status.RULED_OUT, claim("peer-idle-close-half-close", (fin.frame,), peer=peer))
    data_idle = fin.data_idle_ns
    if data_idle is None:
        return _result(Status.POSSIBLE, claim("peer-idle-close-age-unknown", (fin.frame,), peer=peer))
    last_data = fin.last_data_frame
    frames = (last_data, fin.frame) if last_data else (fin.frame,)
    if data_idle < IDLE_FROM_NS:
        told = claim("peer-idle-close-after-exchange", frames, peer=peer, age=Duration(data_idle))
        return _result(Status.NO_EVIDENCE, told)
    return _weigh(case, fin, data_idle, frames)


def _weigh(case: Case, fin: Fin, data_idle: int, frames: tuple[int, ...]) -> Explanation:
    """The FIN came after a silence: whether a limit of that length is known, seen again, or excluded."""
    peer = case.peer_party
    evidence = [closed_first(case, fin)]
    answered = tuple(f.frame for f in case.connection.of(Answer, side=case.peer) if f.time_ns < fin.time_ns)
    if answered:
        evidence.append(claim("peer-idle-close-probes-answered", answered, peer=peer))
    same, other = _closes_elsewhere(case, data_idle)
    matching = _matching_limits(idle_limits(case), frames)
    evidence += [*matching, *same]
    against = [*_outlived(case, data_idle), *other, *_refused_afterwards(case, fin)]
    if against:
        return _result(Status.NO_EVIDENCE if not same else Status.POSSIBLE, *evidence, against=against)
    if not matching and not same:
        if not is_whole(data_idle, round_trip_ns(case.connection)):
            return _result(Status.POSSIBLE, *evidence, claim("peer-idle-close-odd-age", frames))
        evidence.append(claim("peer-idle-close-whole-seconds", frames))
    return _result(Status.SUPPORTED, *evidence)


def is_whole(age_ns: int, round_trip: int) -> bool:
    """Whether an age is a whole number of seconds, as far as a close comes soon after its limit."""
    beyond = (age_ns + SHORT_OF_IT_NS + round_trip) % NS_PER_S
    return beyond <= SHORT_OF_IT_NS + 2 * round_trip + WHOLE_SECOND_NS


def _closes_elsewhere(case: Case, data_idle: int) -> tuple[list[Claim], list[Claim]]:
    """The service's closes of other idle connections, at the same age and at others, at other times than this one: what
    closes together may be the end of a process.
    """
    same: list[int] = []
    other: list[int] = []
    first = case.ending.first
    for close in closes_by(case.index, case.peer):
        age = close.data_idle_ns
        if (
            close.connection is case.connection
            or not isinstance(close.finding, Fin)
            or age is None
            or age < IDLE_FROM_NS
        ):
            continue
        if is_same_age(age, data_idle):
            same.append(close.finding.frame)
        elif first is not None and abs(close.finding.time_ns - first.time_ns) <= TOGETHER_NS:
            other.append(close.finding.frame)
    peer = case.peer_party
    return (
        [claim("peer-idle-close-same-age", tuple(same), peer=peer, others=len(same))] if same else [],
        [claim("peer-idle-close-other-ages", tuple(other), peer=peer, others=len(other))] if other else [],
    )


def _refused_afterwards(case: Case, fin: Fin) -> list[Claim]:
    """A service that refuses connections right after it closed one has gone down: no idle limit does that."""
    opening = next_opening(case.index, case.peer, fin.time_ns)
    if opening is None or opening[0] is not Opening.REFUSED:
        return []
    return [tell_opening(case.peer, fin, opening)]


def _outlived(case: Case, data_idle: int) -> list[Claim]:
    """A longer silence after a reply of the service that this connection, or another one of it, came through."""
    margin = max(SAME_AGE_NS, data_idle // SAME_AGE_SHARE) + IDLE_FROM_NS
    for other in case.index.by_endpoint.get(case.peer, []):
        rest_ns, before, after = case.index.longest_rest.get((other.stream, case.peer), (0, 0, 0))
        if rest_ns > data_idle + margin:
            rest, is_this = Duration(rest_ns), other is case.connection
            frames = (before, after)
            return [claim("peer-idle-close-outlived", frames, is_this=is_this, service=case.peer, rest=rest)]
    return []


def _matching_limits(limits: IdleLimits | None, frames: tuple[int, ...]) -> list[Claim]:
    """The first known limits whose default has this length; a match is no proof."""
    if limits is None or not limits.matches:
        return []
    verified = [match.timer for match in limits.matches if not match.timer.unverified]
    named = tuple(claim("known-limit", who=timer.product, source=timer.source) for timer in verified[:2])
    more = len(limits.matches) - len(named)
    if not named:
        return [claim("peer-idle-close-matches-unverified", frames, limits=more)]
    return [claim("peer-idle-close-matches", frames, limits=named, more=more)]


def _result(status: Status, *evidence: Claim, against: list[Claim] | None = None) -> Explanation:
    return Explanation(ExplanationId.PEER_IDLE_CLOSE, status, evidence, tuple(against or ()))
