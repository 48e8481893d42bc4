"""The peer's host did not run for a while, or was not there."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import capitalized, sentence
from pyreport.base.units import count_words, format_duration
from pyreport.connections.connection import host_of
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import Wait, heard_meanwhile, waits
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import BASELINE_NS, CLOCK_STOOD, LATE_NS, LATE_ROUND_TRIPS


def explain(case: Case) -> Explanation:
    """A frozen host answers on none of its connections; afterwards the answers are late, and its TSval has not gone on
    with the time (its clock stood).
    """
    silences = [wait for wait in waits(case) if wait.silent == case.peer]
    if not silences:
        answers = tuple(f.frame for f in case.connection.of("answer", side=case.peer))
        if answers:
            return _result(Status.RULED_OUT, [sentence("It answered every probe and all data.", answers)])
        return _result(Status.NO_EVIDENCE, [sentence("Nothing that was sent to it went unanswered.")])
    worst = max(silences, key=lambda wait: len(wait.asks))
    heard = heard_meanwhile(case, worst)
    if heard:
        text = f"{capitalized(count_words(heard, 'frame'))} of its host came in while it did not answer here."
        return _result(Status.RULED_OUT, [sentence(text, worst.frames)])
    asked = "The same segment, sent" if worst.is_data else "Probes, sent"
    text = f"{asked} {count_words(len(worst.asks), 'time')}, got no answer. A path that was down looks the same."
    evidence = [sentence(text, worst.frames)]
    if case.is_at_peer:
        text = "They arrived: the capture was taken there. Its kernel did not run, or a filter of the host took them."
        evidence = [sentence(text, worst.frames)]
    alike = _silent_elsewhere(case, worst)
    if alike:
        count = count_words(len(alike), "other connection")
        evidence.append(sentence(f"It answered nothing on {count} at that time either.", alike))
    stood = _clock_stood(case, worst)
    if stood is not None:
        return _result(Status.SUPPORTED, [*evidence, stood])
    against: list[Claim] = []
    late = _late_answer(case, worst)
    if late is not None:
        evidence.append(late)
    elif worst.answer is not None:
        text = "It answered the next one at once, and none of these: a host that stood still answers them late."
        against.append(sentence(text, (worst.answer.number,)))
    return _result(Status.POSSIBLE, evidence, against)


def _silent_elsewhere(case: Case, worst: Wait) -> tuple[int, ...]:
    """Unanswered probes on other connections to the same host in that time, one frame of each connection."""
    until = worst.answer.time_ns if worst.answer else worst.asks[-1].time_ns
    frames = []
    for other in case.index.neighbours_of(case.connection, case.peer):
        if host_of(case.local) not in (host_of(other.a), host_of(other.b)):
            continue
        found = next((f for f in other.of("unanswered") if worst.start_ns <= f.time_ns <= until), None)
        if found is not None:
            frames.append(found.frame)
    return tuple(sorted(frames))


def _late_answer(case: Case, worst: Wait) -> Claim | None:
    if worst.answer is None:
        return None
    asked = [f for f in case.connection.frames if f.source == worst.asker and f.number < worst.answer.number]
    delay = worst.answer.time_ns - asked[-1].time_ns
    usual = round_trip_ns(case.connection, worst.asker)
    if delay <= max(LATE_NS, LATE_ROUND_TRIPS * usual):
        return None
    text = f"Its first answer after that came {format_duration(delay)} late; it usually takes {format_duration(usual)}."
    return sentence(text, (asked[-1].number, worst.answer.number))


def _clock_stood(case: Case, worst: Wait) -> Claim | None:
    """Whether the peer's TSval went on by much less than its earlier pace makes of the time (RFC 7323 section 5.4)."""
    if worst.answer is None or worst.answer.marks.timestamp is None:
        return None
    stamped = [f for f in case.connection.frames if f.source == case.peer and f.marks.timestamp is not None]
    before = [frame for frame in stamped if frame.time_ns <= worst.start_ns]
    if len(before) < 2 or before[-1].time_ns - before[0].time_ns < BASELINE_NS:
        return None
    ticks = ((before[-1].marks.timestamp or 0) - (before[0].marks.timestamp or 0)) % 2**32
    went_on = (worst.answer.marks.timestamp - (before[-1].marks.timestamp or 0)) % 2**32
    gap_ns = worst.answer.time_ns - before[-1].time_ns
    if not 0 < ticks < 2**31 or gap_ns < BASELINE_NS:
        return None
    went_on_ns = went_on * (before[-1].time_ns - before[0].time_ns) // ticks
    if went_on_ns >= gap_ns * CLOCK_STOOD:
        return None
    text = (
        f"Its timestamp clock went on by {format_duration(went_on_ns)} in {format_duration(gap_ns)}: the host stood "
        "still meanwhile."
    )
    return sentence(text, (before[-1].number, worst.answer.number))


def _result(status: Status, evidence: list[Claim], against: list[Claim] | None = None) -> Explanation:
    return Explanation(ExplanationId.HOST_FROZEN_THERE, status, tuple(evidence), tuple(against or ()))
