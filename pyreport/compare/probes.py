"""Keep-alive probes at both ends: which got lost, which were not answered, which were never sent."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from pyreport.compare.lineup import Lineup
from pyreport.compare.model import ENDS, Fate, Passage
from pyreport.connections.connection import host_of
from pyreport.frames.frame import Finding

#: Alone, a lost probe does not ask whether the host there stood still: a pause delays, and takes more than one.
FEWEST_FOR_A_PAUSE = 2


class Outcome(StrEnum):
    """How a probe went wrong."""

    LOST = "lost"
    ANSWERS_LOST = "answers lost"
    NOT_ANSWERED = "not answered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ProbeRun:
    """Probes of one sender, one after the other, that went wrong in the same way.

    ``ordinals`` counts the probes of that sender from 1. ``is_alive``: the receiving host sent something meanwhile, or
    the run is too short for that to be asked.
    """

    sender: int
    outcome: Outcome
    ordinals: tuple[int, ...]
    passages: tuple[Passage, ...]
    is_alive: bool = True

    @property
    def is_proven(self) -> bool:
        """Whether nothing else is possible for any of them."""
        return all(passage.is_proven for passage in self.passages)


def probe_runs(lineup: Lineup, passages: Sequence[Passage]) -> Iterator[ProbeRun]:
    """The runs of probes with which something was wrong, in order."""
    by_sender = {end: {p.near.number: p for p in passages if p.near is not None and p.sender == end} for end in ENDS}
    for sender in ENDS:
        probes = [p for p in passages if p.sender == sender and _is_probe(p)]
        outcomes = [(_outcome(lineup, p, by_sender[1 - sender]), n, p) for n, p in enumerate(probes, start=1)]
        for outcome, run in groupby(outcomes, key=lambda entry: entry[0]):
            if outcome is not None:
                yield _run(lineup, sender, outcome, [(ordinal, passage) for _, ordinal, passage in run])


def _is_probe(passage: Passage) -> bool:
    return any((packet := passage.at(end)) is not None and packet.frame.found("probe") for end in ENDS)


def _outcome(lineup: Lineup, passage: Passage, replies: dict[int, Passage]) -> Outcome | None:
    """What went wrong with one probe, None when nothing did."""
    if passage.fate is Fate.LOST:
        return Outcome.LOST
    if passage.fate in (Fate.UNKNOWN, Fate.NOT_COVERED):
        found = passage.near.frame.found("probe") if passage.near is not None else None
        return Outcome.UNKNOWN if found is not None and found.number("answer_frame") is None else None
    if passage.far is None:
        return None
    there = lineup.views[passage.receiver].connection
    found = passage.far.frame.found("probe")
    answer = found.number("answer_frame") if found else None
    if answer is not None:
        reply = replies.get(answer)
        return Outcome.ANSWERS_LOST if reply is not None and reply.fate is Fate.LOST else None
    if any(f.number("probe_frame") == passage.far.number for f in there.of("unanswered")):
        return Outcome.NOT_ANSWERED
    return None


def _run(lineup: Lineup, sender: int, outcome: Outcome, run: Sequence[tuple[int, Passage]]) -> ProbeRun:
    passages = tuple(passage for _, passage in run)
    is_alive = (
        outcome is not Outcome.LOST or len(run) < FEWEST_FOR_A_PAUSE or sent_meanwhile(lineup, 1 - sender, passages)
    )
    return ProbeRun(sender, outcome, tuple(ordinal for ordinal, _ in run), passages, is_alive)


def sent_meanwhile(lineup: Lineup, end: int, passages: Sequence[Passage]) -> bool:
    """Whether the host at an end sent anything, on any connection, between the first and the last of the run."""
    way = lineup.way(1 - end)
    if way is None:
        return False
    first, last = (p.packet.time_ns + way.at_departure(p.packet.time_ns).middle_ns for p in (passages[0], passages[-1]))
    view = lineup.views[end]
    times = view.reading.index.sent_by_host.get(host_of(view.endpoints[end]), [])
    return bisect_right(times, last) > bisect_left(times, first)


@dataclass(frozen=True, slots=True)
class MissedInterval:
    """A missed interval in the sender's own capture. ``elsewhere`` are frames of the other capture that are probes of
    that time after all; ``is_covered``: the other capture covers the time.
    """

    finding: Finding
    elsewhere: tuple[int, ...]
    is_covered: bool


def missed_intervals(lineup: Lineup, sender: int) -> Iterator[MissedInterval]:
    """The missed intervals of one sender, in order."""
    way = lineup.way(sender)
    own, other = lineup.views[sender], lineup.views[1 - sender]
    extra = {packet.number for packet in lineup.pairings[sender].far_only}
    for finding in own.connection.missed(own.endpoints[sender]):
        due = finding.number("due_at_ns")
        if way is None or due is None:
            continue
        start = due + way.at_departure(due).closed[0]
        end = finding.time_ns + way.at_departure(finding.time_ns).closed[0]
        probes = other.connection.of("probe", side=other.endpoints[sender])
        elsewhere = tuple(p.frame for p in probes if start <= p.time_ns < end and p.frame in extra)
        yield MissedInterval(finding, elsewhere, other.starts_ns <= start and end <= other.ends_ns)
