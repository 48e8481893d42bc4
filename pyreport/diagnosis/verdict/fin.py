"""The verdict on connections that ended with a FIN first."""

from __future__ import annotations

from pyreport.application.parting import Why
from pyreport.base.claim import Claim, Duration, FrameNumber, Party, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import (
    ended_by_rst,
    fin_not_acknowledged,
    left_alone,
    local_after_fin,
    refused_after_fin,
    refused_from_elsewhere,
    written_after_fin,
)
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.closing import closed_first
from pyreport.diagnosis.evidence.crossing import crossed_fins
from pyreport.diagnosis.evidence.gaps import closed_before_due, gap_frames, next_probe_due, tell_gaps
from pyreport.diagnosis.evidence.keepalive import keepalive_sentence, keepalive_trouble
from pyreport.diagnosis.evidence.last_words import pings_of_local
from pyreport.diagnosis.evidence.late_answers import late_answers
from pyreport.diagnosis.evidence.late_reply import came_too_late
from pyreport.diagnosis.evidence.made_good import made_good
from pyreport.diagnosis.evidence.not_taken import not_taken
from pyreport.diagnosis.evidence.replies import came_later, is_leave, open_request, tell_no_reply
from pyreport.diagnosis.evidence.reply_cut import tell_cut
from pyreport.diagnosis.evidence.silent_past_keepalive import silent_past_keepalive
from pyreport.diagnosis.evidence.stopped_stream import stopped_stream
from pyreport.diagnosis.evidence.told_waits import it_went_on
from pyreport.diagnosis.evidence.unheard import unheard
from pyreport.diagnosis.evidence.unserved import left_unserved, reply_outstanding, tell_outstanding, unread_here
from pyreport.diagnosis.evidence.waits import open_wait, waits, went_on_without
from pyreport.diagnosis.evidence.window import reopened_window
from pyreport.diagnosis.explanations.peer_idle_close import is_nobodys_limit
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, LATE_NS, LEAST_FULL
from pyreport.diagnosis.verdict.basis import Weighed, foreign, once, present, supported
from pyreport.diagnosis.verdict.restarted import closed_with_another, one_of_many
from pyreport.diagnosis.verdict.unanswered import fin_sent_again
from pyreport.frames.findings import Fin
from pyreport.frames.frame import Frame
from pyreport.logs.model import Errno


def peer_fin(case: Case, weighed: Weighed, fin: Fin) -> Verdict:
    """The peer closed first: idle, after an exchange, with its process, or a device in its name."""
    opening = present(closed_first(case, fin), keepalive_sentence(case))
    deciding = _deciding_fin(case, fin)
    kind, confidence = _why_peer_closed(case, weighed, fin)
    why: tuple[Claim, ...] = ()
    if kind is Kind.MIDDLEBOX_CLOSED:
        why = foreign(weighed)
    elif kind is Kind.PEER_RESTARTED:
        opening = one_of_many(case, weighed, opening)
        deciding = (deciding[0], weighed[ExplanationId.PEER_RESTART].weightiest)
    elif supported(weighed, ExplanationId.HOST_FROZEN_HERE):
        why = (weighed[ExplanationId.HOST_FROZEN_HERE].weightiest,)
    why += present(
        silent_past_keepalive(case),
        tell_cut(case),
        closed_with_another(case, fin),
        left_unserved(case),
        reopened_window(case),
        made_good(case),
        reply_outstanding(case, fin),
        unheard(case),
    )
    if supported(weighed, ExplanationId.CLOSE_RACE):
        why += weighed[ExplanationId.CLOSE_RACE].evidence
        deciding += weighed[ExplanationId.CLOSE_RACE].evidence[:1]
    if not case.has_seen_fin or case.doubt:
        confidence = Confidence.POSSIBLE
    lost = _fin_lost(case, fin)
    shares = _shares_of_peer_fin(case, weighed, kind)
    if lost is not None:
        shares = once((*shares, Attribution.NETWORK_PATH))
    ignored = None if case.ending.post_fin_reset is None else not_taken(case, case.ending.post_fin_reset.frame)
    claims = (*opening, *_overlooked(case, weighed, fin), *present(ignored, lost), *why)
    return Verdict(kind, claims, confidence, shares, deciding)


def _ended_by_rst(case: Case, weighed: Weighed) -> tuple[Claim, ...]:
    """That an RST ended what the FIN began; nothing where it refused the request that crossed the FIN: that is told."""
    crossing = weighed[ExplanationId.CLOSE_RACE].evidence if supported(weighed, ExplanationId.CLOSE_RACE) else ()
    refused = {frame for told in crossing if told.id == "close-race-refused" for frame in told.frames}
    return () if case.ending.dead is not None and case.ending.dead.number in refused else ended_by_rst(case)


def _fin_lost(case: Case, fin: Fin) -> Claim | None:
    """That none of the copies of the FIN had arrived when the other end sent something, well after them."""
    for wait in waits(case):
        went_on = went_on_without(case, wait) if wait.is_bare_fin and wait.asker == fin.source else None
        if went_on is not None:
            return it_went_on(case, wait, went_on)
    return None


