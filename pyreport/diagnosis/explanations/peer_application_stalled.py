"""The peer's kernel took what was sent, and its application neither read nor answered."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.never_came import never_came
from pyreport.diagnosis.evidence.replies import OpenRequest, came_later, closed_promptly, fin_ignored, open_request
from pyreport.diagnosis.evidence.unserved import is_unread, tell_unanswered, tell_unread
from pyreport.diagnosis.evidence.window import asked_in_vain, closed_window, tell_asked_in_vain
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import FEWEST_REPEATS, IDLE_FROM_NS, SHORTEST_LIMIT_NS
from pyreport.logs.model import Errno


def explain(case: Case) -> Explanation:
    """A kernel acknowledges what it has put into the receive buffer (RFC 9293 3.8.6.1); only the application empties
    the buffer and only the application replies. So a window that stays closed, and an acknowledged request without its
    reply, are the application's.
    """
    window, in_vain = closed_window(case), asked_in_vain(case, case.peer)
    if window is not None and in_vain is not None:
        told = tell_asked_in_vain(case, in_vain)
        return _result(Status.POSSIBLE, tell_unread(case, window), against=(told,))
    if window is not None and window.side == case.peer:
        return _result(Status.SUPPORTED if is_unread(window) else Status.POSSIBLE, tell_unread(case, window))
    request = open_request(case)
    if request is None or request.asker != case.local:
        return _result(case.when_absent, claim("peer-stalled-replied"))
    if request.acknowledged_by is None:
        told = claim("peer-stalled-not-acknowledged", (request.request.number,), peer=case.peer_party)
        return _result(Status.NO_EVIDENCE, told)
    unheard = next((c for hole, c in never_came(case, case.peer) if hole.beyond.number > request.request.number), None)
    if unheard is not None:
        return _result(Status.NO_EVIDENCE, unheard)
    if request.owes_nothing or request.waited_ns < IDLE_FROM_NS:
        told = claim("peer-stalled-no-reply-due", (request.request.number,))
        return _result(Status.NO_EVIDENCE, told)
    return _waited(case, request)


def _waited(case: Case, request: OpenRequest) -> Explanation:
    evidence = [tell_unanswered(case, request)]
    if request.again:
        last, peer = request.request, case.peer_party
        evidence.append(
            claim("peer-stalled-asked-again", (last.number,), local=case.local_party, peer=peer, again=request.again)
        )
    ignored = fin_ignored(case, request)
    if ignored:
        evidence.append(claim("peer-stalled-fin-ignored", ignored, peer=case.peer_party, local=case.local_party))
    evidence += _replied_later(case, request)
    timed_out = case.log is not None and case.log.errno is Errno.ETIMEDOUT
    if timed_out:
        evidence.append(claim("peer-stalled-log-timed-out"))
    closed = closed_promptly(case, request)
    if closed and not timed_out:
        told = claim("peer-stalled-closed-promptly", closed, peer=case.peer_party, local=case.local_party)
        return _result(Status.POSSIBLE, *evidence, against=(told,))
    silent = _kernel_silent(case)
    if silent is not None:
        return _result(Status.POSSIBLE, *evidence, against=(silent,))
    is_given_up = request.given_up_by is not None or timed_out or request.again >= FEWEST_REPEATS
    if request.is_habit and request.is_long and is_given_up:
        told = claim("peer-stalled-habit", peer=case.peer_party, turns=request.turns, habit=Duration(request.habit_ns))
        return _result(Status.SUPPORTED, *evidence, told)
    if request.is_greeting and (is_given_up or request.waited_ns >= SHORTEST_LIMIT_NS):
        return _result(Status.SUPPORTED, *evidence, claim("peer-stalled-greeting", (request.request.number,)))
    if ignored or (timed_out and request.is_long):
        return _result(Status.SUPPORTED, *evidence)
    return _result(Status.POSSIBLE, *evidence, claim("peer-stalled-may-owe-nothing", peer=case.peer_party))


def _replied_later(case: Case, request: OpenRequest) -> tuple[Claim, ...]:
    """That the peer's application went on when the local end had closed its side: it was slow, and does not hang."""
    reply, closed = came_later(case, request), request.given_up_by
    if reply is None or closed is None:
        return ()
    since, frames = request.since, (request.since.number, closed.number, reply.number)
    told = claim(
        "peer-stalled-replied-later",
        frames,
        peer=case.peer_party,
        local=case.local_party,
        frame=FrameNumber(reply.number),
        waited=Duration(reply.time_ns - since.time_ns),
        closed=Duration(reply.time_ns - closed.time_ns),
    )
    return (told,)


def _kernel_silent(case: Case) -> Claim | None:
    """That the local end gave up over probes, which a kernel answers whatever its applications do (RFC 9293 3.8.4)."""
    gave_up = case.ending.gave_up
    if gave_up is None or gave_up.source != case.local:
        return None
    return claim("peer-stalled-kernel-silent", (gave_up.frame,), peer=case.peer_party)


def _result(status: Status, *evidence: Claim, against: tuple[Claim, ...] = ()) -> Explanation:
    return Explanation(ExplanationId.PEER_APPLICATION_STALLED, status, evidence, against)
