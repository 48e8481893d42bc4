"""The peer's application, or a proxy in its place, closed a connection that had been idle for its limit."""

from __future__ import annotations

from pyreport.diagnosis.model import IDLE_FROM_NS, Case, Explanation, Status
from pyreport.sentence import Sentence
from pyreport.units import format_duration

ID = "peer_idle_close"
TITLE = "The peer closed a connection that had carried no data for its idle limit"


def explain(case: Case) -> Explanation:
    """An orderly FIN of the peer after a silence of data. Keep-alives do not refresh such a limit: it counts what the
    application reads and writes (Kafka's Selector, HAProxy, nginx, Envoy).
    """
    fin = case.ending.fin
    if fin is None or not case.peer_closed_first:
        what = "no FIN of the peer is in this capture" if fin is None else f"{case.local_name} closed first"
        return _result(
            Status.RULED_OUT, Sentence(f"An idle limit of the peer ends with its FIN, and {what}.", _frames(fin))
        )
    if case.used_half_close:
        text = "The peer sent its FIN and went on taking data: it closed one direction only, which no idle limit does."
        return _result(Status.RULED_OUT, Sentence(text, (fin.frame,)))
    data_idle = fin.number("data_idle_ns")
    if data_idle is None:
        return _result(
            Status.POSSIBLE,
            Sentence(
                "The peer closed with a FIN; the capture shows no data before it, so its idle time is unknown.",
                (fin.frame,),
            ),
        )
    last_data = fin.number("last_data_frame")
    frames = (last_data, fin.frame) if last_data else (fin.frame,)
    if data_idle < IDLE_FROM_NS:
        return _result(
            Status.NO_EVIDENCE,
            Sentence(
                f"The peer closed only {format_duration(data_idle)} after the last data: that is the end of an "
                "exchange, not of a silence.",
                frames,
            ),
        )
    evidence = [
        Sentence(
            f"{case.roles.title(case.peer)} closed in order, with a FIN, {format_duration(data_idle)} after the last "
            "payload.",
            frames,
        )
    ]
    answered = case.connection.of("answer", side=case.peer)
    before = [f.frame for f in answered if f.time_ns < fin.time_ns]
    if before:
        evidence.append(
            Sentence(
                "Its kernel answered keep-alive probes until then. Probes carry no data, so they do not refresh an "
                "application's idle limit.",
                tuple(before),
            )
        )
    evidence += _same_age_elsewhere(case, data_idle)
    return _result(Status.SUPPORTED, *evidence)


def _same_age_elsewhere(case: Case, data_idle: int) -> list[Sentence]:
    """Other connections to the same peer that it closed at the same age of data (within 1 %, at least 0.5 s)."""
    tolerance = max(data_idle // 100, 500_000_000)
    frames = []
    for other in case.index.neighbours_of(case.connection, case.peer):
        fin = other.first_of("fin")
        if fin is None or case.peer not in (other.a, other.b) or fin.source != case.peer:
            continue
        age = fin.number("data_idle_ns")
        if age is not None and abs(age - data_idle) <= tolerance:
            frames.append(fin.frame)
    if not frames:
        return []
    plural = "s" if len(frames) > 1 else ""
    return [Sentence(f"It closed {len(frames)} other connection{plural} at the same age of data.", tuple(frames))]


def _frames(fin: object) -> tuple[int, ...]:
    frame = getattr(fin, "frame", None)
    return (frame,) if isinstance(frame, int) else ()


def _result(status: Status, *evidence: Sentence) -> Explanation:
    refute = (
        "The peer's log names another reason for closing this connection, or none of its idle limits has this length."
    )
    return Explanation(ID, TITLE, status, evidence, refute)