def _overlooked(case: Case, weighed: Weighed, fin: Fin) -> tuple[Claim, ...]:
    """What became of the FIN at the local end."""
    if weighed[ExplanationId.WRITE_ON_HALF_CLOSED].status in (Status.SUPPORTED, Status.POSSIBLE):
        return local_after_fin(case)
    if not case.has_seen_fin:
        return (fin_not_acknowledged(case, fin), *_ended_by_rst(case, weighed))
    return present(left_alone(case)) or _ended_by_rst(case, weighed)


def _shares_of_peer_fin(case: Case, weighed: Weighed, kind: Kind) -> tuple[Attribution, ...]:
    shares = [Attribution.NETWORK_PATH if kind is Kind.MIDDLEBOX_CLOSED else Attribution.PEER_SERVICE]
    if supported(weighed, ExplanationId.HOST_FROZEN_HERE) or supported(weighed, ExplanationId.PROBE_NOT_SENT):
        shares.append(Attribution.LOCAL_HOST)
    if pings_of_local(case) or supported(
        weighed, ExplanationId.WRITE_ON_HALF_CLOSED, ExplanationId.APPLICATION_STALLED
    ):
        shares.append(Attribution.LOCAL_APPLICATION)
    elif silent_past_keepalive(case) is not None:
        # A capture at the server does not tell whether the program sent nothing, or the path lost it.
        shares += [Attribution.LOCAL_APPLICATION, Attribution.NETWORK_PATH]
    return once(shares)


def _why_peer_closed(case: Case, weighed: Weighed, fin: Fin) -> tuple[Kind, Confidence]:
    if supported(weighed, ExplanationId.MIDDLEBOX_CLOSE):
        return Kind.MIDDLEBOX_CLOSED, Confidence.POSSIBLE
    if supported(weighed, ExplanationId.PEER_RESTART):
        return Kind.PEER_RESTARTED, Confidence.LIKELY
    age = close_age(case)
    if age is None or age.ns < IDLE_FROM_NS or case.used_half_close or tell_cut(case) is not None:
        return Kind.PEER_CLOSED, Confidence.LIKELY
    found = weighed[ExplanationId.PEER_IDLE_CLOSE]
    idle = found.status
    if is_nobodys_limit(case, found):
        return Kind.PEER_CLOSED, Confidence.LIKELY
    # With a reply outstanding, a time limit on the reply is as likely as one on the silence.
    is_owing = reply_outstanding(case, fin) is not None
    if idle is Status.NO_EVIDENCE or (idle is Status.POSSIBLE and is_owing):
        return Kind.PEER_CLOSED, Confidence.LIKELY
    is_sure = idle is Status.SUPPORTED and not is_owing
    return Kind.PEER_CLOSED_IDLE, Confidence.LIKELY if is_sure else Confidence.POSSIBLE


def local_fin(case: Case, weighed: Weighed, fin: Fin) -> Verdict:
    """The local end closed first."""
    closed = closed_first(case, fin)
    deciding = _deciding_fin(case, fin)
    own = (Attribution.LOCAL_APPLICATION,)
    if supported(weighed, ExplanationId.MIDDLEBOX_CLOSE):
        foreign_claims, path = (closed, *foreign(weighed)), (Attribution.NETWORK_PATH,)
        return Verdict(Kind.MIDDLEBOX_CLOSED, foreign_claims, Confidence.POSSIBLE, path, deciding)
    shares = list(own)
    if supported(weighed, ExplanationId.PROBE_NOT_SENT):
        shares.append(Attribution.LOCAL_HOST)
    if supported(weighed, ExplanationId.PATH_LOSS) or _went_unanswered(case):
        shares.append(Attribution.NETWORK_PATH)
    elsewhere = refused_from_elsewhere(case, case.ending.post_fin_reset)
    if elsewhere:
        shares.append(Attribution.NETWORK_PATH)
    request = _owed_a_reply(case, fin)
    owed = _no_reply_yet(case) if request is None else tell_outstanding(case, request, fin)
    in_vain = None if request is not None else _rest_outstanding(case, fin) or _waited_in_vain(case, fin)
    had_not_heard = case.said is not None and case.said.by == case.local and case.said.parting.why is Why.UNHEARD
    silent, stopped = silent_past_keepalive(case), stopped_stream(case)
    late_reply = came_too_late(case, fin)
    left_undone = request, in_vain, late_reply, silent, stopped
    if had_not_heard or any(what is not None for what in left_undone):
        shares.append(Attribution.PEER_SERVICE)
    not_heard = in_vain or silent or (None if case.has_seen_fin else stopped)
    if not_heard is not None and not case.is_at_peer:
        shares.append(Attribution.NETWORK_PATH)
    claims = (
        *(
            closed,
            *present(_fin_sent_again(case)),
            *(() if elsewhere else _by_local_end(case, fin)),
            *present(silent, stopped),
            *keepalive_trouble(case),
            *present(late_answers(case)),
        ),
        *_ended_by_rst(case, weighed),
        *present(
            unread_here(case),
            left_alone(case),
            reopened_window(case),
            made_good(case),
            owed,
            in_vain or tell_cut(case),
            _sent_afterwards(case),
            late_reply,
        ),
        *elsewhere,
        *(weighed[ExplanationId.CLOSE_RACE].evidence if supported(weighed, ExplanationId.CLOSE_RACE) else ()),
    )
    is_sure = case.has_seen_fin and not case.doubt and not elsewhere and late_reply is None
    confidence = Confidence.LIKELY if is_sure else Confidence.POSSIBLE
    return Verdict(Kind.LOCAL_CLOSED, claims, confidence, once(shares), deciding)


