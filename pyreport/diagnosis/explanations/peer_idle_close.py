"""The peer's application, or a proxy in its place, closed a connection that had been idle for its limit."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import NS_PER_S, count_words, format_duration
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.idle_limits import IdleLimits, idle_limits
from pyreport.diagnosis.evidence.same_service import closes_by, is_same_age, next_opening
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import (
    IDLE_FROM_NS,
    SAME_AGE_NS,
    SAME_AGE_SHARE,
    SHORT_OF_IT_NS,
    TOGETHER_NS,
    WHOLE_SECOND_NS,
)
from pyreport.frames.frame import Finding


def explain(case: Case) -> Explanation:
    """An orderly FIN of the peer after a silence of data. Keep-alives do not refresh such a limit: it counts what the
    application reads and writes (Kafka's Selector, HAProxy, nginx, Envoy).
    """
    fin = case.ending.fin
    if case.ending.first is None:
        return _result(Status.NO_EVIDENCE, sentence("Nobody closed the connection in this capture."))
    if fin is None and case.ending.first.source == case.peer and not case.ending.first.number("cause_frame"):
        text = (
            "The peer ended it with an RST that answers nothing. Few idle limits end so (HAProxy with nolinger, some "
            "balancers); most end with a FIN."
        )
        return _result(Status.NO_EVIDENCE, sentence(text, (case.ending.first.frame,)))
    if fin is None or not case.peer_closed_first:
        what = "no FIN of the peer is in this capture" if fin is None else f"{case.local_name} closed first"
        status = Status.RULED_OUT if fin is not None else case.when_absent
        return _result(status, sentence(f"An idle limit of the peer ends with its FIN, and {what}.", _frames(fin)))
    if case.used_half_close:
        text = "The peer sent its FIN and went on taking data: it closed one direction only, which no idle limit does."
        return _result(Status.RULED_OUT, sentence(text, (fin.frame,)))
    data_idle = fin.number("data_idle_ns")
    if data_idle is None:
        return _result(
            Status.POSSIBLE,
            sentence(
                "The peer closed with a FIN; the capture shows no data before it, so its idle time is unknown.",
                (fin.frame,),
            ),
        )
    last_data = fin.number("last_data_frame")
    frames = (last_data, fin.frame) if last_data else (fin.frame,)
    if data_idle < IDLE_FROM_NS:
        return _result(
            Status.NO_EVIDENCE,
            sentence(
                f"The peer closed only {format_duration(data_idle)} after the last data: that is the end of an "
                "exchange, not of a silence.",
                frames,
            ),
        )
    evidence = [
        sentence(
            f"{case.roles.title(case.peer)} closed in order, with a FIN, {format_duration(data_idle)} after the last "
            "payload.",
            frames,
        )
    ]
    answered = case.connection.of("answer", side=case.peer)
    before = [f.frame for f in answered if f.time_ns < fin.time_ns]
    if before:
        evidence.append(
            sentence(
                "Its kernel answered keep-alive probes until then. Probes carry no data, so they do not refresh an "
                "application's idle limit.",
                tuple(before),
            )
        )
    same, other = _closes_elsewhere(case, data_idle)
    limits = idle_limits(case)
    matching = _matching_limits(limits, frames)
    evidence += [*matching, *same]
    against = [*_outlived(case, data_idle), *other, *_refused_afterwards(case, fin)]
    if against:
        return _result(Status.NO_EVIDENCE if not same else Status.POSSIBLE, *evidence, against=against)
    if not matching and not same:
        if not is_whole(data_idle, round_trip_ns(case.connection)):
            text = "Neither a known limit nor a whole number of seconds: one close alone does not tell what it was."
            return _result(Status.POSSIBLE, *evidence, sentence(text, frames))
        evidence.append(sentence("A whole number of seconds, as limits are.", frames))
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
        if close.connection is case.connection or close.finding.id != "fin" or age is None or age < IDLE_FROM_NS:
            continue
        if is_same_age(age, data_idle):
            same.append(close.finding.frame)
        elif first is not None and abs(close.finding.time_ns - first.time_ns) <= TOGETHER_NS:
            other.append(close.finding.frame)
    found_same = (
        [sentence(f"It closed {count_words(len(same), 'other connection')} at the same age of data.", tuple(same))]
        if same
        else []
    )
    text = f"It closed {count_words(len(other), 'other connection')} in the same second, at other ages."
    return found_same, [sentence(text, tuple(other))] if other else []


def _refused_afterwards(case: Case, fin: Finding) -> list[Claim]:
    """A service that refuses connections right after it closed one has gone down: no idle limit does that."""
    opening = next_opening(case.index, case.peer, fin.time_ns)
    if opening is None or opening[0] != "refused":
        return []
    return [sentence("The next attempt to connect to it was refused: nobody listened.", (fin.frame, opening[1]))]


def _outlived(case: Case, data_idle: int) -> list[Claim]:
    """A longer silence after a reply of the service that this connection, or another one of it, came through."""
    margin = max(SAME_AGE_NS, data_idle // SAME_AGE_SHARE) + IDLE_FROM_NS
    for other in case.index.by_endpoint.get(case.peer, []):
        rest_ns, before, after = case.index.longest_rest.get((other.stream, case.peer), (0, 0, 0))
        if rest_ns > data_idle + margin:
            which = "This connection" if other is case.connection else f"Another connection of {case.peer}"
            text = f"{which} came through a longer silence, of {format_duration(rest_ns)}."
            return [sentence(text, (before, after))]
    return []


def _matching_limits(limits: IdleLimits | None, frames: tuple[int, ...]) -> list[Claim]:
    """The first known limits whose default has this length; a match is no proof."""
    if limits is None or not limits.matches:
        return []
    verified = [match.timer for match in limits.matches if not match.timer.unverified]
    named = [f"{timer.who} ({timer.source})" for timer in verified[:2]]
    others = len(limits.matches) - len(named)
    if named:
        text = f"the default of {' and of '.join(named)}{f', and {others} more' if others else ''}"
    else:
        text = f"{count_words(others, 'known default')}, none of which was looked up in full"
    return [sentence(f"This age matches {text}. A match of numbers is no proof.", frames)]


def _frames(fin: object) -> tuple[int, ...]:
    frame = getattr(fin, "frame", None)
    return (frame,) if isinstance(frame, int) else ()


def _result(status: Status, *evidence: Claim, against: list[Claim] | None = None) -> Explanation:
    return Explanation(ExplanationId.PEER_IDLE_CLOSE, status, evidence, tuple(against or ()))
