"""Keep-alive probes at both ends: which got lost, which were not answered, which were never sent."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby

from msgspec import Struct

from pyreport.compare.alignment import Alignment
from pyreport.compare.packet import Fate, Packet
from pyreport.compare.thresholds import FEWEST_FOR_A_PAUSE
from pyreport.compare.view import ENDS
from pyreport.frames.findings import Missed, Probe, Unanswered


class ProbeOutcome(StrEnum):
    """How a probe went wrong."""

    LOST = "lost"
    ANSWERS_LOST = "answers_lost"
    NOT_ANSWERED = "not_answered"
    UNKNOWN = "unknown"


class ProbeRun(Struct, frozen=True):
    """Probes of one sender, one after the other, that went wrong in the same way.

    ``ordinals`` counts the probes of that sender from 1. ``is_alive``: the receiving host sent something meanwhile, or
    the run is too short for that to be asked.
    """

    sender: int
    outcome: ProbeOutcome
    ordinals: tuple[int, ...]
    packets: tuple[Packet, ...]
    is_alive: bool = True

    @property
    def is_proven(self) -> bool:
        """Whether nothing else is possible for any of them."""
        return all(packet.is_proven for packet in self.packets)


def probe_runs(alignment: Alignment, packets: Sequence[Packet]) -> Iterator[ProbeRun]:
    """The runs of probes with which something was wrong, in order."""
    by_sender = {end: {p.near.number: p for p in packets if p.near is not None and p.sender == end} for end in ENDS}
    for sender in ENDS:
        probes = [p for p in packets if p.sender == sender and p.found(Probe)]
        outcomes = [(_outcome(alignment, p, by_sender[1 - sender]), n, p) for n, p in enumerate(probes, start=1)]
        for outcome, run in groupby(outcomes, key=lambda entry: entry[0]):
            if outcome is not None:
                yield _run(alignment, sender, outcome, [(ordinal, packet) for _, ordinal, packet in run])


def _outcome(alignment: Alignment, packet: Packet, replies: dict[int, Packet]) -> ProbeOutcome | None:
    """What went wrong with one probe, None when nothing did."""
    if packet.fate is Fate.LOST:
        return ProbeOutcome.LOST
    if packet.fate in (Fate.UNKNOWN, Fate.NOT_COVERED):
        found = packet.near.frame.found(Probe) if packet.near is not None else None
        return ProbeOutcome.UNKNOWN if found is not None and found.answer_frame is None else None
    if packet.far is None:
        return None
    there = alignment.views[packet.receiver].connection
    found = packet.far.frame.found(Probe)
    answer = found.answer_frame if found else None
    if answer is not None:
        reply = replies.get(answer)
        return ProbeOutcome.ANSWERS_LOST if reply is not None and reply.fate is Fate.LOST else None
    if any(f.probe_frame == packet.far.number for f in there.of(Unanswered)):
        return ProbeOutcome.NOT_ANSWERED
    return None


def _run(alignment: Alignment, sender: int, outcome: ProbeOutcome, run: Sequence[tuple[int, Packet]]) -> ProbeRun:
    packets = tuple(packet for _, packet in run)
    is_alive = (
        outcome is not ProbeOutcome.LOST
        or len(run) < FEWEST_FOR_A_PAUSE
        or sent_meanwhile(alignment, 1 - sender, packets)
    )
    return ProbeRun(sender, outcome, tuple(ordinal for ordinal, _ in run), packets, is_alive)


def sent_meanwhile(alignment: Alignment, end: int, packets: Sequence[Packet]) -> bool:
    """Whether the host at an end sent anything, on any connection, between the first and the last of the run."""
    way = alignment.way(1 - end)
    if way is None:
        return False
    first, last = (
        p.captured.time_ns + way.at_departure(p.captured.time_ns).middle_ns for p in (packets[0], packets[-1])
    )
    view = alignment.views[end]
    times = view.reading.index.times_of(view.endpoints[end].host)
    return bisect_right(times, last) > bisect_left(times, first)


class MissedInterval(Struct, frozen=True):
    """A missed interval in the sender's own capture. ``elsewhere`` are frames of the other capture that are probes of
    that time after all; ``is_covered``: the other capture covers the time.
    """

    finding: Missed
    elsewhere: tuple[int, ...]
    is_covered: bool


def missed_intervals(alignment: Alignment, sender: int) -> Iterator[MissedInterval]:
    """The missed intervals of one sender, in order."""
    way = alignment.way(sender)
    own, other = alignment.views[sender], alignment.views[1 - sender]
    extra = {packet.number for packet in alignment.pairings[sender].far_only}
    for finding in own.connection.missed(own.endpoints[sender]):
        due = finding.due_at_ns
        if way is None:
            continue
        start = due + way.at_departure(due).closed[0]
        end = finding.time_ns + way.at_departure(finding.time_ns).closed[0]
        probes = other.connection.of(Probe, side=other.endpoints[sender])
        elsewhere = tuple(p.frame for p in probes if start <= p.time_ns < end and p.frame in extra)
        yield MissedInterval(finding, elsewhere, other.starts_ns <= start and end <= other.ends_ns)
