"""The verdict on connections that ended with an RST, and no FIN before it but that of a half-close."""

from __future__ import annotations

from enum import StrEnum

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import bare_reset, no_such_connection, reset_followed
from pyreport.diagnosis.evidence.filtered import device_or_filter, refused_at_home
from pyreport.diagnosis.evidence.first_after_silence import all_fell_silent
from pyreport.diagnosis.evidence.keepalive import keepalive_sentence
from pyreport.diagnosis.evidence.last_words import words_of_peer
from pyreport.diagnosis.evidence.likeness import goes_on_after, is_own_socket, likeness
from pyreport.diagnosis.evidence.lost_at_a_stroke import lost_at_a_stroke
from pyreport.diagnosis.evidence.not_taken import not_taken
from pyreport.diagnosis.evidence.reply_cut import tell_cut
from pyreport.diagnosis.evidence.silent_past_keepalive import silent_past_keepalive
from pyreport.diagnosis.evidence.spread import refused_elsewhere, refused_together
from pyreport.diagnosis.evidence.told_waits import NOT_ACCEPTED
from pyreport.diagnosis.evidence.too_soon import SOONER_THAN_SYNS
from pyreport.diagnosis.evidence.unserved import (
    behind_own_data,
    left_unserved,
    perhaps_unread,
    reply_outstanding,
    unread_here,
)
from pyreport.diagnosis.evidence.untranslated import untranslated
from pyreport.diagnosis.evidence.waits import waits
from pyreport.diagnosis.explanations.keepalive_gave_up import fired_on_time, unseen_before_reset
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import AFTER_RESET_NS, FEWEST_REPEATS
from pyreport.diagnosis.verdict.basis import Weighed, foreign, once, present, supported
from pyreport.diagnosis.verdict.restarted import one_of_many
from pyreport.diagnosis.verdict.shares import shares_of_silence, told_of_silence
from pyreport.frames.findings import GaveUp, Reset
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from pyreport.quality.beginning import may_have_closed_before

#: What is told of a socket that was gone when it was heard again: its RST comes of the silence before.
ANSWERED_TOO_LATE = "reset-answered-too-late"


def gave_up(case: Case, weighed: Weighed, finding: GaveUp) -> Verdict:
    """A prober ended it after probes without an answer."""
    ended = claim(
        "reset-by-kernel", (finding.frame,), who=case.roles.party(finding.source), frame=FrameNumber(finding.frame)
    )
    deciding = claim("reset-after-silence", (finding.frame,), probes=finding.unanswered)
    silent = case.connection.other(finding.source)
    proof = told_of_silence(case, weighed, silent)
    strayed, back = untranslated(case), _came_back(case, finding)
    claims = (ended, *weighed[ExplanationId.KEEPALIVE_GAVE_UP].evidence, *proof, *present(strayed, back))
    shares = (Attribution.NETWORK_PATH,) if strayed is not None else shares_of_silence(case, weighed, silent)
    return Verdict(Kind.KEEPALIVE_GAVE_UP, claims, Confidence.CONFIRMED, shares, (deciding, *proof))


def _came_back(case: Case, finding: GaveUp) -> Claim | None:
    """That the side which had not answered sent something after it was given up: its host still had the connection."""
    silent = case.connection.other(finding.source)
    later = (f for f in case.connection.frames if f.number > finding.frame and f.source == silent)
    frame = next((f for f in later if f.has(FLAG_ACK) and not f.has(FLAG_RST)), None)
    if frame is None:
        return None
    who, after = case.roles.party(silent), Duration(frame.time_ns - finding.time_ns)
    frames = (finding.frame, frame.number)
    return claim("silent-side-came-back", frames, who=who, frame=FrameNumber(frame.number), after=after)


class FinsBefore(StrEnum):
    """What of FINs came before an RST that ended a connection without one."""

    NONE = "none"
    VOID = "void"  # without ACK, which no side takes for one (RFC 9293 section 3.10.7.4, fifth check)
    UNSEEN = "unseen"  # the capture lacks frames
    HALF = "half"  # one direction was closed, and the other went on


