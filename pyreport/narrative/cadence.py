"""The figure of the probes: each gap between two of them, held against the grid of the setting that they show."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pyreport.connections.probe_clock import even_within_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_end_ns
from pyreport.frames.findings import ClosedBeforeDue, Missed, Probe, SettingChanged
from pyreport.narrative.model import Cadence, Gap, Grid
from pyreport.narrative.parties import role_and_end

# Fewer gaps show no grid.
FEWEST_GAPS = 3
# A gap of so many missed intervals is a line of ticks; more would be none that anybody counts.
MOST_MISSED = 200


def cadence(case: Case) -> Cadence | None:
    """The figure of the local end's probes, else of the peer's; None when neither sent enough of them to see a grid."""
    for side in (case.local, case.peer):
        figure = _of_side(case, side)
        if figure is not None:
            return figure
    return None


def _of_side(case: Case, side: str) -> Cadence | None:
    probes = case.connection.of(Probe, side=side)
    gaps = tuple(
        Gap(
            later.time_ns,
            later.time_ns - earlier.time_ns,
            later.frame,
            later.answer_frame is not None or case.unseen is not None,
        )
        for earlier, later in pairwise(probes)
        if later.last_probe_frame == earlier.frame
    )
    if len(gaps) < FEWEST_GAPS:
        return None
    first = case.ending.first
    in_time = next((f for f in case.connection.of(ClosedBeforeDue) if f.by == side), None)
    missed = case.connection.missed(side)
    moments = [probes[0].time_ns, probes[-1].time_ns, *(gap_end_ns(one) for one in missed)]
    if first is not None:
        moments.append(first.time_ns)
    if in_time is not None:
        moments.append(in_time.due_at_ns)
    return Cadence(
        side=role_and_end(case, side),
        start_ns=min(moments),
        end_ns=max(moments),
        gaps=gaps,
        grids=tuple(_grids(case, side, probes, max(moments))),
        missed_ns=tuple(due for one in missed for due in _dues(one)),
        close_ns=first.time_ns if first else None,
        next_due_ns=in_time.due_at_ns if in_time else None,
    )


def _grids(case: Case, side: str, probes: list[Probe], end_ns: int) -> Iterator[Grid]:
    """One stretch for each setting, as the plugin learned it last while it held."""
    changes = [change.time_ns for change in case.connection.of(SettingChanged) if change.by == side]
    edges = [probes[0].time_ns, *changes, end_ns + 1]
    for start, end in pairwise(edges):
        learned = [probe.cadence_ns for probe in probes if start <= probe.time_ns < end and probe.cadence_ns]
        if learned:
            yield Grid(start, min(end, end_ns), learned[-1], even_within_ns(learned[-1]))


def _dues(missed: Missed) -> Iterator[int]:
    """When each of the probes was due that did not come."""
    for index in range(min(missed.intervals, MOST_MISSED)):
        yield missed.due_at_ns + index * missed.interval_ns
