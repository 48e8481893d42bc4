"""The peer's host did not run for a while, or was not there."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, claim
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.next_hop import silent_hop, tell_silent_hop
from pyreport.diagnosis.evidence.refusals import turned_back
from pyreport.diagnosis.evidence.second_clock import stood_still, tell_stood
from pyreport.diagnosis.evidence.signs_of_life import heard_meanwhile
from pyreport.diagnosis.evidence.stand_in import stand_in, tell_stand_in
from pyreport.diagnosis.evidence.told_waits import host_was_heard, it_went_on, no_answer
from pyreport.diagnosis.evidence.waits import Wait, waits, went_on_without
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import BASELINE_NS, CLOCK_STOOD, LATE_NS, LATE_ROUND_TRIPS
from pyreport.frames.findings import Answer
from pyreport.frames.seq import ahead, since


def explain(case: Case) -> Explanation:
    """A frozen host answers on none of its connections; afterwards the answers are late, and its TSval has not gone on
    with the time (its clock stood).
    """
    peer = case.peer_party
    stopped = stood_still(case, case.peer)
    if stopped is not None:
        return _result(Status.SUPPORTED, [tell_stood(case, stopped)])
    hop = silent_hop(case)
    if hop is not None:
        if hop.is_peer:
            return _result(Status.POSSIBLE, [tell_silent_hop(case, hop)])
        return _result(Status.NO_EVIDENCE, [claim("next-hop-nothing-reached", hop.frames, peer=peer)])
    silences = [wait for wait in waits(case) if wait.silent == case.peer]
    if not silences:
        answers = tuple(f.frame for f in case.connection.of(Answer, side=case.peer))
        standing_in = stand_in(case.connection, case.peer)
        if standing_in is not None:
            return _result(Status.NO_EVIDENCE, [tell_stand_in(case, standing_in)])
        if answers:
            return _result(Status.RULED_OUT, [claim("host-frozen-there-answered-all", answers, peer=peer)])
        return _result(Status.NO_EVIDENCE, [claim("host-frozen-there-nothing-unanswered", peer=peer)])
    worst = max(silences, key=lambda wait: len(wait.asks))
    heard = heard_meanwhile(case, worst)
    if heard:
        return _result(Status.RULED_OUT, [host_was_heard(case, worst, heard)])
    went_on = went_on_without(case, worst)
    if went_on is not None:
        return _result(Status.RULED_OUT, [it_went_on(case, worst, went_on)])
    refused = turned_back(case, worst)
    if refused:
        return _result(Status.NO_EVIDENCE, [*refused])
    evidence = [no_answer(case, worst)]
    alike = _silent_elsewhere(case, worst)
    if alike:
        evidence.append(claim("host-frozen-there-silent-elsewhere", alike, peer=peer, others=len(alike)))
    stood = _clock_stood(case, worst)
    if stood is not None:
        return _result(Status.SUPPORTED, [*evidence, stood])
    late = _late_answer(case, worst)
    if late is not None:
        return _result(Status.POSSIBLE, [*evidence, late])
    if worst.answer is None:
        return _result(Status.POSSIBLE, evidence)
    against = claim("host-frozen-there-next-answered", (worst.answer.number,), peer=peer)
    return _result(Status.POSSIBLE, evidence, against)


def _silent_elsewhere(case: Case, worst: Wait) -> tuple[int, ...]:
    """Unanswered probes on other connections to the same host in that time, one frame of each connection."""
    until = worst.answer.time_ns if worst.answer else worst.asks[-1].time_ns
    unanswered = case.index.hosts.unanswered(case.local.host, case.peer.host, worst.start_ns, until)
    first = {stream: found.frame for stream, found in reversed(unanswered) if stream != case.connection.stream}
    return tuple(sorted(first.values()))


def _late_answer(case: Case, worst: Wait) -> Claim | None:
    if worst.answer is None:
        return None
    asked = [f for f in case.connection.frames if f.source == worst.asker and f.number < worst.answer.number]
    delay = worst.answer.time_ns - asked[-1].time_ns
    usual = round_trip_ns(case.connection, worst.asker)
    if delay <= max(LATE_NS, LATE_ROUND_TRIPS * usual):
        return None
    return claim(
        "host-frozen-there-late-answer",
        (asked[-1].number, worst.answer.number),
        peer=case.peer_party,
        delay=Duration(delay),
        usual=Duration(usual),
    )


def _clock_stood(case: Case, worst: Wait) -> Claim | None:
    """Whether the peer's TSval went on by much less than its earlier pace makes of the time (RFC 7323 section 5.4)."""
    if worst.answer is None or worst.answer.marks.timestamp is None:
        return None
    sent = [f for f in case.connection.frames if f.source == case.peer and f.time_ns <= worst.start_ns]
    before = [(f, f.marks.timestamp) for f in sent if f.marks.timestamp is not None]
    if not before:
        return None
    (first, start), (last, end) = before[0], before[-1]
    span_ns, ticks = last.time_ns - first.time_ns, ahead(end, start)
    gap_ns = worst.answer.time_ns - last.time_ns
    if span_ns < BASELINE_NS or ticks <= 0 or gap_ns < BASELINE_NS:
        return None
    went_on_ns = since(worst.answer.marks.timestamp, end) * span_ns // ticks
    if went_on_ns >= gap_ns * CLOCK_STOOD:
        return None
    return claim(
        "host-frozen-there-clock-stood",
        (last.number, worst.answer.number),
        peer=case.peer_party,
        went_on=Duration(went_on_ns),
        gap=Duration(gap_ns),
    )


def _result(status: Status, evidence: list[Claim], *against: Claim) -> Explanation:
    return Explanation(ExplanationId.HOST_FROZEN_THERE, status, tuple(evidence), against)