def _fins_before(case: Case, reset: Reset) -> FinsBefore:
    if case.ending.fin is not None:
        return FinsBefore.HALF
    if case.when_absent is not Status.RULED_OUT:
        return FinsBefore.UNSEEN
    void = any(frame.has(FLAG_FIN) for frame in case.connection.frames if frame.number < reset.frame)
    return FinsBefore.VOID if void else FinsBefore.NONE


def reset_first(case: Case, weighed: Weighed, reset: Reset) -> Verdict:
    """An RST ended it."""
    is_foreign = supported(weighed, ExplanationId.MIDDLEBOX_CLOSE) or _nearer(weighed) is not None
    fins = _fins_before(case, reset)
    opening = claim(
        "reset-in-the-name" if is_foreign else "reset-by",
        (reset.frame,),
        who=case.roles.party(reset.source),
        frame=FrameNumber(reset.frame),
        fins=fins,
    )
    followed = reset_followed(case.connection, reset)
    deciding = (claim("reset-first-segment", (reset.frame,), fins=fins),)
    story = present(opening, followed, keepalive_sentence(case))
    if is_foreign:
        return _by_a_device(case, weighed, reset, story, deciding)
    closing = case.connection.frame(reset.frame)
    at_home = None if closing is None else refused_at_home(case, closing)
    if at_home is not None:
        is_here = reset.source == case.local
        kind, share = (Kind.LOCAL_CLOSED if is_here else Kind.PEER_RESET), _host_of(case, reset)
        return Verdict(kind, (*story, at_home), Confidence.LIKELY, (share,), (*deciding, at_home))
    fired = fired_on_time(case) or unseen_before_reset(case)
    if fired is not None:
        path = (Attribution.NETWORK_PATH,)
        return Verdict(Kind.KEEPALIVE_GAVE_UP, (*story, fired), Confidence.POSSIBLE, path, (*deciding, fired))
    if reset.source == case.local:
        return _by_the_local_end(case, weighed, reset, story, deciding)
    return _by_the_peer(case, weighed, reset, story, deciding)


def _nearer(weighed: Weighed) -> Claim | None:
    """That the RST came much sooner than the answers to SYNs of the host that it names."""
    evidence = weighed[ExplanationId.MIDDLEBOX_CLOSE].evidence
    return next((told for told in evidence if told.id == SOONER_THAN_SYNS), None)


def _by_a_device(
    case: Case, weighed: Weighed, reset: Reset, story: tuple[Claim, ...], deciding: tuple[Claim, ...]
) -> Verdict:
    forgotten = weighed[ExplanationId.IDLE_STATE_FORGOTTEN]
    if forgotten.status in (Status.SUPPORTED, Status.POSSIBLE):
        story = (*story, forgotten.weightiest)
    claims = (*story, *foreign(weighed))
    closing = case.connection.frame(reset.frame)
    path, both = (Attribution.NETWORK_PATH,), (Attribution.NETWORK_PATH, _host_of(case, reset))
    if closing is not None and goes_on_after(case.connection, closing, AFTER_RESET_NS):
        # The side that the RST names went on afterwards, so it is not from the socket there.
        filtered = device_or_filter(case, closing)
        if filtered is None:
            return Verdict(Kind.MIDDLEBOX_CLOSED, claims, Confidence.LIKELY, path, deciding)
        claims = (*story, foreign(weighed)[0], filtered)
        return Verdict(Kind.MIDDLEBOX_CLOSED, claims, Confidence.LIKELY, both, (*deciding, filtered))
    claims = (*claims, *present(lost_at_a_stroke(case)))
    nearer = _nearer(weighed)
    is_sure = nearer is not None and bool(nearer.values["sure"])
    if is_sure or (closing is not None and likeness(case.connection, closing).is_surely_elsewhere):
        return Verdict(Kind.MIDDLEBOX_CLOSED, claims, Confidence.LIKELY, path, deciding)
    return Verdict(Kind.MIDDLEBOX_CLOSED, claims, Confidence.POSSIBLE, both, deciding)


def _host_of(case: Case, reset: Reset) -> Attribution:
    """Whose share the host is that an RST names."""
    return Attribution.PEER_SERVICE if reset.source == case.peer else Attribution.LOCAL_HOST


