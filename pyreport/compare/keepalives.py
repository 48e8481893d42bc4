"""Where keep-alive probes and their answers got lost, and which were not sent at all."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.sentence import capitalized
from pyreport.base.units import count_words
from pyreport.compare.conclusions import END, WAY_FROM, Conclusion, Frames, Kind, Scene, Where, merged
from pyreport.compare.model import ENDS
from pyreport.compare.probes import MissedInterval, Outcome, ProbeRun, missed_intervals, probe_runs
from pyreport.diagnosis.result import Confidence
from pyreport.frames.frame import Level


def keepalives(scene: Scene) -> Iterator[Conclusion]:
    """Runs of probes that went wrong, and missed intervals."""
    for run in probe_runs(scene.lineup, scene.passages):
        yield _run(scene, run)
    for sender in ENDS:
        for missed in missed_intervals(scene.lineup, sender):
            yield _missed(scene, sender, missed)


def _run(scene: Scene, run: ProbeRun) -> Conclusion:
    sender, receiver = scene.names.end(run.sender), scene.names.end(1 - run.sender)
    which, frames, level = _which(run), merged(p.frames() for p in run.passages), _level(scene, run)
    is_one = len(run.passages) == 1
    if run.outcome is Outcome.LOST:
        text = f"{which} left {sender} and did not arrive at {receiver}."
        confidence = Confidence.CONFIRMED if run.is_alive and run.is_proven else Confidence.LIKELY
        doubt = f"The host of {receiver} sent nothing meanwhile: had it stood still, its capture would look the same."
        where = WAY_FROM[run.sender]
        return Conclusion(Kind.LOST, where, level, confidence, text, frames, "" if run.is_alive else doubt)
    if run.outcome is Outcome.ANSWERS_LOST:
        answers = "the answer" if is_one else "the answers"
        text = f"{which} arrived at {receiver}, which answered; {answers} did not arrive at {sender}."
        return Conclusion(Kind.LOST, WAY_FROM[1 - run.sender], level, Confidence.CONFIRMED, text, frames)
    if run.outcome is Outcome.NOT_ANSWERED:
        text = f"{which} arrived at {receiver}, which did not answer {'it' if is_one else 'them'}."
        return Conclusion(Kind.NOT_ANSWERED, END[1 - run.sender], level, Confidence.CONFIRMED, text, frames)
    text = f"Whether {which.lower()} of {sender} arrived at {receiver} cannot be told: {run.passages[0].why}."
    return Conclusion(Kind.UNDETERMINED, Where.UNKNOWN, level, Confidence.UNDETERMINED, text, frames)


def _which(run: ProbeRun) -> str:
    """The probes by their numbers: "Probe 4", "Probes 5 and 6", "Probes 5 to 9"."""
    first, last = run.ordinals[0], run.ordinals[-1]
    if first == last:
        return f"Probe {first}"
    return f"Probes {first} {'and' if last == first + 1 else 'to'} {last}"


def _level(scene: Scene, run: ProbeRun) -> Level:
    """How grave the plugin finds it that these probes have no answer, and what followed from it."""
    levels = [Level.NOTE]
    for end in ENDS:
        own = {packet.number for p in run.passages if (packet := p.at(end)) is not None}
        for finding in scene.lineup.views[end].connection.of("unanswered", "gave_up"):
            first, last = finding.number("first_probe_frame"), finding.number("last_probe_frame")
            if finding.number("probe_frame") in own or (first and last and any(first <= n <= last for n in own)):
                levels.append(finding.level)
    return max(levels)


def _missed(scene: Scene, sender: int, missed: MissedInterval) -> Conclusion:
    names, finding = scene.names, missed.finding
    intervals = finding.number("intervals") or 1
    both = [(finding.frame,), missed.elsewhere]
    frames: Frames = (both[0], both[1]) if sender == 0 else (both[1], both[0])
    if missed.elsewhere:
        text = (
            f"{capitalized(names.capture(sender))} shows {count_words(intervals, 'missed interval')}, but probes of "
            f"that time are in {names.capture(1 - sender)}: the first one lacks frames."
        )
        return Conclusion(Kind.UNDETERMINED, Where.UNKNOWN, finding.level, Confidence.UNDETERMINED, text, frames)
    text = (
        f"{capitalized(names.end(sender))} missed {count_words(intervals, 'interval')}: the probes that were due are "
        f"in neither capture, so they never left {names.end(sender)}."
    )
    confidence = Confidence.CONFIRMED if missed.is_covered else Confidence.LIKELY
    return Conclusion(Kind.NOT_SENT, END[sender], finding.level, confidence, text, frames)
