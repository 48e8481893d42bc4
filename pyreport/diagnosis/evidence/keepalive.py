"""What became of the keep-alive probes of a connection."""

from __future__ import annotations

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import tell_gap
from pyreport.frames.findings import Answer, Probe, Unanswered
from pyreport.quality.holes import holes_of


def keepalive_sentence(case: Case) -> Claim | None:
    """What became of the local end's probes up to the close, and whether intervals went by without one.

    A probe that drew the RST has its answer in it and is not counted. None without probes.
    """
    first = case.ending.first
    end = first.time_ns if first else case.span.last_time_ns
    drew_reset = case.ending.cause_frame
    probes = [f for f in case.connection.of(Probe, side=case.local) if f.time_ns <= end and f.frame != drew_reset]
    if not probes:
        return None
    frames = tuple(finding.frame for finding in probes)
    who, closed, sent = case.local_party, first is not None, len(probes)
    missed, rested = missed_until(case, case.local, end), capture_rested(case, case.local)
    answered = sum(1 for probe in probes if probe.answer_frame)
    if answered == sent:
        return claim("keepalive-answered", frames, who=who, closed=closed, sent=sent, missed=missed, rested=rested)
    unanswered = len({f.probe_frame for f in case.connection.unanswered(case.local)} & set(frames))
    if unanswered:
        return claim(
            "keepalive-unanswered",
            frames,
            who=who,
            closed=closed,
            sent=sent,
            missed=missed,
            rested=rested,
            unanswered=unanswered,
        )
    # Neither answered nor known to be unanswered: the capture, or the connection, ended too soon to tell.
    return claim("keepalive-cut-off", frames, who=who, closed=closed, answered=answered, missed=missed, rested=rested)


def capture_rested(case: Case, side: Endpoint) -> bool:
    """Whether the capture has no frame of anybody for a time in which a probe of this side was due, so that nobody
    knows whether it came.
    """
    end = case.ending.first.time_ns if case.ending.first else case.span.last_time_ns
    probes = [f for f in case.connection.of(Probe, side=side) if f.time_ns <= end]
    return any(
        case.connection.frame(hole.frame) is not None
        and any(probe.time_ns <= hole.time_ns - hole.length_ns for probe in probes)
        for hole in holes_of(case.connection, case.span)
        if hole.time_ns <= end
    )


def missed_until(case: Case, side: Endpoint, end_ns: int) -> int:
    """How many intervals went by without a probe of this side up to a time: the first of a gap was due by then."""
    return sum(found.intervals for found in case.connection.missed(side) if found.due_at_ns <= end_ns)


def keepalive_trouble(case: Case) -> tuple[Claim, ...]:
    """What went wrong with the keep-alive of either end although the connection survived it."""
    gaps = [tell_gap(case, missed) for missed in case.connection.missed()]
    silences = [_without_answer(case, side) for side in (case.local, case.peer) if case.connection.unanswered(side)]
    return (*gaps, *silences)


def _without_answer(case: Case, side: str) -> Claim:
    unanswered = case.connection.unanswered(side)
    return claim(
        "keepalive-answered-again" if answered_after(case, unanswered[-1]) else "keepalive-without-answer",
        tuple(finding.frame for finding in unanswered),
        who=case.roles.party(side),
        unanswered=len(unanswered),
        frame=FrameNumber(unanswered[-1].frame),
    )


def answered_after(case: Case, unanswered: Unanswered) -> bool:
    """Whether a probe of the same side was answered after this finding."""
    probe = case.connection.frame(unanswered.probe_frame)
    other = None if probe is None else case.connection.other(probe.source)
    return any(answer.frame > unanswered.frame for answer in case.connection.of(Answer, side=other))