def _by_the_local_end(
    case: Case, weighed: Weighed, reset: Reset, story: tuple[Claim, ...], deciding: tuple[Claim, ...]
) -> Verdict:
    closing = case.connection.frame(reset.frame)
    if closing is not None and likeness(case.connection, closing).is_bare and not case.is_at_local:
        claims = (*story, bare_reset(reset.frame))
        shares = (Attribution.LOCAL_HOST, Attribution.NETWORK_PATH)
        return Verdict(Kind.UNDETERMINED, claims, Confidence.UNDETERMINED, shares, deciding)
    own = Attribution.LOCAL_APPLICATION
    late = _answered_too_late(case, reset)
    unknown = no_such_connection(case, reset) if late is None else None
    if unknown is not None and case.is_at_local:
        # A program that ends closes its sockets, and no frame of that left the host.
        claims, both = (*story, unknown), (Attribution.LOCAL_HOST, own)
        return Verdict(Kind.LOCAL_CLOSED, claims, Confidence.POSSIBLE, both, (*deciding, unknown))
    claims = (*story, *present(tell_cut(case), unread_here(case)))
    if supported(weighed, ExplanationId.PATH_LOSS):
        # It may have given up for what the path lost before.
        claims, both = (*claims, weighed[ExplanationId.PATH_LOSS].weightiest), (own, Attribution.NETWORK_PATH)
        return Verdict(Kind.LOCAL_CLOSED, claims, Confidence.LIKELY, both, deciding)
    if late is not None:
        # It had given up, which no frame shows, for what the path or the peer had left unanswered.
        all_three = (own, Attribution.NETWORK_PATH, Attribution.PEER_SERVICE)
        return Verdict(Kind.LOCAL_CLOSED, (*claims, late), Confidence.LIKELY, all_three, (*deciding, late))
    return Verdict(Kind.LOCAL_CLOSED, claims, Confidence.LIKELY, (own,), deciding)


def _answered_too_late(case: Case, reset: Reset) -> Claim | None:
    """That an end refuses what acknowledges its data at last: the copies had been too many for ordinary loss, and its
    socket was gone. Linux sends nothing when it gives data up (net/ipv4/tcp_timer.c tcp_write_timeout()).
    """
    for wait in waits(case):
        answer = wait.answer
        if not wait.is_data or wait.is_opening or wait.asker != reset.source or answer is None or wait.is_refused:
            continue
        if len(wait.asks) > FEWEST_REPEATS and answer.number == reset.cause_frame:
            return claim(
                ANSWERED_TOO_LATE,
                (*wait.frames, answer.number, reset.frame),
                who=case.roles.party(wait.asker),
                other=case.roles.party(wait.silent),
                repeats=wait.repeats,
                after=Duration(answer.time_ns - wait.start_ns),
                frame=FrameNumber(answer.number),
            )
    return None


def _not_accepted(weighed: Weighed) -> Claim | None:
    """That the peer had not taken the connection when it was sent data."""
    found = weighed[ExplanationId.PATH_LOSS].weightiest
    return found if found.id == NOT_ACCEPTED else None


def _drawn_late(case: Case, reset: Reset) -> Claim | None:
    """That copies of what the RST answers had drawn nothing before: too many for ordinary loss."""
    for wait in waits(case):
        if wait.is_data and wait.answer is not None and wait.answer.number == reset.frame:
            if len(wait.asks) <= FEWEST_REPEATS:
                return None
            return claim(
                "reset-after-copies",
                (*wait.frames, reset.frame),
                who=case.roles.party(wait.asker),
                other=case.roles.party(wait.silent),
                repeats=wait.repeats,
                lasted=Duration(wait.asks[-1].time_ns - wait.start_ns),
            )
    return None


