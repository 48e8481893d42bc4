"""Where keep-alive probes and their answers got lost, and which were not sent at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.base.claim import claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.conclusion import END, WAY_FROM, Conclusion, ConclusionKind, Where
from pyreport.compare.packet import Frames, Packet, merged
from pyreport.compare.probes import MissedInterval, ProbeOutcome, ProbeRun, missed_intervals, probe_runs
from pyreport.compare.view import ENDS
from pyreport.diagnosis.result import Confidence
from pyreport.frames.finding import Level
from pyreport.frames.findings import GaveUp, Unanswered


def keepalives(alignment: Alignment, packets: Sequence[Packet]) -> Iterator[Conclusion]:
    """Runs of probes that went wrong, and missed intervals."""
    for run in probe_runs(alignment, packets):
        yield _run(alignment, run)
    for sender in ENDS:
        for missed in missed_intervals(alignment, sender):
            yield _missed(alignment, sender, missed)


def _run(alignment: Alignment, run: ProbeRun) -> Conclusion:
    who, whom = alignment.parties[run.sender], alignment.parties[1 - run.sender]
    count, first, last = len(run.ordinals), run.ordinals[0], run.ordinals[-1]
    frames, level = merged(p.frames for p in run.packets), _level(alignment, run)
    if run.outcome is ProbeOutcome.LOST:
        told = claim("probes-lost", count=count, first=first, last=last, who=who, whom=whom)
        confidence = Confidence.CONFIRMED if run.is_alive and run.is_proven else Confidence.LIKELY
        doubt = None if run.is_alive else claim("host-may-have-stood-still", who=whom)
        return Conclusion(ConclusionKind.LOST, WAY_FROM[run.sender], level, confidence, (told,), frames, doubt)
    if run.outcome is ProbeOutcome.ANSWERS_LOST:
        told = claim("answers-lost", count=count, first=first, last=last, who=who, whom=whom)
        where = WAY_FROM[1 - run.sender]
        return Conclusion(ConclusionKind.LOST, where, level, Confidence.CONFIRMED, (told,), frames)
    if run.outcome is ProbeOutcome.NOT_ANSWERED:
        told = claim("probes-not-answered", count=count, first=first, last=last, whom=whom)
        where = END[1 - run.sender]
        return Conclusion(ConclusionKind.NOT_ANSWERED, where, level, Confidence.CONFIRMED, (told,), frames)
    told = claim("probes-arrival-unknown", count=count, first=first, last=last, who=who, whom=whom)
    claims = (told, *run.packets[0].why)
    return Conclusion(ConclusionKind.UNDETERMINED, Where.UNKNOWN, level, Confidence.UNDETERMINED, claims, frames)


def _level(alignment: Alignment, run: ProbeRun) -> Level:
    """How grave the plugin finds it that these probes have no answer, and what followed from it."""
    levels = [Level.NOTE]
    for end in ENDS:
        own = {captured.number for p in run.packets if (captured := p.at(end)) is not None}
        connection = alignment.views[end].connection
        levels += [finding.level for finding in connection.of(Unanswered) if finding.probe_frame in own]
        for finding in connection.of(GaveUp):
            if any(finding.first_probe_frame <= number <= finding.last_probe_frame for number in own):
                levels.append(finding.level)
    return max(levels)


def _missed(alignment: Alignment, sender: int, missed: MissedInterval) -> Conclusion:
    who, finding = alignment.parties[sender], missed.finding
    intervals = finding.intervals
    both = [(finding.frame,), missed.elsewhere]
    frames: Frames = (both[0], both[1]) if sender == 0 else (both[1], both[0])
    level = finding.level
    if missed.elsewhere:
        told = claim("missed-probes-are-elsewhere", who=who, whom=alignment.parties[1 - sender], count=intervals)
        confidence = Confidence.UNDETERMINED
        return Conclusion(ConclusionKind.UNDETERMINED, Where.UNKNOWN, level, confidence, (told,), frames)
    told = claim("missed-probes-never-left", who=who, count=intervals)
    confidence = Confidence.CONFIRMED if missed.is_covered else Confidence.LIKELY
    return Conclusion(ConclusionKind.NOT_SENT, END[sender], level, confidence, (told,), frames)
