"""The walkthrough: one numbered step for each thing that happened, quiet stretches folded into one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.case import Case
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, FLAG_SYN, Frame
from pyreport.narrative import step_texts
from pyreport.narrative.model import Step, StepKind

# A pause that sets the last exchange of data apart from what went before.
PAUSE_NS = 1 * NS_PER_S
# More groups than this before the end are told in one step: the report is about the end.
MOST_GROUPS_BEFORE = 24


@dataclass(frozen=True, slots=True)
class Group:
    """Frames that one step tells. ``key`` says what they have in common."""

    key: str
    frames: tuple[Frame, ...]


def walk(case: Case) -> tuple[Step, ...]:
    """The steps of the connection, with the log line and the next connection to the same peer at their times."""
    groups = _shorten(list(_groups(case)), case)
    steps = [*_group_steps(case, groups), *_gap_steps(case), *_outside_steps(case)]
    steps.sort(key=lambda step: (step.start_ns, step.first_frame or 0))
    numbered: list[Step] = []
    for step in steps:
        since = step.start_ns - numbered[-1].end_ns if numbered else None
        numbered.append(replace(step, number=len(numbered) + 1, since_previous_ns=since))
    return tuple(numbered)


def _key(frame: Frame, before: str, drew_reset: frozenset[int]) -> str:
    """What a frame is about, in a word; an empty acknowledgment belongs to what it acknowledges."""
    if frame.has(FLAG_RST):
        return "reset"
    if frame.has(FLAG_FIN):
        return f"fin {frame.source}"
    if frame.found("post_fin_write"):
        return "write"
    probe = frame.found("probe")
    if probe is not None:
        after = "post-FIN " if frame.found("post_fin_probe") else ""
        state = "answered" if probe.number("answer_frame") else "unanswered"
        state = "reset" if frame.number in drew_reset else state
        return f"{after}probe {state}"
    if frame.found("answer"):
        return before if before.startswith(("probe", "post-FIN")) else "probe answered"
    if frame.found("fin_ack"):
        return "fin_ack"
    if frame.has(FLAG_SYN):
        return "handshake"
    if frame.length:
        return "data"
    return before if before in ("handshake", "data", "write") else "ack"


def _groups(case: Case) -> Iterator[Group]:
    key, members = "", list[Frame]()
    resets = case.connection.of("post_fin_reset", "reset")
    drew_reset = frozenset(reset.number("cause_frame") or 0 for reset in resets)
    for frame in case.connection.frames:
        this = _key(frame, key, drew_reset)
        if members and this != key:
            yield from _split(Group(key, tuple(members)))
            members = []
        key = this
        members.append(frame)
    if members:
        yield from _split(Group(key, tuple(members)))


def _split(group: Group) -> Iterator[Group]:
    """Set the last exchange of a stretch of data apart, when a pause does; it has payload, not only a late ACK."""
    if group.key == "data":
        last_payload = max(index for index, frame in enumerate(group.frames) if frame.length)
        for index in range(last_payload, 0, -1):
            if group.frames[index].time_ns - group.frames[index - 1].time_ns >= PAUSE_NS:
                yield Group("data", group.frames[:index])
                yield Group("last data", group.frames[index:])
                return
    yield group


def _shorten(groups: list[Group], case: Case) -> list[Group]:
    """Fold what lies far before the end into one group."""
    end = case.ending.first.frame if case.ending.first else case.connection.last.number
    before = [group for group in groups if group.frames[-1].number < end]
    excess = len(before) - MOST_GROUPS_BEFORE
    if excess <= 1:
        return groups
    folded = tuple(frame for group in groups[:excess] for frame in group.frames)
    return [Group("earlier", folded), *groups[excess:]]


def _group_steps(case: Case, groups: Sequence[Group]) -> Iterator[Step]:
    for group in groups:
        kind, text = step_texts.tell(case, group.key, group.frames)
        first, last = group.frames[0], group.frames[-1]
        decisive = kind in (StepKind.FIN, StepKind.RESET, StepKind.WRITE) or group.key in (
            "fin_ack",
            "probe unanswered",
            "post-FIN probe reset",
            "probe reset",
        )
        yield Step(0, kind, text, first.time_ns, last.time_ns, None, first.number, last.number, decisive)


def _gap_steps(case: Case) -> Iterator[Step]:
    """Intervals that went by without a probe: they left no frame, so they stand at the time the first was due."""
    for finding in case.connection.of("missed"):
        due = finding.number("due_at_ns") or finding.time_ns
        end = due + (finding.number("overdue_ns") or 0)
        yield Step(0, StepKind.MISSED, step_texts.tell_missed(case, finding), due, end, None, None, None, True)


def _outside_steps(case: Case) -> Iterator[Step]:
    """What happened elsewhere: the application's log line, the next connection to the same peer."""
    if case.log is not None and case.log_ns is not None:
        yield Step(0, StepKind.LOG, step_texts.tell_log(case), case.log_ns, case.log_ns, None, None, None, True)
    end = case.ending.first
    if end is None:
        return
    later = [
        connection
        for connection in case.index.neighbours_of(case.connection, case.local)
        if connection.syn is not None
        and case.peer in (connection.a, connection.b)
        and connection.syn.source == connection.other(case.peer)
        and connection.syn.time_ns > end.time_ns
    ]
    if later:
        syn = min((c.syn for c in later if c.syn is not None), key=lambda frame: frame.time_ns)
        text = (
            f"{case.roles.title(case.local)} opens a new connection to the same peer, from {syn.source} (TCP stream "
            f"{syn.stream})."
        )
        yield Step(0, StepKind.OTHER, text, syn.time_ns, syn.time_ns, None, syn.number, syn.number)
