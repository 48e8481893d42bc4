"""The local host did not run for a while: paused, migrated, or starved."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import count_words, format_duration
from pyreport.connections.connection import host_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_end_ns, gap_frames
from pyreport.diagnosis.evidence.neighbours import (
    Entries,
    ended_by_probe,
    frames_of,
    kept_their_grid,
    neighbours,
    others,
)
from pyreport.diagnosis.evidence.packets_made import made_between
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import AT_ONCE_NS
from pyreport.frames.frame import Finding


def explain(case: Case) -> Explanation:
    """A frozen host sends nothing on any connection, and the timers of all of them run late by the same amount."""
    missed = case.connection.missed(case.local)
    if missed:
        return _after_missed(case, missed[0])
    window = _around_the_close(case)
    if window is None:
        text = "The capture shows no stretch of time in which the host could be judged."
        return _result(Status.NO_EVIDENCE, sentence(text))
    around = neighbours(case, *window)
    silence_from, silence_to = case.index.longest_silence_of(host_of(case.local), *window)
    if around.lapses and 2 * (silence_to - silence_from) > window[1] - window[0]:
        text = f"{others(around.lapses)} of this host missed keep-alive intervals at that time."
        return _result(Status.POSSIBLE, sentence(text, frames_of(around.lapses)))
    if not around.on_time:
        nothing = sentence("No other connection of this host was probing, so nothing speaks for or against it.")
        return _result(Status.NO_EVIDENCE, *_prompt_ack(case) or (nothing,))
    start_ns, end_ns = window
    probes = count_words(len(around.on_time), "keep-alive probe")
    evidence = (
        sentence(
            f"{others(around.on_time)} of this host sent {probes} on time in the "
            f"{format_duration(end_ns - start_ns)} around the close.",
            frames_of(around.on_time),
        ),
        sentence(
            "The longest time in which the capture has no frame of this host there is "
            f"{format_duration(silence_to - silence_from)}."
        ),
        *_prompt_ack(case),
    )
    covered = silence_to - silence_from <= (end_ns - start_ns) // 2
    return _result(Status.RULED_OUT if covered else Status.NO_EVIDENCE, *evidence)


def _around_the_close(case: Case) -> tuple[int, int] | None:
    """From the local end's last probe before the close, else its last segment, to one cadence after; (start, end) in
    ns. None when there is no close, or nothing of the local end before it.
    """
    first = case.ending.first
    if first is None:
        return None
    before = [f for f in case.connection.frames if f.source == case.local and f.time_ns < first.time_ns]
    start = case.last_probe_before_end or (before[-1] if before else None)
    if start is None:
        return None
    cadence = case.connection.keepalive(case.local).cadence_ns or 0
    return start.time_ns, min(first.time_ns + cadence, case.span.last_time_ns)


def _after_missed(case: Case, missed: Finding) -> Explanation:
    due_ns, end_ns = missed.number("due_at_ns") or missed.time_ns, gap_end_ns(missed)
    last_probe = case.connection.frame(missed.number("last_probe_frame") or 0)
    start_ns = last_probe.time_ns if last_probe else due_ns
    around = neighbours(case, due_ns, end_ns)
    on_grid = kept_their_grid(missed, around.lapses)
    if on_grid:
        text = (
            "After the gap the probes came at the times at which they would have come without it: the host's timers "
            "had run on. The probes did not reach the capture, or the capture lacks frames."
        )
        return _result(Status.RULED_OUT, sentence(text, tuple(sorted({n for f in on_grid for n in gap_frames(f)}))))
    made = made_between(case.connection, case.local, due_ns, end_ns)
    if made is not None and made.absent:
        text = f"Its packet counter went on in the gap, by {count_words(made.absent, 'packet')}: its kernel ran."
        return _result(Status.RULED_OUT, sentence(text, made.frames))
    silence_from, silence_to = case.index.longest_silence_of(host_of(case.local), start_ns, end_ns)
    silent_throughout = silence_to - silence_from >= (end_ns - start_ns) - (missed.number("interval_ns") or 0)
    if around.lapses and silent_throughout:
        return _all_silent(case, missed, (silence_from, silence_to), around.lapses)
    if around.on_time:
        text = f"{others(around.on_time)} of this host went on probing in that stretch."
        return _result(Status.RULED_OUT, sentence(text, frames_of(around.on_time)))
    if around.lapses:
        silence = format_duration(silence_to - silence_from)
        text = (
            f"{others(around.lapses)} of this host missed keep-alive intervals as well, but the host sent frames in "
            f"that stretch: its longest silence is {silence}."
        )
        return _result(Status.POSSIBLE, sentence(text, frames_of(around.lapses)))
    text = "No other connection of this host was probing, so a frozen host and one lost timer look the same."
    return _result(Status.POSSIBLE, sentence(text, gap_frames(missed)))


def _all_silent(case: Case, missed: Finding, silence: tuple[int, int], lapses: Entries) -> Explanation:
    evidence = [
        sentence(
            f"This host sent no frame on any captured connection for {format_duration(silence[1] - silence[0])}.",
            gap_frames(missed),
        ),
        sentence(
            f"{others(lapses)} of this host missed keep-alive intervals in the same stretch.",
            frames_of(lapses),
        ),
    ]
    overdue = [f for _, f in lapses if ended_by_probe(f) and abs(f.time_ns - silence[1]) <= AT_ONCE_NS]
    if not overdue:
        evidence.append(sentence("A capture that stood still for that time looks the same."))
        return _result(Status.POSSIBLE, *evidence)
    last = max(finding.time_ns for finding in overdue)
    evidence.append(
        sentence(
            f"{count_words(len(overdue), 'overdue probe').capitalize()} left within "
            f"{format_duration(last - silence[1])} "
            "of its end, as timers do that ran out while a host stood still.",
            tuple(sorted(finding.frame for finding in overdue)),
        )
    )
    if not case.is_at_local:
        evidence.append(sentence("The capture was not provably taken at this host: a path that was down looks alike."))
        return _result(Status.POSSIBLE, *evidence)
    return _result(Status.SUPPORTED, *evidence)


def _prompt_ack(case: Case) -> tuple[Claim, ...]:
    ack = case.ending.fin_ack
    if ack is None or ack.source != case.local:
        return ()
    delay = format_duration(ack.number("delay_ns") or 0)
    return (sentence(f"Its kernel acknowledged the FIN within {delay}.", (ack.frame,)),)


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.HOST_FROZEN_HERE, status, evidence)
