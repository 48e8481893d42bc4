"""What an application left undone on a connection: payload that it did not read, or a request that it did not answer.

A kernel acknowledges what it has put into the receive buffer (RFC 9293 3.8.6.1); only the application empties the
buffer, and only the application replies.
"""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.ending import Close
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.replies import OpenRequest, came_later, open_request
from pyreport.diagnosis.evidence.window import ClosedWindow, closed_window, closed_window_of
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, LATE_NS
from pyreport.frames.findings import Fin, GaveUp, Reset
from pyreport.frames.frame import FLAG_ACK, Frame
from pyreport.frames.seq import ahead

#: What tells of a window that stayed closed.
UNREAD = "peer-stalled-window-closed"
#: What tells of two windows that both stayed closed.
BOTH = "unread-by-both"


def left_unserved(case: Case) -> Claim | None:
    """What the local application left undone when the peer closed: the peer was not idle then, it waited. None where
    the local end owed nothing, or where the capture does not tell.
    """
    unread = unread_here(case)
    if unread is not None:
        return unread
    request = open_request(case)
    if request is None or request.replier != case.local or request.acknowledged_by is None:
        return None
    is_due = (request.is_habit and request.is_long) or (request.is_owed and request.waited_ns >= LATE_NS)
    return tell_unanswered(case, request) if is_due else None


def unread_by_peer(case: Case) -> Claim | None:
    """That the peer's window was closed, for longer than a moment, while the local end had something to send."""
    return _unread_by(case, case.peer)


def unread_here(case: Case) -> Claim | None:
    """That the local end's window was closed, for longer than a moment, while the peer had something to send."""
    return _unread_by(case, case.local)


def _unread_by(case: Case, side: Endpoint) -> Claim | None:
    window = closed_window(case)
    return tell_unread(case, window) if window is not None and window.side == side and is_unread(window) else None


def reply_outstanding(case: Case, close: Close) -> Claim | None:
    """That the peer closed without a reply to what the local end had said last, where all that it had said before got
    one, or its protocol owes it one, and the peer's kernel had it. None else: many a last word needs no reply, and a
    FIN soon after one is a reply where the connection has shown no habit.
    """
    request = open_request(case)
    if request is None or request.asker != case.local or close.source != request.replier:
        return None
    if came_later(case, request) is not None:
        return None
    if not (request.turns or request.is_owed) or request.lonely or request.unasked:
        return None
    closing = case.connection.frame(close.frame)
    has_it = closing is not None and closing.has(FLAG_ACK) and ahead(closing.ack, request.request.end) >= 0
    waited = close.time_ns - request.request.time_ns
    is_soon = isinstance(close, Fin) and waited < IDLE_FROM_NS and not request.is_left
    if not has_it or is_soon:
        return None
    return tell_outstanding(case, request.request, close)


def tell_outstanding(case: Case, request: Frame, close: Close) -> Claim:
    """That a request had no reply when the connection was closed, and for how long."""
    who, other = case.roles.party(request.source), case.roles.party(case.connection.other(request.source))
    waited = Duration(close.time_ns - request.time_ns)
    return claim("reply-outstanding", (request.number, close.frame), who=who, other=other, waited=waited)


def owed_reply(case: Case) -> Claim | None:
    """That the peer closed without a reply to a request of a connection whose requests all had one, well after it had
    the request: it was not idle but at work, or waited for the rest of the request. None else.
    """
    request, close = open_request(case), case.ending.first
    if request is None or close is None or isinstance(close, GaveUp) or not (request.is_habit or request.is_owed):
        return None
    return reply_outstanding(case, close) if request.waited_ns >= IDLE_FROM_NS else None


def perhaps_unread(case: Case, reset: Reset) -> Claim | None:
    """That the peer, which reset unasked, had been sent the last payload and said nothing after it: it may have closed
    without having read that (RFC 2525 section 2.17). None where it had spoken last itself, and so had read what it
    replied to.
    """
    closing, last = case.connection.frame(reset.frame), case.connection.last_data_before(reset.time_ns)
    if closing is None or last is None or reset.cause_frame is not None or last.source == reset.source:
        return None
    if reset.source != case.peer or not closing.has(FLAG_ACK) or ahead(closing.ack, last.end) < 0:
        return None
    frames = (last.number, reset.frame)
    return claim("reset-perhaps-unread", frames, who=case.peer_party, last=FrameNumber(last.number))


def behind_own_data(case: Case, reset: Reset) -> Claim | None:
    """That the peer, which reset unasked, had just sent data itself: an RST empties the receiver's buffer of what its
    program has not read yet (RFC 9112 section 9.6, "reset problem"; RFC 2525 section 2.17). None else.
    """
    closing, last = case.connection.frame(reset.frame), case.connection.last_data_before(reset.time_ns)
    if closing is None or last is None or reset.cause_frame is not None or not closing.has(FLAG_ACK):
        return None
    if reset.source != case.peer or last.source != case.peer or reset.time_ns - last.time_ns > LATE_NS:
        return None
    who, other, frames = case.peer_party, case.local_party, (last.number, reset.frame)
    return claim("reset-behind-own-data", frames, who=who, other=other, last=FrameNumber(last.number))


def is_unread(window: ClosedWindow) -> bool:
    """Whether the other side had something to send and asked for the window, for longer than a moment."""
    return window.used_ns >= IDLE_FROM_NS and bool(window.asks)


def unread_by_both(case: Case) -> tuple[Claim, ...]:
    """That the local end's window was closed as long as the peer's, each with something to send: neither program read,
    and each may have waited for the other. Empty else.
    """
    theirs, own = closed_window_of(case, case.peer), closed_window_of(case, case.local)
    if theirs is None or own is None or not (is_unread(theirs) and is_unread(own)):
        return ()
    first, second = sorted((theirs, own), key=lambda window: window.since.number)
    frames = (first.since.number, second.since.number)
    return tell_unread(case, own), claim(BOTH, frames, first=case.roles.party(first.side))


def tell_unread(case: Case, window: ClosedWindow) -> Claim:
    """A window that stayed closed."""
    return claim(
        UNREAD,
        window.frames,
        peer=case.roles.party(window.side),
        frame=FrameNumber(window.since.number),
        lasted=Duration(window.lasted_ns),
        asks=len(window.asks),
    )


def tell_unanswered(case: Case, request: OpenRequest) -> Claim:
    """A request that the kernel of the other side acknowledged, and that got no reply."""
    return claim(
        "peer-stalled-no-reply",
        tuple(frame.number for frame in (request.since, request.acknowledged_by) if frame is not None),
        peer=case.roles.party(request.replier),
        local=case.roles.party(request.asker),
        frame=FrameNumber(request.since.number),
        waited=Duration(request.waited_ns),
        given_up=request.given_up_by is not None,
    )
