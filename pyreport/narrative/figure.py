"""What the timeline figure shows: from the last data to the last thing that happened."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.units import NS_PER_S, format_duration
from pyreport.connections.connection import host_of
from pyreport.diagnosis.case import Case
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, Frame
from pyreport.narrative.model import LaneEvent, LaneEventKind, Neighbour, Timeline, TimeSpan

MARGIN = 0.03
MOST_NEIGHBOURS = 24


def timeline(case: Case) -> Timeline | None:
    """The figure's data; None when the connection has no extent in time."""
    start, end = _range(case)
    if end <= start:
        return None
    margin = int((end - start) * MARGIN)
    start, end = start - margin, end + margin
    frames = [f for f in case.connection.frames if start <= f.time_ns <= end]
    events = [event for frame in frames if (event := _event(case, frame)) is not None]
    _label_first_and_last_probe(events)
    if case.log is not None and case.log_ns is not None:
        events.append(LaneEvent(0, LaneEventKind.LOG, case.log_ns, None, f"logged: {case.log.error_text}"))
    names = (f"{case.local_name} {case.local}", f"{case.peer_name} {case.peer}")
    names = (names[0].removeprefix("the "), names[1].removeprefix("the "))
    return Timeline(
        start, end, names, tuple(events), tuple(_spans(case, start, end)), tuple(_neighbours(case, start, end))
    )


def _range(case: Case) -> tuple[int, int]:
    first = case.ending.first
    at = first.time_ns if first else case.span.last_time_ns
    last_data = case.connection.last_data_before(at)
    start = last_data.time_ns if last_data and at - last_data.time_ns > NS_PER_S else case.connection.first.time_ns
    ends = [case.connection.last.time_ns]
    if case.log_ns is not None and case.log_ns > start:
        ends.append(case.log_ns)
    if first is None:
        ends.append(case.span.last_time_ns)
    return start, max(ends)


def _event(case: Case, frame: Frame) -> LaneEvent | None:
    lane = 0 if frame.source == case.local else 1
    kind, label = _kind_and_label(frame)
    return None if kind is None else LaneEvent(lane, kind, frame.time_ns, frame.number, label)


def _kind_and_label(frame: Frame) -> tuple[LaneEventKind | None, str]:
    if frame.has(FLAG_RST):
        return LaneEventKind.RESET, f"RST, frame {frame.number}"
    if frame.has(FLAG_FIN):
        return LaneEventKind.FIN, f"FIN, frame {frame.number}"
    if frame.found("post_fin_write"):
        return LaneEventKind.WRITE, f"write, frame {frame.number}"
    probe = frame.found("probe")
    if probe is not None:
        if frame.found("post_fin_probe"):
            return LaneEventKind.PROBE, f"probe after the FIN, frame {frame.number}"
        kind = LaneEventKind.PROBE if probe.number("answer_frame") else LaneEventKind.UNANSWERED
        return kind, ""
    if frame.found("answer"):
        return LaneEventKind.ANSWER, ""
    if frame.found("fin_ack"):
        return LaneEventKind.ACK, f"ACK of the FIN, frame {frame.number}"
    return (LaneEventKind.DATA, "") if frame.length else (None, "")


def _label_first_and_last_probe(events: list[LaneEvent]) -> None:
    routine = [i for i, event in enumerate(events) if event.kind is LaneEventKind.PROBE and not event.label]
    for word, index in {"first probe": routine[:1], "last probe": routine[1:][-1:]}.items():
        for i in index:
            event = events[i]
            events[i] = LaneEvent(event.lane, event.kind, event.time_ns, event.frame, f"{word}, frame {event.frame}")


def _spans(case: Case, start: int, end: int) -> Iterator[TimeSpan]:
    fin = case.ending.fin
    first = case.ending.first
    if first is not None and (data_idle := first.number("data_idle_ns")):
        yield TimeSpan(
            "idle", max(start, first.time_ns - data_idle), first.time_ns, f"{format_duration(data_idle)} without data"
        )
    for finding in case.connection.of("missed"):
        due = finding.number("due_at_ns") or finding.time_ns
        until = due + (finding.number("overdue_ns") or 0)
        if until > start and due < end:
            count = finding.number("intervals") or 0
            yield TimeSpan("missed", max(start, due), min(end, until), f"{count} missed")
    if fin is not None and case.close_wait_ns and case.peer_closed_first:
        until = min(end, fin.time_ns + case.close_wait_ns)
        yield TimeSpan("close_wait", fin.time_ns, until, f"CLOSE-WAIT {format_duration(case.close_wait_ns)}")


def _neighbours(case: Case, start: int, end: int) -> Iterator[Neighbour]:
    host = host_of(case.local)
    shown = 0
    for other in case.index.neighbours_of(case.connection, case.local):
        times = tuple(
            f.time_ns
            for f in other.findings
            if f.id == "probe" and host_of(f.source) == host and start <= f.time_ns <= end
        )
        if len(times) < 2:
            continue
        shown += 1
        if shown > MOST_NEIGHBOURS:
            return
        local = other.a if host_of(other.a) == host else other.b
        yield Neighbour(f"{local} → {other.other(local)}", times)
