"""The box of key facts, and what was learned of each side's keep-alive."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, Duration, Moment, Value, claim
from pyreport.base.endpoint import Endpoint
from pyreport.base.units import is_days
from pyreport.connections.connection import SideKeepalive
from pyreport.connections.ending import Close, counted_from, said_nothing
from pyreport.connections.probe_clock import probe_clock
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.crossing import crossed_fins
from pyreport.diagnosis.evidence.keepalive import capture_rested, missed_until
from pyreport.diagnosis.evidence.never_came import unheard_before_close
from pyreport.diagnosis.evidence.periodic import periodic_of
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.diagnosis.evidence.setting import setting_changes
from pyreport.diagnosis.explanations.keepalive_gave_up import unseen_before_reset
from pyreport.diagnosis.explanations.middlebox_close import only_in_its_name
from pyreport.diagnosis.thresholds import LATE_NS
from pyreport.frames.findings import Fin, GaveUp, Probe, Reset, ResetFollowed, Unanswered
from pyreport.frames.frame import FLAG_RST, Frame
from pyreport.knowledge.services import service_name
from pyreport.logs.model import LogError
from pyreport.narrative.clock_claims import clock_claims
from pyreport.narrative.close_wait import close_wait
from pyreport.narrative.log_facts import log_facts
from pyreport.narrative.model import Fact, KeepaliveRow
from pyreport.narrative.parties import role, role_and_end


def key_facts(case: Case) -> tuple[Fact, ...]:
    """Who, when, who closed, how long it had been idle, what the probes did."""
    return tuple(_facts(case))


def _facts(case: Case) -> Iterator[Fact]:
    why = case.roles.why_local
    local_note = claim("fact-local-end-because", why=why) if why else claim("fact-local-end")
    yield Fact(role(case, case.local), _end(case.local), local_note)
    yield Fact(role(case, case.peer), _end(case.peer), claim("fact-peer"))
    first, dropped = case.ending.first, case.ending.dead
    if first is not None:
        yield from _close(case, first)
    elif dropped is not None:
        yield _dropped(case, dropped)
    elif not never_opened(case.connection):
        yield _no_close(case)
    yield from _after_the_fin(case)
    yield from _periodic_fact(case)
    if not never_opened(case.connection):
        yield _probe_fact(case)
    yield from _setting_facts(case)
    if case.log is not None and case.log_ns is not None:
        told = "" if first is None else _logged_from_close(case.log, case.log_ns - first.time_ns)
        yield Fact(claim("fact-logged-at"), claim("fact-logged-time", time=Moment(case.log_ns)), told)
    yield from log_facts(case)


def _end(endpoint: Endpoint) -> Value:
    """An end with the service of its port, where it has one."""
    name = service_name(endpoint)
    return claim("end-with-service", end=endpoint, service=name) if name else endpoint


def _logged_from_close(log: LogError, after_ns: int) -> Claim:
    """How long after the close, or before it, a line was written. A stamp stands for all of its last digit."""
    step_ns = log.stamp.resolution_ns if log.stamp is not None else 0
    if after_ns > 0:
        return claim("fact-logged-after-the-close", after=Duration(after_ns))
    if after_ns + max(step_ns, 1) > 0:
        return claim("fact-logged-at-the-close", step=Duration(step_ns))
    return claim("fact-logged-before-the-close", before=Duration(-after_ns))


def _no_close(case: Case) -> Fact:
    resets = tuple(frame.number for frame in case.connection.frames if frame.has(FLAG_RST))
    note = claim("fact-reset-ended-nothing") if resets else claim("fact-no-fin-and-no-rst")
    return Fact(claim("fact-closed-by"), claim("not-in-this-capture"), note, resets[:3])


def _dropped(case: Case, reset: Frame) -> Fact:
    who = claim("fact-closer", who=case.roles.party(reset.source), how="reset")
    return Fact(claim("fact-closed-first-by"), who, reset.source, (reset.number,))


def _close(case: Case, first: Close) -> Iterator[Fact]:
    frames = (first.frame,)
    how = "fin" if isinstance(first, Fin) else "reset"
    told = "fact-closer-by-name" if only_in_its_name(case) else "fact-closer"
    who = claim(told, who=case.roles.party(first.source), how=how)
    if case.doubt:
        note = claim("fact-closer-in-doubt", end=first.source, doubt=case.doubt)
        yield Fact(claim("fact-closed-by"), who, note, frames)
    elif (crossed := crossed_fins(case)) is not None:
        yield Fact(claim("fact-closed-by"), claim("fact-closers-both"), claim("fact-fins-crossed"), crossed.frames)
    else:
        yield Fact(claim("fact-closed-first-by"), who, first.source, frames)
    time = Moment(first.time_ns)
    yield Fact(claim("fact-closed-at"), claim("time-and-date", time=time), claim("time-in-utc", time=time), frames)
    data_idle, packet_idle = case.ending.data_idle_ns, case.ending.packet_idle_ns
    given_up = case.ending.given_up
    if given_up is not None and given_up.delay_ns is not None:
        sent = (given_up.cause_frame or given_up.frame, given_up.frame)
        yield Fact(claim("fact-unacknowledged"), Duration(given_up.delay_ns), claim("fact-since-first-sent"), sent)
    elif data_idle is None:
        yield Fact(claim("fact-data-idle"), claim("not-in-this-capture"), claim("fact-no-payload"))
    else:
        age = close_age(case)
        label, note = claim("fact-data-idle"), claim("fact-since-the-last-data")
        since = _aged(case, first, data_idle)
        if said_nothing(first) is not None:
            note = claim("fact-since-the-handshake")
        if isinstance(first, Reset) and first.followed is ResetFollowed.DATA and data_idle != first.data_idle_ns:
            label, note = claim("fact-data-idle-refused"), claim("fact-up-to-what-drew-the-reset")
        note = unheard_before_close(case) or note
        if age is not None and age.closer_ns is not None:
            data_idle, note = age.ns, claim("fact-by-the-closers-clock", capture=Duration(age.capture_ns))
        if is_days(data_idle):
            note = claim("fact-exactly", note=note, age=Duration(data_idle))
        yield Fact(label, Duration(data_idle), note, since)
    if packet_idle is not None and _is_another_silence(packet_idle, data_idle):
        yield Fact(claim("fact-packet-idle"), Duration(packet_idle), claim("fact-since-the-last-segment"))


def _is_another_silence(packet_idle: int, data_idle: int | None) -> bool:
    """Whether the time without any segment says something of its own beside the age of the last data: keep-alive went
    on in between. What came in the flight of the close, as a farewell and its ACK, broke no silence; and the ACK of the
    last data began none.
    """
    return data_idle is None or LATE_NS <= packet_idle < data_idle - LATE_NS


def _aged(case: Case, close: Close, age_ns: int) -> tuple[int, ...]:
    """The frames between which an age passed: where it is counted from, and the close or the data that drew it. The
    close alone where the capture does not tell.
    """
    counted, last = counted_from(close), case.connection.last_data_before(close.time_ns)
    if last is not None and (isinstance(close, GaveUp) or (counted is None and close.time_ns - last.time_ns == age_ns)):
        counted = last.number
    start = None if counted is None else case.connection.frame(counted)
    if start is None:
        return (close.frame,)
    ends = (f.number for f in case.connection.frames if f.number > start.number and f.time_ns - start.time_ns == age_ns)
    return (start.number, next(ends, close.frame))


def _after_the_fin(case: Case) -> Iterator[Fact]:
    kept, reset = close_wait(case), case.ending.post_fin_reset
    if kept is not None:
        note = claim("fact-kept-until", until=kept.until)
        yield Fact(claim("fact-kept", who=kept.who), Duration(kept.kept_ns), note)
    if case.ending.dead is not None and reset is not None:
        cause = reset.cause_frame
        note = claim("fact-dead-by", kind=reset.cause_kind)
        yield Fact(
            claim("fact-dead-at"), claim("time-and-date", time=Moment(reset.time_ns)), note, (cause, reset.frame)
        )


def _periodic_fact(case: Case) -> Iterator[Fact]:
    rule = periodic_of(case.index, case.connection)
    if rule is not None:
        first, last = Moment(rule.closes[0].time_ns), Moment(rule.closes[-1].time_ns)
        value = claim("fact-periodic-closes", count=len(rule.closes), age=Duration(rule.age_ns))
        yield Fact(claim("fact-periodic"), value, claim("fact-periodic-between", first=first, last=last), rule.frames)


def _probe_fact(case: Case) -> Fact:
    """The probes before the close of the end that sent some: of the local end, if both did."""
    end = case.ending.first.time_ns if case.ending.first else case.span.last_time_ns
    of_side = {
        side: [f for f in case.connection.of(Probe, side=side) if f.time_ns <= end] for side in (case.local, case.peer)
    }
    side = case.peer if of_side[case.peer] and not of_side[case.local] else case.local
    probes, who = of_side[side], case.roles.party(side)
    label = claim("fact-probes-before-the-close" if case.ending.first else "fact-probes", who=who)
    if not probes and case.unseen == side:
        return Fact(label, claim("not-in-this-capture"), claim("one-direction-no-frame", who=who))
    if not probes:
        return Fact(label, claim("fact-no-probes"), claim("fact-no-probes-note", who=who))
    frames, missed = tuple(f.frame for f in probes), missed_until(case, side, end)
    if case.unseen is not None:
        return Fact(label, claim("fact-probes-untold", sent=len(probes), missed=missed), "", frames)
    answered = sum(1 for probe in probes if probe.answer_frame)
    rested = capture_rested(case, side)
    value = claim("fact-probes-counted", sent=len(probes), answered=answered, missed=missed, rested=rested)
    return Fact(label, value, "", frames)


def _setting_facts(case: Case) -> Iterator[Fact]:
    changes = setting_changes(case)
    for who in dict.fromkeys(told.values["who"] for told in changes):
        own = [told for told in changes if told.values["who"] == who]
        spacings = own[0].values["before"]
        for told in own:
            spacings = claim("fact-spacings", before=spacings, after=told.values["after"])
        value = claim("fact-setting-changed-values", spacings=spacings)
        notes = tuple(
            claim("fact-setting-changed-from", told.frames, after=told.values["after"], frame=told.values["frame"])
            for told in own
        )
        frames = tuple(number for told in own for number in told.frames)
        yield Fact(claim("fact-setting-changed", who=who), value, notes, frames)


def keepalive_rows(case: Case) -> tuple[KeepaliveRow, ...]:
    """One row a side; none where no connection came to be."""
    if never_opened(case.connection):
        return ()
    return tuple(_row(case, side, case.connection.keepalive(side)) for side in (case.local, case.peer))


def _row(case: Case, side: str, learned: SideKeepalive) -> KeepaliveRow:
    clock = clock_claims(probe_clock(case.connection, side))
    return KeepaliveRow(
        side=role_and_end(case, side),
        idle_ns=learned.idle_ns,
        cadence_ns=learned.cadence_ns,
        probes=learned.probes if case.unseen != side else None,
        answered=learned.answered if case.unseen is None else None,
        unanswered=learned.unanswered if case.unseen is None else None,
        missed=learned.missed if case.unseen != side else None,
        remarks=(*_remarks(case, side, learned), *clock),
    )


def _drew_reset(case: Case, side: str) -> int:
    """How many probes of the side were answered with an RST."""
    causes = case.connection.drew_reset()
    return sum(1 for probe in case.connection.of(Probe, side=side) if probe.frame in causes)


def _remarks(case: Case, side: str, learned: SideKeepalive) -> Iterator[Claim]:
    if learned.probes == 0:
        if case.unseen == side:
            yield claim("one-direction-no-frame", who=case.roles.party(side))
        elif case.ending.reset is not None and case.ending.reset.source == side and unseen_before_reset(case):
            yield claim("keepalive-no-probe-came")
        else:
            yield claim("keepalive-no-probe")
        return
    drew_reset = _drew_reset(case, side)
    if drew_reset:
        yield claim("keepalive-drew-reset", count=drew_reset)
    untold = learned.probes - learned.answered - learned.unanswered - drew_reset
    if untold > 0:
        yield claim("keepalive-answer-untold", count=untold)
    if case.unseen is not None:
        return
    if learned.interval_ns is None:
        is_odd = any(found.in_a_row > 1 for found in case.connection.of(Unanswered, side=side))
        yield claim("keepalive-interval-does-not-fit" if is_odd else "keepalive-interval-not-learned")
    else:
        yield claim("keepalive-interval", interval=Duration(learned.interval_ns))
