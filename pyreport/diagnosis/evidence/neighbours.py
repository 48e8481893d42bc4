"""What the other connections of the local host did while something went wrong on one."""

from __future__ import annotations

from msgspec import Struct

from pyreport.base.claim import Claim, claim
from pyreport.base.units import NS_PER_MS
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_end_ns
from pyreport.frames.finding import Finding
from pyreport.frames.findings import Late, Missed, MissedEndedBy, PostFinProbe, Probe

Lapses = tuple[tuple[int, Missed | Late], ...]
Entries = tuple[tuple[int, Finding], ...]


class Neighbours(Struct, frozen=True):
    """What the host's other connections did in a stretch of time: (stream, finding) pairs.

    ``lapses`` are intervals missed or late, ``on_time`` the probes that were neither.
    """

    lapses: Lapses
    on_time: Entries


def neighbours(case: Case, start_ns: int, end_ns: int) -> Neighbours:
    """What the host's other connections did between two times (ns since the epoch)."""
    hosts, host, this = case.index.hosts, case.local.host, case.connection.stream
    lapses = tuple(
        (stream, lapse)
        for stream, lapse in hosts.lapses(host)
        if stream != this and lapse.due_at_ns <= end_ns and gap_end_ns(lapse) >= start_ns
    )
    overdue = {lapse.frame for _, lapse in lapses}
    probes = hosts.probes(host, start_ns, end_ns)
    return Neighbours(lapses, tuple(e for e in probes if e[0] != this and e[1].frame not in overdue))


def probes_at_once(case: Case, lapses: Lapses, end_ns: int, within_ns: int) -> tuple[Finding, ...]:
    """What shows that overdue timers ran out as soon as the host could send again, within so much time: the probes that
    ended gaps, and where the peer's close had ended a gap meanwhile, the first frame of the host on that connection
    when it is a probe.
    """
    found: dict[int, Finding] = {}
    for stream, lapse in lapses:
        if ended_by_probe(lapse):
            probe: Finding | None = lapse
        else:
            frames = case.index.connections[stream].frames
            first = next((f for f in frames if f.source.host == case.local.host and f.time_ns >= end_ns), None)
            probe = None if first is None else first.found(PostFinProbe) or first.found(Probe)
        if probe is not None and abs(probe.time_ns - end_ns) <= within_ns:
            found[stream] = probe
    return tuple(found.values())


def kept_their_grid(missed: Missed, lapses: Lapses) -> list[Missed | Late]:
    """The gaps, of this connection and of the others, after which the probes came at the times at which they would
    have come without the gap; empty when most did not. Then the host's timers had run on all the time.
    """
    resumed = [finding for finding in (missed, *(lapse for _, lapse in lapses)) if ended_by_probe(finding)]
    kept = [finding for finding in resumed if _is_on_grid(finding)]
    return kept if 2 * len(kept) > len(resumed) else []


def ended_by_probe(lapse: Missed | Late) -> bool:
    """Whether the side's own probe ended the gap."""
    return isinstance(lapse, Late) or lapse.ended_by is MissedEndedBy.PROBE


def _is_on_grid(missed: Missed | Late) -> bool:
    """Whether the gap is a whole number of intervals long (to 1 % of one and 20 ms, for the timer's rounding)."""
    if isinstance(missed, Late) or missed.gap_ns is None:
        return False
    interval = missed.interval_ns
    beside = missed.gap_ns % interval
    return min(beside, interval - beside) <= interval // 100 + 20 * NS_PER_MS


def others(entries: Entries) -> int:
    """How many connections the entries are of."""
    return len({stream for stream, _ in entries})


def frames_of(entries: Entries) -> tuple[int, ...]:
    """The frames of the entries, in order."""
    return tuple(sorted({finding.frame for _, finding in entries}))


def came_back_on_time(case: Case, lapses: Entries) -> Claim:
    """That other connections lack probes at the same time, and that their timers ran on."""
    return claim("neighbours-came-back-on-time", frames_of(lapses), local=case.local_party, others=others(lapses))
