"""What "healthy" takes: conditions that the frames prove, each with its proof, or with why it cannot be told.

A connection is healthy when all of them hold. RFC 9293 gives what is asked: each octet is acknowledged (3.4), a window
that closes opens again (3.8.6.1), a connection ends with a FIN of both sides (3.6), else by an RST (3.5.2).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.acks_not_heard import acks_not_heard, tell_not_heard
from pyreport.diagnosis.evidence.after_fin import left_alone
from pyreport.diagnosis.evidence.gaps import tell_gap
from pyreport.diagnosis.evidence.keepalive import answered_after, keepalive_trouble
from pyreport.diagnosis.evidence.not_taken import first_rst, unheeded
from pyreport.diagnosis.evidence.replies import came_later, is_leave, open_request, tell_no_reply
from pyreport.diagnosis.evidence.reply_cut import tell_cut
from pyreport.diagnosis.evidence.silent_past_keepalive import silent_past_keepalive
from pyreport.diagnosis.evidence.stand_in import stand_in, tell_stand_in
from pyreport.diagnosis.evidence.stopped_stream import stopped_stream
from pyreport.diagnosis.evidence.unheard import unheard
from pyreport.diagnosis.evidence.window import closed_window
from pyreport.diagnosis.thresholds import FEWEST_REPEATS, IN_FLIGHT_NS, LATE_NS
from pyreport.frames.findings import Unanswered, WriteAfterOwnFin
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, FLAG_SYN, Frame
from pyreport.quality import FlawId


class Proof(StrEnum):
    """How a condition stands."""

    HOLDS = "holds"
    FAILS = "fails"
    UNTOLD = "untold"


class Waits(StrEnum):
    """What waits for its acknowledgment."""

    DATA = "data"
    OPENING = "opening"


class Checked(Struct, frozen=True):
    """One condition after looking: what proves that it holds or fails, or why it cannot be told."""

    proof: Proof
    claim: Claim


def check_health(case: Case) -> tuple[Checked, ...]:
    """All conditions, in the order in which they are told."""
    return tuple(condition(case) for condition in CONDITIONS)


def not_holding(checked: tuple[Checked, ...]) -> tuple[Claim, ...]:
    """What speaks against "healthy": first what fails, then what cannot be told."""
    fails = [found.claim for found in checked if found.proof is Proof.FAILS]
    untold = [found.claim for found in checked if found.proof is Proof.UNTOLD]
    return (*fails, *(told for place, told in enumerate(untold) if told not in untold[:place]))


def _both_directions(case: Case) -> Checked:
    senders = {frame.source: frame.number for frame in reversed(case.connection.frames)}
    one_sided = case.quality.told(FlawId.ONE_SIDED)
    if one_sided is not None:
        return Checked(Proof.UNTOLD, one_sided)
    if len(senders) < 2:
        (number,) = senders.values()
        silent = case.roles.party(case.connection.other(next(iter(senders))))
        return Checked(Proof.UNTOLD, claim("health-one-direction", (number,), silent=silent))
    return Checked(Proof.HOLDS, claim("health-both-directions", tuple(sorted(senders.values()))))


def _no_capture_hole(case: Case) -> Checked:
    """Time in which the capture shows nothing proves nothing."""
    hole = case.quality.told(FlawId.CAPTURE_HOLE)
    if hole is not None:
        return Checked(Proof.UNTOLD, hole)
    return Checked(Proof.HOLDS, claim("health-no-capture-hole"))


def _acknowledged(case: Case) -> Checked:
    """All payload and each SYN was acknowledged, but for what had just been sent when the capture ended."""
    one_sided = case.quality.told(FlawId.ONE_SIDED)
    if one_sided is not None:
        return Checked(Proof.UNTOLD, one_sided)
    unheard = acks_not_heard(case)
    if unheard is not None:
        return Checked(Proof.FAILS, tell_not_heard(case, unheard))
    proofs: list[int] = []
    for side in (case.local, case.peer):
        space = space_of(case.connection, side)
        pending = [frame for frame in space.outstanding if frame.length or frame.has(FLAG_SYN)]
        if pending and not _in_flight(case, pending):
            waited = Duration(_waited_ns(case, pending))
            frames = tuple(frame.number for frame in pending)
            who = case.roles.party(side)
            first, what = FrameNumber(frames[0]), Waits.OPENING if pending[0].has(FLAG_SYN) else Waits.DATA
            told = claim("health-not-acknowledged", frames, who=who, frame=first, waited=waited, what=what)
            return Checked(Proof.FAILS, told)
        if space.acknowledged_by is not None:
            proofs.append(space.acknowledged_by.number)
    return Checked(Proof.HOLDS, claim("health-acknowledged", tuple(sorted(proofs))))


def _in_flight(case: Case, pending: list[Frame]) -> bool:
    is_ended = any(frame.has(FLAG_RST) for frame in case.connection.frames)
    copies = sum(1 for frame in pending if frame.seq == pending[0].seq)
    return not is_ended and copies < FEWEST_REPEATS and _waited_ns(case, pending) < IN_FLIGHT_NS


def _waited_ns(case: Case, pending: list[Frame]) -> int:
    """How long that has waited which has waited longest: it need not come first in a capture whose times go back."""
    return case.span.last_time_ns - min(frame.time_ns for frame in pending)


def _no_hole(case: Case) -> Checked:
    for side in (case.local, case.peer):
        for hole in space_of(case.connection, side).holes:
            if case.span.last_time_ns - hole.beyond.time_ns >= IN_FLIGHT_NS:
                frames = tuple(frame.number for frame in (hole.before, hole.beyond) if frame is not None)
                told = claim("health-hole", frames, who=case.roles.party(side), octets=hole.octets)
                return Checked(Proof.FAILS, told)
    return Checked(Proof.HOLDS, claim("health-no-hole"))


def _no_refusal(case: Case) -> Checked:
    """No RST took payload with it: whatever its sender had not acknowledged is lost (RFC 9293 section 3.5.3)."""
    reset = first_rst(case)
    if reset is None:
        ignored = unheeded(case)
        return Checked(Proof.HOLDS, claim("health-no-reset") if ignored is None else ignored)
    other = case.connection.other(reset.source)
    lost = [f.number for f in space_of(case.connection, other).outstanding if f.length]
    if lost:
        who, frame = case.roles.party(reset.source), FrameNumber(reset.number)
        told = claim("health-reset-took-data", (lost[0], reset.number), who=who, frame=frame, lost=FrameNumber(lost[0]))
        return Checked(Proof.FAILS, told)
    return Checked(Proof.HOLDS, claim("health-reset-took-nothing", (reset.number,), frame=FrameNumber(reset.number)))


def _replied(case: Case) -> Checked:
    cut = tell_cut(case)
    if cut is not None:
        return Checked(Proof.FAILS, cut)
    request = open_request(case)
    if request is None or came_later(case, request) is not None:
        return Checked(Proof.HOLDS, claim("health-replied"))
    frames = (request.request.number,)
    may_need_none = request.is_short and request.given_up_by is None and not request.is_left
    if request.owes_nothing or is_leave(case, request) or may_need_none:
        return Checked(Proof.HOLDS, claim("health-reply-not-owed", frames, frame=FrameNumber(frames[0])))
    told = tell_no_reply(case, request)
    fails = request.is_habit and request.is_long and request.given_up_by is not None
    return Checked(Proof.FAILS if fails else Proof.UNTOLD, told)


def _heard(case: Case) -> Checked:
    """A peer that spoke again and again, heard nothing, and closed may have waited for a sign of life (iSCSI's NOP-In,
    MQTT's keep-alive). What it closes in the same flight as its last words is a stream that has come to its end.
    """
    silent = silent_past_keepalive(case)
    if silent is not None:
        return Checked(Proof.FAILS, silent)
    fin, told = case.ending.fin, unheard(case)
    last = None if fin is None else case.connection.last_data_before(fin.time_ns)
    if fin is None or told is None or last is None or fin.time_ns - last.time_ns <= LATE_NS:
        return Checked(Proof.HOLDS, claim("health-heard"))
    return Checked(Proof.UNTOLD, told)


def _flows(case: Case) -> Checked:
    """A peer that had sent data all along and stopped may have no more to say, or have forgotten its client."""
    told = stopped_stream(case)
    return Checked(Proof.HOLDS, claim("health-flows")) if told is None else Checked(Proof.UNTOLD, told)


def _was_used(case: Case) -> Checked:
    """A server that closes before anybody has said anything may have turned the client away (tcpd(8), a limit of
    clients) or have waited in vain. A client that does so has changed its mind, or checked the port.
    """
    first = case.ending.first
    said = next((frame.number for frame in case.connection.frames if frame.length), None)
    if said is not None:
        return Checked(Proof.HOLDS, claim("health-was-used", (said,)))
    if first is None or case.connection.syn is None or first.source == case.connection.syn.source:
        return Checked(Proof.HOLDS, claim("health-was-used"))
    who = case.roles.party(first.source)
    return Checked(Proof.UNTOLD, claim("health-closed-unused", (first.frame,), who=who, frame=FrameNumber(first.frame)))


def _window_open(case: Case) -> Checked:
    window = closed_window(case)
    if window is None:
        return Checked(Proof.HOLDS, claim("health-window-open"))
    who, lasted = case.roles.party(window.side), Duration(window.lasted_ns)
    told = claim("health-window-closed", window.frames, who=who, frame=FrameNumber(window.since.number), lasted=lasted)
    return Checked(Proof.FAILS, told)


def _probes(case: Case) -> Checked:
    """No keep-alive interval was missed, no probe is known to be unanswered but single ones in between, and nobody
    answered in another's name.
    """
    for side in (case.peer, case.local):
        standing_in = stand_in(case.connection, side)
        if standing_in is not None:
            return Checked(Proof.UNTOLD, tell_stand_in(case, standing_in))
    missed, unanswered = case.connection.missed(), case.connection.of(Unanswered)
    if missed:
        return Checked(Proof.FAILS, tell_gap(case, missed[0]))
    runs = [finding for finding in unanswered if finding.in_a_row > 1]
    if runs or (unanswered and not answered_after(case, unanswered[-1])):
        return Checked(Proof.FAILS, keepalive_trouble(case)[-1])
    return Checked(Proof.HOLDS, claim("health-probes"))


def _orderly_end(case: Case) -> Checked:
    fin, connection = case.ending.fin, case.connection
    reset = first_rst(case)
    fins = [found for side in (connection.a, connection.b) if (found := connection.fin_of(side)) is not None]
    numbers = tuple(sorted(frame.number for frame in fins))
    if reset is not None and not _came_after_both(fins, reset):
        return Checked(Proof.FAILS, claim("health-ended-by-reset", (reset.number,), frame=FrameNumber(reset.number)))
    written = connection.first_of(WriteAfterOwnFin)
    if written is not None:
        # Who closes its side writes no more (RFC 9293 section 3.6): one of the two frames is not what it seems.
        who, both = case.roles.party(written.source), (written.fin_frame, written.frame)
        told = claim("health-wrote-after-own-fin", both, who=who, frame=FrameNumber(written.frame))
        return Checked(Proof.UNTOLD, told)
    for side in (connection.a, connection.b):
        open_fins = [frame for frame in space_of(connection, side).outstanding if frame.has(FLAG_FIN)]
        if open_fins and reset is None and case.unseen is None and not _in_flight(case, open_fins):
            frames = tuple(frame.number for frame in open_fins)
            told = claim(
                "health-fin-not-acknowledged", frames, who=case.roles.party(side), frame=FrameNumber(frames[0])
            )
            return Checked(Proof.FAILS, told)
    if fin is None:
        last = connection.last.number
        return Checked(Proof.HOLDS, claim("health-open", (last,)))
    alone = left_alone(case)
    if alone is not None:
        return Checked(Proof.FAILS, alone)
    return Checked(Proof.HOLDS, claim("health-closed-in-order", numbers))


def _came_after_both(fins: list[Frame], reset: Frame) -> bool:
    """Whether an RST came when both sides had closed: it says that the socket is gone, and ends nothing."""
    return len(fins) == 2 and all(fin.number < reset.number for fin in fins)


CONDITIONS: tuple[Callable[[Case], Checked], ...] = (
    _both_directions,
    _no_capture_hole,
    _acknowledged,
    _no_hole,
    _no_refusal,
    _replied,
    _heard,
    _flows,
    _was_used,
    _window_open,
    _probes,
    _orderly_end,
)