def _fin_sent_again(case: Case) -> Claim | None:
    """That nobody acknowledged the FIN, which was repeated."""
    wait = open_wait(case)
    return fin_sent_again(case, wait) if wait is not None and wait.is_bare_fin else None


def _owed_a_reply(case: Case, fin: Fin) -> Frame | None:
    """What the local end sent last, if it is the client and that had been acknowledged and not replied to for a while:
    a request without its response, as far as requests have one.
    """
    request = open_request(case)
    if case.local_party is not Party.CLIENT or request is None or is_leave(case, request):
        return None
    last = request.request
    if last.source != case.local:
        return None
    least = LATE_NS if request.is_owed or _had_waited(case) else IDLE_FROM_NS
    return last if fin.time_ns - last.time_ns >= least and open_wait(case) is None else None


def _had_waited(case: Case) -> bool:
    """Whether the log says that its program had waited for too long."""
    return case.log is not None and case.log.errno in (Errno.DEADLINE, Errno.ETIMEDOUT)


def _rest_outstanding(case: Case, fin: Fin) -> Claim | None:
    """That the peer had not gone on with its reply for a while when the local end closed; None else."""
    last = case.connection.last_data_before(fin.time_ns)
    if case.cut is None or case.cut.by != case.peer or last is None or last.source != case.peer:
        return None
    is_long = fin.time_ns - last.time_ns >= IDLE_FROM_NS
    return tell_cut(case) if is_long and open_wait(case) is None else None


def _waited_in_vain(case: Case, fin: Fin) -> Claim | None:
    """That the local end's log says that it had waited for long enough, where the peer had spoken last, in segments as
    large as any, and then said nothing more: a message seldom ends with a full segment, so the rest of a reply may be
    missing. None else.
    """
    last = case.connection.last_data_before(fin.time_ns)
    if not _had_waited(case) or last is None or last.source != case.peer:
        return None
    waited = fin.time_ns - last.time_ns
    lengths = [frame.length for frame in case.connection.frames if frame.source == case.peer]
    is_full = last.length == max(lengths) >= LEAST_FULL and lengths.count(last.length) > 1
    if not is_full or waited < IDLE_FROM_NS or open_wait(case) is not None:
        return None
    return claim(
        "waited-in-vain",
        (last.number, fin.frame),
        who=case.local_party,
        other=case.peer_party,
        last=FrameNumber(last.number),
        waited=Duration(waited),
        at_peer=case.is_at_peer,
    )


def _no_reply_yet(case: Case) -> Claim | None:
    """That the local end closed too soon after it had said something for the want of a reply to be anybody's."""
    request = open_request(case)
    if request is None or request.asker != case.local or request.owes_nothing or is_leave(case, request):
        return None
    if case.said is not None and case.said.frame == request.request.number:
        return None  # its last words
    if open_wait(case) is not None or came_later(case, request) is not None:
        return None
    return tell_no_reply(case, request)


def _sent_afterwards(case: Case) -> Claim | None:
    """What the peer still sent after the local end's FIN."""
    reset = case.ending.post_fin_reset
    if reset is not None and reset.source == case.local:
        return refused_after_fin(case, reset)
    write = next((write for write in case.ending.post_fin_writes if write.source == case.peer), None)
    return None if write is None else written_after_fin(case, write)


def _went_unanswered(case: Case) -> bool:
    """Whether several probes in a row of the local end got no answer; at the peer, its own kernel gave none."""
    return not case.is_at_peer and any(f.in_a_row > 1 for f in case.connection.unanswered(case.local))


def _by_local_end(case: Case, fin: Fin) -> tuple[Claim, ...]:
    return () if case.doubt else (claim("close-by-local-end", (fin.frame,)),)


def _deciding_fin(case: Case, fin: Fin) -> tuple[Claim, ...]:
    who = case.roles.party(fin.source)
    crossed = crossed_fins(case)
    if case.doubt:
        first = claim("close-first-doubted", (fin.frame,), who=who, doubt=case.doubt)
    elif crossed is not None:
        first = crossed
    else:
        first = claim("close-first-segment", (fin.frame,), who=who)
    missed = case.connection.missed(case.local)
    in_time = closed_before_due(case)
    if missed:
        # A host that had stood still may close for that reason, another one cannot know of a missing probe.
        apart = claim(
            "keepalive-gap-no-cause" if fin.source == case.peer else "keepalive-gap-apart",
            gap_frames(missed[0]),
            gap=tell_gaps(case, missed),
        )
        return (first, apart)
    if in_time is not None and in_time.frame == fin.frame:
        return (first, next_probe_due(in_time))
    return (first,)
