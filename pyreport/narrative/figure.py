"""What the timeline figure shows: from the last data to the last thing that happened."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.units import NS_PER_S
from pyreport.connections.close import close_of
from pyreport.connections.ending import counted_from
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_end_ns
from pyreport.diagnosis.evidence.refusals import all_refusals, refusals
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.frames.findings import (
    Answer,
    Fin,
    FinAck,
    Missed,
    PostFinProbe,
    PostFinWrite,
    Probe,
    RetransmissionTimeout,
)
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, FLAG_SYN, Frame
from pyreport.narrative.close_wait import close_wait
from pyreport.narrative.model import LaneEvent, LaneEventKind, Neighbour, SpanKind, Timeline, TimeSpan, Told
from pyreport.narrative.parties import role_and_end

MARGIN = 0.03
#: One more than the figure draws, which says then that there are others.
MOST_NEIGHBOURS = 25


def timeline(case: Case, stalled: Claim | None = None) -> Timeline | None:
    """The figure's data; None when the connection has no extent in time. ``stalled`` says of which frames on an
    application did not read or answer.
    """
    start, end = _range(case)
    if end <= start:
        return None
    since, margin, told = start, int((end - start) * MARGIN), (start, end)
    start, end = start - margin, end + margin
    frames = [f for f in case.connection.frames if start <= f.time_ns <= end]
    events = [event for frame in frames if (event := _event(case, frame)) is not None]
    _name_repeats_once(events)
    _label_first_and_last_probe(events)
    events += _refusals(case, start, end)
    if case.log is not None and case.log_ns is not None:
        logged = claim("figure-logged", error=case.log.error_text)
        events.append(LaneEvent(0, LaneEventKind.LOG, case.log_ns, None, logged))
    names = (role_and_end(case, case.local), role_and_end(case, case.peer))
    return Timeline(
        start,
        end,
        names,
        tuple(events),
        (*_stalled(case, stalled), *_spans(case, start, end)),
        tuple(_neighbours(case, start, end, since)),
        told,
    )


def _range(case: Case) -> tuple[int, int]:
    first = case.ending.first
    at = first.time_ns if first else case.span.last_time_ns
    last_data = case.connection.last_data_before(at)
    start = last_data.time_ns if last_data and at - last_data.time_ns > NS_PER_S else case.connection.first.time_ns
    repeated = [case.connection.frame(found.data_frame) for found in case.connection.of(RetransmissionTimeout)]
    signs = [*(found.time_ns for found in refusals(case)), *(f.time_ns for f in repeated if f is not None)]
    start = min((start, *signs))
    ends = [case.connection.last.time_ns]
    if case.log_ns is not None and case.log_ns > start:
        ends.append(case.log_ns)
    if first is None:
        ends.append(case.span.last_time_ns)
    return start, max(ends)


def _event(case: Case, frame: Frame) -> LaneEvent | None:
    lane = 0 if frame.source == case.local else 1
    kind, label = kind_and_label(case, frame)
    if kind is None and frame.has(FLAG_SYN) and never_opened(case.connection):
        kind, label = LaneEventKind.SYN, claim("figure-syn", frame=FrameNumber(frame.number))
    return None if kind is None else LaneEvent(lane, kind, frame.time_ns, frame.number, label)


def kind_and_label(case: Case, frame: Frame) -> tuple[LaneEventKind | None, Told]:
    """The mark of a frame (None: it has none) and what is written beside it ("" on routine)."""
    number = FrameNumber(frame.number)
    if frame.has(FLAG_RST):
        return LaneEventKind.RESET, claim("figure-reset", frame=number)
    if frame.has(FLAG_FIN):
        return LaneEventKind.FIN, claim("figure-fin", frame=number)
    if frame.found(PostFinWrite):
        return LaneEventKind.WRITE, claim("figure-write", frame=number)
    probe = frame.found(Probe)
    if probe is not None:
        if frame.found(PostFinProbe):
            return LaneEventKind.PROBE, claim("figure-probe-after-fin", frame=number)
        may_be_answered = probe.answer_frame is not None or case.unseen is not None
        return LaneEventKind.PROBE if may_be_answered else LaneEventKind.UNANSWERED, ""
    if frame.found(Answer):
        return LaneEventKind.ANSWER, ""
    if frame.found(FinAck):
        return LaneEventKind.ACK, claim("figure-fin-ack", frame=number)
    return (LaneEventKind.DATA, "") if frame.length else (None, "")


def _refusals(case: Case, start: int, end: int) -> Iterator[LaneEvent]:
    """The ICMP errors of devices; the first of each kind has a label."""
    for group in all_refusals(case):
        for place, found in enumerate(group):
            if start <= found.time_ns <= end:
                lane = 0 if found.sender == case.local else 1
                first = claim("figure-refused", device=found.device, frame=FrameNumber(found.frame))
                yield LaneEvent(lane, LaneEventKind.REFUSED, found.time_ns, found.frame, "" if place else first)


def _name_repeats_once(events: list[LaneEvent]) -> None:
    """A FIN that is sent again, one RST after the other: the first one of a lane and kind has its name, all have their
    mark.
    """
    named: set[tuple[int, LaneEventKind]] = set()
    for index, event in enumerate(events):
        if not event.label:
            continue
        if (event.lane, event.kind) in named:
            events[index] = replace(event, label="")
        named.add((event.lane, event.kind))


def _label_first_and_last_probe(events: list[LaneEvent]) -> None:
    routine = [i for i, event in enumerate(events) if event.kind is LaneEventKind.PROBE and not event.label]
    if routine:
        events[routine[0]] = _labelled(events[routine[0]], "figure-first-probe")
    if len(routine) > 1:
        last_ns = events[routine[-1]].time_ns
        more = any(event.kind is LaneEventKind.UNANSWERED and event.time_ns > last_ns for event in events)
        which = "figure-last-answered-probe" if more else "figure-last-probe"
        events[routine[-1]] = _labelled(events[routine[-1]], which)


def _labelled(event: LaneEvent, identifier: str) -> LaneEvent:
    return replace(event, label=Claim(identifier, values={"frame": FrameNumber(event.frame or 0)}))


def _stalled(case: Case, told: Claim | None) -> Iterator[TimeSpan]:
    frames = [frame for number in told.frames if (frame := case.connection.frame(number))] if told is not None else []
    if frames and told is not None:
        start = frames[0].time_ns
        lasted = told.values.get("lasted") or told.values.get("waited")
        end = start + lasted if isinstance(lasted, Duration) else case.span.last_time_ns
        yield TimeSpan(SpanKind.STALLED, start, end, claim("figure-stalled", lasted=Duration(end - start)))


def _spans(case: Case, start: int, end: int) -> Iterator[TimeSpan]:
    fin, first, kept = case.ending.fin, case.ending.first, close_wait(case)
    if first is not None and case.ending.given_up is None and (data_idle := case.ending.data_idle_ns):
        label = claim("figure-idle", age=Duration(data_idle))
        last = case.connection.frame(counted_from(first) or 0)
        since = last.time_ns if last is not None else first.time_ns - data_idle
        yield TimeSpan(SpanKind.IDLE, max(start, since), since + data_idle, label)
    for timeout in case.connection.of(RetransmissionTimeout):
        sent = case.connection.frame(timeout.data_frame)
        if sent is not None:
            label = claim("figure-unacknowledged", waited=Duration(timeout.waited_ns))
            yield TimeSpan(SpanKind.UNACKNOWLEDGED, sent.time_ns, sent.time_ns + timeout.waited_ns, label)
    for finding in case.connection.of(Missed):
        due, until = finding.due_at_ns, gap_end_ns(finding)
        if until > start and due < end:
            label = claim("figure-missed", count=finding.intervals)
            yield TimeSpan(SpanKind.MISSED, max(start, due), min(end, until), label)
    if fin is not None and kept is not None and kept.kept_ns:
        until = min(end, fin.time_ns + kept.kept_ns)
        label = claim("figure-close-wait", kept=Duration(kept.kept_ns))
        yield TimeSpan(SpanKind.CLOSE_WAIT, fin.time_ns, until, label)


def _neighbours(case: Case, start: int, end: int, since: int) -> Iterator[Neighbour]:
    """Connections of the local host that tell something of the time: they probe, or they were open before ``since`` and
    end in it.
    """
    host = case.local.host
    shown = 0
    for other in case.index.neighbours_of(case.connection, case.local):
        local = other.a if other.a.host == host else other.b
        times = tuple(
            f.time_ns
            for f in other.findings
            if isinstance(f, Probe) and f.source.host == host and start <= f.time_ns <= end
        )
        close = close_of(other)
        is_old = close is not None and other.first.time_ns < since and start <= close.time_ns <= end
        if len(times) < 2 and not is_old:
            continue
        shown += 1
        if shown > MOST_NEIGHBOURS:
            return
        closed = None
        if close is not None and start <= close.time_ns <= end:
            kind = LaneEventKind.FIN if isinstance(close.finding, Fin) else LaneEventKind.RESET
            closed = (kind, close.time_ns)
        yield Neighbour(f"{local} → {other.other(local)}", times, closed)
