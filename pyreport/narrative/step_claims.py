"""The claims of each step of the walkthrough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.units import NS_PER_MS
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import fin_acknowledged, refused_after_fin, written_after_fin
from pyreport.diagnosis.evidence.closing import closed_first, reset_followed
from pyreport.diagnosis.evidence.gaps import lasts_to_the_end, next_probe_due
from pyreport.diagnosis.evidence.late_opening import late_opening
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.diagnosis.evidence.setting import tell_change
from pyreport.diagnosis.explanations.middlebox_close import only_in_its_name
from pyreport.frames.findings import (
    ClosedBeforeDue,
    Fin,
    GaveUp,
    Missed,
    PostFinReset,
    PostFinWrite,
    Probe,
    Reset,
    RetransmissionTimeout,
    SettingChanged,
)
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, Frame
from pyreport.logs.model import LogError
from pyreport.narrative.failed_write import why_no_packet
from pyreport.narrative.groups import Fate, Group, Topic
from pyreport.narrative.model import StepKind
from pyreport.narrative.parties import named


def step_claims(case: Case, group: Group) -> tuple[StepKind, tuple[Claim, ...]]:
    """The kind of a group of frames, and what is said of it."""
    kind, tell = TOLD_BY[group.key.topic]
    return kind, tuple(tell(case, group))


def _handshake(case: Case, group: Group) -> Iterator[Claim]:
    client = next((f.source for f in group.frames if f.is_syn), None)
    if client is None and case.connection.syn is not None:
        asked, asker = case.roles.party(case.connection.b), case.roles.party(case.connection.a)
        yield claim("walk-syn-ack-again", who=asked, other=asker)
    elif client is None:
        yield claim("walk-end-of-handshake")
    elif any(f.is_syn_ack for f in group.frames):
        yield claim("walk-opens", who=case.roles.party(client))
        late = late_opening(case)
        if late is not None:
            yield late
    else:
        yield claim("walk-asks-for-connection", who=case.roles.party(client))
    early = case.connection.before_opening()
    told = next((f for f in group.frames if f.number in early), None)
    if told is not None:
        yield claim("walk-answers-for-another", who=case.roles.party(told.source))


def _asked(case: Case, group: Group) -> Iterator[Claim]:
    who, tries = case.roles.party(group.frames[0].source), len(group.frames)
    yield claim("opening-unanswered", tuple(frame.number for frame in group.frames), who=who, tries=tries)


# Data ----------------------------------------------------------------------------------------------------------------


def _earlier(case: Case, group: Group) -> Iterator[Claim]:
    probes = sum(1 for f in group.frames if f.found(Probe))
    until = group.frames[-1].time_ns
    missed = sum(finding.intervals for finding in case.connection.of(Missed) if finding.due_at_ns <= until)
    yield claim("walk-earlier", probes=probes, missed=missed)
    yield _flow(case, group.frames)


def _data(case: Case, group: Group) -> Iterator[Claim]:
    payload = _payload(group.frames)
    if group.key.topic is Topic.LAST_DATA:
        yield claim("walk-last-data")
    elif len({f.source for f in payload}) > 1:
        yield claim("walk-data-both-ways")
    yield _flow(case, group.frames)
    if len(payload) == 1:
        return
    # What was sent again is nobody's last word (as in Connection.last_data_before()).
    last = next((frame for frame in reversed(payload) if not frame.retransmission), payload[-1])
    yield claim("walk-last-payload", (last.number,), who=case.roles.party(last.source), frame=FrameNumber(last.number))


def _repeats(case: Case, group: Group) -> Iterator[Claim]:
    by = group.frames[0].source
    timeout = next(found for found in case.connection.of(RetransmissionTimeout) if found.by == by)
    data, last = case.connection.frame(timeout.data_frame), case.connection.frame(timeout.last_repeat_frame)
    if data is not None and last is not None:
        yield claim(
            "data-never-acknowledged",
            (data.number, last.number),
            who=case.roles.party(by),
            other=case.roles.party(case.connection.other(by)),
            frame=FrameNumber(data.number),
            repeats=timeout.repeats,
            lasted=Duration(last.time_ns - data.time_ns),
        )


def _flow(case: Case, frames: Sequence[Frame]) -> Claim:
    """How many bytes each side sent."""
    sent, received = (sum(f.length for f in _payload(frames) if f.source == side) for side in (case.local, case.peer))
    if sent and received:
        return claim("walk-bytes-both-ways", who=case.local_party, sent=sent, peer=case.peer_party, received=received)
    if received:
        return claim("walk-bytes", who=case.peer_party, sent=received)
    return claim("walk-bytes", who=case.local_party, sent=sent)


def _payload(frames: Sequence[Frame]) -> list[Frame]:
    return [f for f in frames if f.length and not f.found(Probe)]


def _window(case: Case, group: Group) -> Iterator[Claim]:
    asker = group.frames[0].source
    who, other = case.roles.party(asker), case.roles.party(case.connection.other(asker))
    probes = [f for f in group.frames if f.source == asker]
    yield claim("walk-window-probes", who=who, other=other, count=len(probes))
    opened = next((f for f in group.frames if f.source != asker and f.marks.window), None)
    if opened is not None:
        yield claim("walk-window-opened", (opened.number,), who=other, frame=FrameNumber(opened.number))
    elif len(probes) < len(group.frames):
        yield claim("walk-window-still-closed", count=len(group.frames) - len(probes))
    elif case.connection.other(asker) != case.unseen:
        yield claim("walk-window-no-answer")


# Keep-alive ----------------------------------------------------------------------------------------------------------


def _probes(case: Case, group: Group) -> Iterator[Claim]:
    probes = [f for f in group.frames if f.found(Probe)]
    if not probes:
        yield claim("walk-answer-alone")
        return
    yield from (tell_change(case, change) for probe in probes if (change := probe.found(SettingChanged)))
    yield _probes_sent(case, probes)
    if group.key.after_fin:
        yield claim("walk-probes-after-fin")
    if group.key.fate is Fate.UNANSWERED:
        yield claim("walk-probes-unanswered", count=len(probes))
    if group.key.fate is Fate.UNTOLD:
        yield claim("walk-probes-untold", count=len(probes))
    if group.key.fate is Fate.ANSWERED:
        yield claim("walk-probes-answered", count=len(probes))
        if group.key.after_fin:
            yield claim("walk-answers-after-fin")


def _probes_sent(case: Case, probes: Sequence[Frame]) -> Claim:
    if len({f.source for f in probes}) > 1:
        return claim("walk-probes-of-both", who=case.local_party, peer=case.peer_party, count=len(probes))
    who, count = case.roles.party(probes[0].source), len(probes)
    gaps = sorted(later.time_ns - earlier.time_ns for earlier, later in pairwise(probes))
    if not gaps:
        return claim("walk-probe", who=who)
    shortest, longest = Duration(gaps[0]), Duration(gaps[-1])
    if longest - shortest < 5 * NS_PER_MS:
        return claim("walk-probes-steady", who=who, count=count, every=Duration(gaps[len(gaps) // 2]))
    return claim("walk-probes-uneven", who=who, count=count, shortest=shortest, longest=longest)


def missed_claims(case: Case, finding: Missed) -> tuple[Claim, ...]:
    """An interval that went by without a probe."""
    count = finding.intervals
    missed = claim("walk-missed", who=named(case, finding.by), count=count)
    if lasts_to_the_end(finding):
        return missed, claim("walk-missed-to-the-end")
    return missed, claim("walk-missed-until", what=finding.ended_by)


# The close -----------------------------------------------------------------------------------------------------------


def _fin(case: Case, group: Group) -> Iterator[Claim]:
    frame = group.frames[0]
    finding, in_time = frame.found(Fin), frame.found(ClosedBeforeDue)
    if finding is None and frame.source == case.ending.closer:
        closed_before = any(
            f.has(FLAG_FIN) and f.source == frame.source and f.number < frame.number for f in case.connection.frames
        )
        yield claim("walk-fin-again" if closed_before else "walk-fin-after-rst", who=case.roles.party(frame.source))
    elif finding is None:
        yield claim("walk-answering-fin", who=case.roles.party(frame.source))
    else:
        yield closed_first(case, finding)
        packet_idle = finding.packet_idle_ns
        if packet_idle is not None:
            yield claim("walk-silence-before", idle=Duration(packet_idle))
    if finding is not None and in_time is not None:
        # After a gap, that no probe was missing is said of the time behind it alone.
        was_missed = bool(case.connection.missed(in_time.by))
        yield claim("walk-next-due", margin=Duration(in_time.margin_ns)) if was_missed else next_probe_due(in_time)
    if len(group.frames) > 1:
        yield claim("walk-fin-repeated", count=len(group.frames))


def _fin_ack(case: Case, group: Group) -> Iterator[Claim]:
    frame, first = group.frames[0], case.ending.fin_ack
    who = case.roles.party(frame.source)
    acknowledged = fin_acknowledged(case) if first is not None and first.frame == frame.number else None
    yield acknowledged or claim("walk-fin-acknowledged", who=who)
    if frame.source != case.ending.closer:
        yield claim("walk-half-closed", who=who)


def _writes(case: Case, group: Group) -> Iterator[Claim]:
    writes = [f for f in group.frames if f.found(PostFinWrite)]
    finding = writes[0].found(PostFinWrite)
    assert finding is not None
    yield written_after_fin(case, finding)
    yield claim("walk-bytes-written", sent=sum(f.length for f in writes))
    harmless, who = finding.harmless, case.roles.party(finding.source)
    yield (
        claim("write-on-half-closed-harmless", local=who, why=harmless)
        if harmless
        else claim("walk-write-overlooked", who=who)
    )


def _reset(case: Case, group: Group) -> Iterator[Claim]:
    frame = group.frames[0]
    who, other = case.roles.party(frame.source), case.roles.party(frame.destination)
    after_fin, gave_up, reset = frame.found(PostFinReset), frame.found(GaveUp), frame.found(Reset)
    if after_fin is not None:
        yield refused_after_fin(case, after_fin)
        yield claim("walk-forgotten", who=who)
        yield claim("fin-socket-dead", (frame.number,), who=other)
    elif gave_up is not None:
        yield claim("walk-gave-up", who=who, count=gave_up.unanswered)
        yield claim("walk-gave-up-error", who=who)
    elif reset is not None:
        is_first = case.ending.first is not None and case.ending.first.frame == frame.number
        yield claim("walk-reset-by-name" if is_first and only_in_its_name(case) else "walk-reset", who=who)
        yield reset_followed(case.connection, reset)
    elif case.ending.first is None and case.ending.dead == frame:
        yield claim("walk-reset", who=who)
    elif _refuses_another(case, frame):
        yield claim("walk-refuses-another", who=who)
    elif never_opened(case.connection) and frame == next(f for f in case.connection.frames if f.has(FLAG_RST)):
        yield claim("walk-refuses-to-open", who=who)
    else:
        yield claim("walk-another-reset", who=who)


def _refuses_another(case: Case, reset: Frame) -> bool:
    """Whether an RST refuses what the other end said of an earlier connection (RFC 9293 section 3.10.7.3)."""
    early = case.connection.before_opening()
    acks = {f.ack for f in case.connection.frames if f.number in early and f.number < reset.number}
    return reset.seq in acks


def _ack(case: Case, group: Group) -> Iterator[Claim]:
    yield claim("walk-acknowledges", who=case.roles.party(group.frames[0].source))


def log_claims(case: Case, log: LogError) -> tuple[Claim, ...]:
    """The log line: what the application saw, and whether there is a packet for it."""
    reason = why_no_packet(case)
    logged = claim("walk-logs", error=log.error_text)
    return (logged,) if reason is None else (logged, reason)


TOLD_BY: dict[Topic, tuple[StepKind, Callable[[Case, Group], Iterator[Claim]]]] = {
    Topic.HANDSHAKE: (StepKind.OTHER, _handshake),
    Topic.ASKED: (StepKind.SYN, _asked),
    Topic.DATA: (StepKind.DATA, _data),
    Topic.LAST_DATA: (StepKind.DATA, _data),
    Topic.REPEATS: (StepKind.REPEATS, _repeats),
    Topic.EARLIER: (StepKind.DATA, _earlier),
    Topic.PROBES: (StepKind.PROBE, _probes),
    Topic.FIN: (StepKind.FIN, _fin),
    Topic.FIN_ACK: (StepKind.ACK, _fin_ack),
    Topic.WRITE: (StepKind.WRITE, _writes),
    Topic.RESET: (StepKind.RESET, _reset),
    Topic.ACK: (StepKind.ACK, _ack),
    Topic.WINDOW: (StepKind.OTHER, _window),
}
