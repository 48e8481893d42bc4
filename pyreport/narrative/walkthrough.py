"""The walkthrough: one numbered step for each thing that happened, quiet stretches folded into one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.next_hop import silent_hop, tell_silent_hop
from pyreport.diagnosis.evidence.refusals import OF_SIZE, all_refusals, tell_refusal
from pyreport.frames.findings import Missed
from pyreport.frames.frame import Frame
from pyreport.narrative.groups import Group, folded_until, groups_of
from pyreport.narrative.model import Step, StepKind
from pyreport.narrative.step_claims import log_claims, missed_claims, step_claims

#: So many steps are marked as those that decide.
MOST_DECISIVE = 3
_WEIGHTS = {
    StepKind.REFUSED: 1,
    StepKind.SYN: 1,
    StepKind.REPEATS: 2,
    StepKind.WRITE: 3,
    StepKind.RESET: 4,
    StepKind.MISSED: 5,
    StepKind.PROBE: 6,
    StepKind.LOG: 7,
}


def walk(case: Case, deciding: Sequence[Claim] = ()) -> tuple[Step, ...]:
    """The steps of the connection, with the log line and the next connection to the same peer at their times. What the
    verdict rests on first (``deciding``) has a step of its own where no decisive step has its frames.
    """
    groups = groups_of(case)
    gaps = _gap_steps(case, folded_until(groups))
    beside = (*_refused_steps(case), *_silent_hop_step(case), *_outside_steps(case))
    steps = [*_group_steps(case, groups), *gaps, *beside]
    steps.sort(key=_place)
    steps = _most_decisive(steps, case)
    if deciding:
        steps = _with_what_decides(steps, case, deciding[0])
    numbered: list[Step] = []
    for step in steps:
        since = _since(numbered[-1], step) if numbered else None
        numbered.append(replace(step, number=len(numbered) + 1, since_previous_ns=since))
    return tuple(numbered)


def _since(before: Step, step: Step) -> int | None:
    """Nanoseconds from one step to the next; None for one that happens while the step before goes on."""
    if before.first_frame is None:  # a stretch without a frame ends with the frame that ends it
        return step.start_ns - before.start_ns
    shares_a_frame = step.first_frame is not None and step.first_frame == before.last_frame
    since = step.start_ns - before.end_ns
    return None if since < 0 or shares_a_frame else since


def _most_decisive(steps: Sequence[Step], case: Case) -> list[Step]:
    """The steps, of which at most MOST_DECISIVE stay decisive: one of each kind, the kinds by their weight, and of a
    kind the one nearest to the close, or the last one where nothing closed.
    """
    end = case.ending.first
    at = end.time_ns if end is not None else steps[-1].end_ns if steps else 0
    best: dict[int, int] = {}
    for place, step in enumerate(steps):
        weight = _weight(step, end.frame if end is not None else None)
        if step.decisive and weight is not None:
            nearest = best.setdefault(weight, place)
            if _distance(step, at) < _distance(steps[nearest], at):
                best[weight] = place
    kept = {best[weight] for weight in sorted(best)[:MOST_DECISIVE]}
    return [replace(step, decisive=place in kept) for place, step in enumerate(steps)]


def _with_what_decides(steps: list[Step], case: Case, told: Claim) -> list[Step]:
    frames = [frame for number in told.frames if (frame := case.connection.frame(number)) is not None]
    if not frames:  # of the connection: what decides lies beside it, and is a step
        return [replace(step, decisive=step.decisive or step.claims == (told,)) for step in steps]
    if any(step.decisive and _has_one_of(step, frames) for step in steps):
        return steps
    first, last = frames[0], frames[-1]
    kind, start, end = StepKind.OTHER, first.time_ns, last.time_ns
    step = Step(0, kind, (told,), start, end, None, first.number, last.number, decisive=True)
    return sorted((*steps, step), key=_place)


def _place(step: Step) -> tuple[int, int]:
    return step.start_ns, step.first_frame or 0


def _has_one_of(step: Step, frames: Sequence[Frame]) -> bool:
    first, last = step.first_frame or 0, step.last_frame or step.first_frame or 0
    return any(first <= frame.number <= last for frame in frames)


def _weight(step: Step, closing: int | None) -> int | None:
    """How much a decisive step decides, 0 most: the close itself, what a device on the way said, what was sent after
    the close, a probe that did not come or got no answer, the application's own word. None: nothing, as the other end's
    FIN.
    """
    frames = range(step.first_frame or 0, (step.last_frame or step.first_frame or 0) + 1)
    if step.kind in (StepKind.FIN, StepKind.RESET) and closing in frames:
        return 0
    return _WEIGHTS.get(step.kind)


def _distance(step: Step, at_ns: int) -> int:
    return max(step.start_ns - at_ns, at_ns - step.end_ns, 0)


def _group_steps(case: Case, groups: Sequence[Group]) -> Iterator[Step]:
    for group in groups:
        kind, claims = step_claims(case, group)
        first, last = group.frames[0], group.frames[-1]
        yield Step(
            0, kind, claims, first.time_ns, last.time_ns, None, first.number, last.number, decisive=group.is_decisive
        )


def _gap_steps(case: Case, folded_until_ns: int) -> Iterator[Step]:
    """Intervals that went by without a probe: they left no frame, so they stand at the time the first was due. Those of
    the steps that are told as one are counted there.
    """
    for finding in case.connection.of(Missed):
        due = finding.due_at_ns
        if due <= folded_until_ns:
            continue
        end = due + finding.overdue_ns
        yield Step(0, StepKind.MISSED, missed_claims(case, finding), due, end, None, None, None, decisive=True)


def _refused_steps(case: Case) -> Iterator[Step]:
    """What devices say by ICMP of the connection's segments."""
    for group in all_refusals(case):
        first, last = group[0], group[-1]
        claims, is_decisive = (tell_refusal(case, group),), first.reason is not OF_SIZE
        yield Step(
            0,
            StepKind.REFUSED,
            claims,
            first.time_ns,
            last.time_ns,
            None,
            first.frame,
            last.frame,
            decisive=is_decisive,
        )


def _silent_hop_step(case: Case) -> Iterator[Step]:
    """That the next hop did not answer: its requests are no frames of the connection."""
    hop = silent_hop(case)
    if hop is not None:
        first, last = hop.requests[0], hop.requests[-1]
        told, kind = (tell_silent_hop(case, hop),), StepKind.OTHER
        yield Step(0, kind, told, first.time_ns, last.time_ns, None, first.frame, last.frame)


def _outside_steps(case: Case) -> Iterator[Step]:
    """What happened elsewhere: the application's log line, the next connection to the same peer."""
    if case.log is not None and case.log_ns is not None:
        claims = log_claims(case, case.log)
        yield Step(0, StepKind.LOG, claims, case.log_ns, case.log_ns, None, None, None, decisive=True)
    end = case.ending.first
    if end is None:
        return
    later = [
        connection
        for connection in case.index.neighbours_of(case.connection, case.local)
        if connection.outline.syn_from >= 0 and connection.b == case.peer and connection.outline.first_ns > end.time_ns
    ]
    syn = min(later, key=lambda connection: connection.outline.first_ns).syn if later else None
    if syn is not None:
        told = claim("walk-next-connection", who=case.local_party, end=syn.source, stream=str(syn.stream))
        yield Step(0, StepKind.OTHER, (told,), syn.time_ns, syn.time_ns, None, syn.number, syn.number)