def _by_the_peer(
    case: Case, weighed: Weighed, reset: Reset, story: tuple[Claim, ...], deciding: tuple[Claim, ...]
) -> Verdict:
    closing = case.connection.frame(reset.frame)
    shares: tuple[Attribution, ...] = (Attribution.PEER_SERVICE, Attribution.NETWORK_PATH)
    says_why = words_of_peer(case) is not None and reset.cause_frame is None
    if case.is_at_peer or says_why or is_own_socket(case.connection, reset.frame):
        shares = shares[:1]
    of_peer = shares
    refused = _not_accepted(weighed)
    story = (
        *story,
        *present(
            tell_cut(case),
            _drawn_late(case, reset),
            refused,
            reply_outstanding(case, reset),
            perhaps_unread(case, reset),
        ),
        *present(behind_own_data(case, reset), not_taken(case, reset.frame)),
    )
    late = _answered_too_late(case, reset)
    if late is not None:
        shares = once((*shares_of_silence(case, weighed, case.local), *of_peer))
        return Verdict(Kind.PEER_RESET, (*story, late), Confidence.LIKELY, shares, (*deciding, late))
    unserved = left_unserved(case) or silent_past_keepalive(case)
    if unserved is not None:
        story, shares = (*story, unserved), (*shares, Attribution.LOCAL_APPLICATION)
    if supported(weighed, ExplanationId.HOST_FROZEN_HERE):
        frozen = weighed[ExplanationId.HOST_FROZEN_HERE].weightiest
        shares = (Attribution.LOCAL_HOST, *shares)
        return Verdict(Kind.PEER_RESET, (*story, frozen), Confidence.POSSIBLE, shares, (*deciding, frozen))
    if supported(weighed, ExplanationId.PEER_RESTART):
        restart = weighed[ExplanationId.PEER_RESTART].weightiest
        claims = one_of_many(case, weighed, story)
        return Verdict(Kind.PEER_RESTARTED, claims, Confidence.LIKELY, shares[:1], (*deciding, restart))
    is_socket = closing is not None and closing.has(FLAG_ACK)  # RFC 9293 3.10.7.1: without one, there is no ACK field
    if not is_socket and reset.cause_frame is not None and may_have_closed_before(case.connection, case.peer):
        # A host that has closed, and one that has no such connection, refuse what comes with the same RST.
        claims = (*story, claim("reset-may-follow-a-fin", (reset.frame,), who=case.peer_party))
        untold = (Attribution.CAPTURE_INCOMPLETE,)
        return Verdict(Kind.UNDETERMINED, claims, Confidence.UNDETERMINED, untold, deciding)
    strayed = untranslated(case)
    if strayed is not None:
        # Who got the RST that refused it gave the connection up, and refuses what comes then.
        path = (Attribution.NETWORK_PATH,)
        return Verdict(Kind.PEER_RESET, (*story, strayed), Confidence.LIKELY, path, (*deciding, strayed))
    idle = weighed[ExplanationId.PEER_IDLE_CLOSE]
    if idle.status in (Status.SUPPORTED, Status.POSSIBLE):
        claims = (story[0], idle.weightiest, *story[2:])
        if not any(found.id == "peer-idle-close-odd-age" for found in idle.evidence):
            sure = Confidence.LIKELY if idle.status is Status.SUPPORTED else Confidence.POSSIBLE
            deciding = (*deciding, idle.weightiest)
            return Verdict(Kind.PEER_CLOSED_IDLE, claims, sure, of_peer, deciding)
        # An age that no limit is known for, and no round one, is told and not called a limit.
        return Verdict(Kind.PEER_RESET, claims, Confidence.LIKELY, shares, deciding)
    forgotten = weighed[ExplanationId.IDLE_STATE_FORGOTTEN]
    stroke = lost_at_a_stroke(case)
    if stroke is not None and refused_together(case, reset) is None:
        # What is known of one of them alone does not tell more than what is known of all.
        claims = (*story, stroke, *present(refused_elsewhere(case, reset)))
        return Verdict(Kind.PEER_RESET, claims, Confidence.POSSIBLE, shares, (*deciding, stroke))
    if forgotten.status is Status.POSSIBLE:
        # The peer's name is on the RST; whether the peer or a device in between wrote it, nothing decides.
        elsewhere = refused_elsewhere(case, reset)
        told = {number for found in forgotten.evidence for number in found.frames}
        before = (found for found in story if found.id != "reset-answers" or not told.issuperset(found.frames))
        claims = (*before, *forgotten.evidence, *present(all_fell_silent(case), elsewhere))
        return Verdict(Kind.PEER_RESET, claims, Confidence.POSSIBLE, shares, deciding)
    if not is_socket:
        unknown = no_such_connection(case, reset)
        story = (*story, *present(unknown, refused_together(case, reset), refused_elsewhere(case, reset)))
    return Verdict(Kind.PEER_RESET, story, Confidence.LIKELY, shares, deciding)
