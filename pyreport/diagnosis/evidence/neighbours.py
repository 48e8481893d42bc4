"""What the other connections of the local host did while something went wrong on one."""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.base.units import NS_PER_MS
from pyreport.connections.connection import host_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_end_ns
from pyreport.frames.frame import Finding

Entries = tuple[tuple[int, Finding], ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the host's other connections did in a stretch of time: (stream, finding) pairs.

    ``lapses`` are intervals missed or late, ``on_time`` the probes that were neither.
    """

    lapses: Entries
    on_time: Entries


def neighbours(case: Case, start_ns: int, end_ns: int) -> Neighbours:
    """What the host's other connections did between two times (ns since the epoch)."""
    host = host_of(case.local)
    lapses: list[tuple[int, Finding]] = []
    probes: list[tuple[int, Finding]] = []
    for other in case.index.neighbours_of(case.connection, case.local):
        for finding in other.findings:
            by = finding.text("by") if finding.id == "missed" else finding.source
            if host_of(by) != host:
                continue
            if finding.id in ("missed", "late"):
                due = finding.number("due_at_ns") or finding.time_ns
                if due <= end_ns and gap_end_ns(finding) >= start_ns:
                    lapses.append((other.stream, finding))
            elif finding.id == "probe" and start_ns <= finding.time_ns <= end_ns:
                probes.append((other.stream, finding))
    overdue = {finding.frame for _, finding in lapses}
    return Neighbours(tuple(lapses), tuple(entry for entry in probes if entry[1].frame not in overdue))


def kept_their_grid(missed: Finding, lapses: Entries) -> list[Finding]:
    """The gaps, of this connection and of the others, after which the probes came at the times at which they would
    have come without the gap; empty when most did not. Then the host's timers had run on all the time.
    """
    resumed = [finding for finding in (missed, *(lapse for _, lapse in lapses)) if ended_by_probe(finding)]
    kept = [finding for finding in resumed if _is_on_grid(finding)]
    return kept if 2 * len(kept) > len(resumed) else []


def ended_by_probe(lapse: Finding) -> bool:
    """Whether the side's own probe ended the gap."""
    return lapse.id == "late" or lapse.text("ended_by") == "probe"


def _is_on_grid(missed: Finding) -> bool:
    """Whether the gap is a whole number of intervals long (to 1 % of one and 20 ms, for the timer's rounding)."""
    gap, interval = missed.number("gap_ns"), missed.number("interval_ns")
    if not gap or not interval:
        return False
    beside = gap % interval
    return min(beside, interval - beside) <= interval // 100 + 20 * NS_PER_MS


def others(entries: Entries) -> str:
    """How many connections the entries are of: "14 other connections"."""
    count = len({stream for stream, _ in entries})
    return "1 other connection" if count == 1 else f"{count} other connections"


def frames_of(entries: Entries) -> tuple[int, ...]:
    """The frames of the entries, in order."""
    return tuple(sorted({finding.frame for _, finding in entries}))
