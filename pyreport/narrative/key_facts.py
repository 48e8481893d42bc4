"""The box of key facts, and what was learned of each side's keep-alive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo

from pyreport.base.sentence import capitalized
from pyreport.base.units import count_words, format_clock, format_duration, format_moment
from pyreport.connections.connection import SideKeepalive, describe_endpoint
from pyreport.connections.probe_clock import probe_clock
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.periodic import periodic_of
from pyreport.frames.frame import FLAG_RST, Finding
from pyreport.narrative.clock_words import tell_clock
from pyreport.narrative.log_facts import log_facts
from pyreport.narrative.model import Fact, KeepaliveRow

NOT_SEEN = "not in this capture"


def key_facts(case: Case, zone: tzinfo) -> tuple[Fact, ...]:
    """Who, when, who closed, how long it had been idle, what the probes did."""
    return tuple(_facts(case, zone))


def _facts(case: Case, zone: tzinfo) -> Iterator[Fact]:
    roles, ending = case.roles, case.ending
    yield Fact(
        _role(case, case.local),
        describe_endpoint(case.local),
        f"the local end: {roles.why_local}" if roles.why_local else "the local end",
    )
    yield Fact(_role(case, case.peer), describe_endpoint(case.peer), "the peer")
    first = ending.first
    if first is None:
        resets = tuple(frame.number for frame in case.connection.frames if frame.has(FLAG_RST))
        note = "an RST was captured, but none that ended an open connection" if resets else "no FIN and no RST"
        yield Fact("Closed by", NOT_SEEN, note, resets[:3])
    else:
        how = "with a FIN" if first.id == "fin" else "with an RST"
        label = "Closed by" if case.doubt else "Closed first by"
        note = f"{first.source}; whether it was first cannot be told: {case.doubt}" if case.doubt else first.source
        yield Fact(label, f"{roles.name(first.source)}, {how}", note, (first.frame,))
        yield Fact("Closed at", format_moment(first.time_ns, zone), format_moment(first.time_ns, UTC), (first.frame,))
        yield from _ages(first)
    if case.close_wait_ns is not None:
        until = "its own FIN" if ending.answering_fin else "the RST" if ending.dead else "the capture's end"
        yield Fact(
            "Kept by the local end after the FIN",
            format_duration(case.close_wait_ns),
            f"state CLOSE-WAIT, until {until}",
        )
    if ending.dead is not None and ending.post_fin_reset is not None:
        reset = ending.post_fin_reset
        cause = reset.number("cause_frame")
        frames = (cause, reset.frame) if cause else (reset.frame,)
        yield Fact(
            "Socket dead at",
            format_moment(reset.time_ns, zone),
            f"the RST that answers a {reset.text('cause_kind')}",
            frames,
        )
    yield from _periodic_fact(case, zone)
    yield _probe_fact(case)
    if case.log is not None and case.log_ns is not None:
        note = f"{format_duration(case.log_ns - first.time_ns)} after the close" if first else ""
        yield Fact("Error logged at", format_moment(case.log_ns, zone, 3), note)
    yield from log_facts(case)


def _periodic_fact(case: Case, zone: tzinfo) -> Iterator[Fact]:
    rule = periodic_of(case.index, case.connection)
    if rule is not None:
        first, last = (format_clock(close.time_ns, zone, 0) for close in (rule.closes[0], rule.closes[-1]))
        age = format_duration(rule.age_ns)
        text = f"{len(rule.closes)} connections between these two ended at {age} of silence"
        yield Fact("Again and again", text, f"between {first} and {last}", rule.frames)


def _role(case: Case, endpoint: str) -> str:
    word = case.roles.names[endpoint]
    return f"Side {word}" if len(word) == 1 else word.capitalize()


def _ages(first: Finding) -> Iterator[Fact]:
    data_idle, packet_idle = first.number("data_idle_ns"), first.number("packet_idle_ns")
    last_data = first.number("last_data_frame")
    if data_idle is None:
        yield Fact("Data idle at the close", NOT_SEEN, "no payload of this connection was captured")
    else:
        frames = (last_data, first.frame) if last_data else (first.frame,)
        yield Fact("Data idle at the close", format_duration(data_idle), "since the last payload byte", frames)
    if packet_idle is not None:
        yield Fact("Packet idle at the close", format_duration(packet_idle), "since the last segment of any kind")


def _probe_fact(case: Case) -> Fact:
    end = case.ending.first.time_ns if case.ending.first else case.span.last_time_ns
    probes = [f for f in case.connection.of("probe", side=case.local) if f.time_ns <= end]
    label = "Local probes before the close" if case.ending.first else "Local probes"
    if not probes:
        return Fact(label, "none", "the local end sent no keep-alive probe on this connection in that time")
    answered = sum(1 for probe in probes if probe.number("answer_frame"))
    missed = sum(f.number("intervals") or 0 for f in case.connection.missed(case.local))
    value = f"{len(probes)} sent, {answered} answered; intervals missed: {missed}"
    return Fact(label, value, "", tuple(f.frame for f in probes))


def keepalive_rows(case: Case) -> tuple[KeepaliveRow, ...]:
    """One row a side."""
    return tuple(_row(case, side, case.connection.keepalive(side)) for side in (case.local, case.peer))


def _row(case: Case, side: str, learned: SideKeepalive) -> KeepaliveRow:
    return KeepaliveRow(
        side=f"{_role(case, side)} {side}",
        idle_ns=learned.idle_ns,
        cadence_ns=learned.cadence_ns,
        probes=learned.probes,
        answered=learned.answered,
        unanswered=learned.unanswered,
        missed=learned.missed,
        remark=_remark(learned, _drew_reset(case, side), tell_clock(probe_clock(case.connection, side))),
    )


def _drew_reset(case: Case, side: str) -> int:
    """How many probes of the side were answered with an RST."""
    causes = {reset.number("cause_frame") for reset in case.connection.of("post_fin_reset", "reset")}
    return sum(1 for probe in case.connection.of("probe", side=side) if probe.frame in causes)


def _remark(learned: SideKeepalive, drew_reset: int, clock: str) -> str:
    if learned.probes == 0:
        return "Sent no probe in this capture: keep-alive is off, or its idle time is longer than any silence here."
    remarks = []
    if drew_reset:
        remarks.append(f"{capitalized(count_words(drew_reset, 'probe'))} drew an RST.")
    untold = learned.probes - learned.answered - learned.unanswered - drew_reset
    if untold > 0:
        remarks.append(f"Whether {count_words(untold, 'probe')} got an answer, the capture does not tell.")
    if learned.interval_ns is None:
        remarks.append(
            "The interval of unanswered probes cannot be learned here: no two probes in a row went unanswered."
        )
    else:
        remarks.append(f"Unanswered probes follow every {format_duration(learned.interval_ns)}.")
    if clock:
        remarks.append(clock)
    return " ".join(remarks)
