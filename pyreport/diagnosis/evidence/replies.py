"""A request without its reply, as far as the connection itself showed that its requests have replies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.ending import farewell_of
from pyreport.connections.roles import client_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import (
    FEWEST_TURNS,
    IDLE_FROM_NS,
    LATE_NS,
    LATE_ROUND_TRIPS,
    LONGEST_COMMAND,
    LONGEST_FINISHED,
    LONGEST_LEAVE,
    PROMPT_CLOSE_NS,
)
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, Frame
from pyreport.frames.seq import ahead
from pyreport.knowledge.services import HTTPS, service_name
from pyreport.quality import FlawId

# Services that reply to each request: HTTP, if only by an error (RFC 9110 section 3.4).
OWE_REPLIES = ("HTTP",)


class OpenRequest(Struct, frozen=True):
    """Payload of ``asker`` after which ``replier`` sent none. Durations are in ns.

    ``request`` is the last new payload. ``since`` is the first that got no reply: ``request`` itself, or where the
    replier stopped replying, the one after its last reply, which ``again`` more followed.
    ``waited_ns`` runs from ``since``, or from its acknowledgment where one came in that time,
    to the first close, or to the end of the capture. ``turns`` counts the replies that the connection showed,
    ``habit_ns`` is the longest that one took, ``lonely`` counts the payloads that got none and that the asker followed
    up all the same, ``unasked`` the payloads that the replier sent of its own accord after a pause, ``octets`` all that
    the asker sent since the last reply, and ``is_like_others``: an earlier request of that size had its reply.
    ``is_owed``: its protocol owes each request a reply, as the log line or the port names it, and this may be one: what
    follows an upgrade to WebSocket (RFC 6455) needs no reply, is followed up without one, or is shorter than a request.
    ``is_greeting``: it is the greeting of TLS, which is owed one, too, if only an alert (RFC 8446 section 2).
    ``acknowledged_by`` shows that the replier's kernel has the request.
    ``given_up_by`` is the frame with which the asker ended the wait, ``left_by`` the one with which the replier did;
    None otherwise.
    """

    asker: Endpoint
    replier: Endpoint
    request: Frame
    waited_ns: int
    turns: int
    habit_ns: int
    lonely: int
    unasked: int
    octets: int
    is_like_others: bool
    is_owed: bool
    is_greeting: bool
    acknowledged_by: Frame | None
    given_up_by: Frame | None
    left_by: Frame | None
    since: Frame
    again: int

    @property
    def is_long(self) -> bool:
        """Whether it waited for longer than the connection's own habit, and than a person calls short."""
        return self.waited_ns >= max(IDLE_FROM_NS, LATE_ROUND_TRIPS * self.habit_ns)

    @property
    def is_short(self) -> bool:
        """Whether the wait is nothing that stands out, as long as the reply may still come."""
        return self.waited_ns <= max(LATE_NS, self.habit_ns)

    @property
    def is_habit(self) -> bool:
        """Whether the connection showed that its requests have replies."""
        return self.turns >= FEWEST_TURNS and not self.lonely and not self.unasked

    @property
    def is_left(self) -> bool:
        """Whether the replier closed instead of replying, to more than leave that was taken (QUIT, a TLS alert), on a
        connection whose requests had replies, or where each is owed one. What has the size of a request that had its
        reply is one, too, where it is no bare command: MySQL's COM_PING is as long as its COM_QUIT.
        """
        is_like_others = self.is_like_others and self.turns >= FEWEST_TURNS and self.octets > LONGEST_COMMAND
        is_request = self.octets > LONGEST_LEAVE or is_like_others
        return self.left_by is not None and is_request and (self.turns > 0 or self.is_owed) and not self.lonely

    @property
    def owes_nothing(self) -> bool:
        """Whether the connection showed that what the asker sends needs no reply."""
        return self.lonely > self.turns


def open_request(case: Case) -> OpenRequest | None:
    """The request that was open when the connection closed, or when the capture ended; None when there was none, or
    when the capture does not show what the other end sends. A short message after the first reply of a TLS server ends
    the handshake, and wants no reply (RFC 5246 section 7.3, RFC 8446 section 2).
    """
    first = case.ending.first
    frames = _before_the_farewell(case, [f for f in _new_payload(case) if first is None or f.number <= first.frame])
    if not frames:
        return None
    asker = client_of(case.connection) or frames[-1].source
    if frames[-1].source != asker or not _is_seen(case, case.connection.other(asker)):
        return None
    turns = lonely = habit = unasked = octets = followed = 0
    replied: set[int] = set()
    asked: Frame | None = None
    request, row = frames[-1], _unanswered_row(frames, asker)
    frames = frames[: len(frames) - len(row)]
    for before, frame in pairwise([frames[0], *frames]):
        if frame.source == asker:
            if asked is not None and frame.time_ns - asked.time_ns >= max(IDLE_FROM_NS, habit):
                lonely += 1
            followed += asked is not None and frame.time_ns - asked.time_ns >= LATE_NS
            asked, octets = frame, octets + frame.length
        elif asked is not None:
            replied.add(octets)
            turns, habit, asked, octets = turns + 1, max(habit, frame.time_ns - asked.time_ns), None, 0
        elif frame.time_ns - before.time_ns >= LATE_NS:
            unasked += 1
    since = frames[-1]
    replier = case.connection.other(asker)
    has_start = case.connection.outline.syn_from >= 0
    if has_start and turns == 1 and octets <= LONGEST_FINISHED and service_name(replier) == HTTPS:
        return None
    end = first.time_ns if first is not None else case.span.last_time_ns
    closing = None if first is None else case.connection.frame(first.frame)
    given_up, left = (closing, None) if closing is not None and closing.source == asker else (None, closing)
    ack = next((f for f in case.connection.frames if f.number > since.number and _acknowledges(f, since)), None)
    waited_ns = end - (ack if ack is not None and ack.time_ns <= end else since).time_ns
    is_owed = _is_owed(case, replier) and not followed and not unasked and octets >= min(replied, default=0)
    is_greeting = has_start and not turns and frames[0].source == asker and service_name(replier) == HTTPS
    return OpenRequest(
        asker, replier, request, waited_ns, turns, habit, lonely, unasked, octets, octets in replied,
        is_owed or is_greeting, is_greeting, ack, given_up, left, since, len(row),
    )  # fmt: skip


def _unanswered_row(frames: Sequence[Frame], asker: Endpoint) -> Sequence[Frame]:
    """What the asker sent after the first message that got no reply, where the connection shows that the replier
    stopped: each message since the last reply has the size of messages that all got their reply, each by itself.
    Empty where that does not hold, as of an upload after a greeting.
    """
    replied, together = Counter[int](), set[int]()
    run: list[Frame] = []
    for frame in frames:
        if frame.source == asker:
            run.append(frame)
            continue
        if len(run) == 1:
            replied[run[0].length] += 1
        else:
            together.update(one.length for one in run)
        run = []
    stopped = all(replied[one.length] >= FEWEST_TURNS and one.length not in together for one in run)
    return run[1:] if stopped else []


def _is_owed(case: Case, replier: Endpoint) -> bool:
    service = (case.log.service if case.log is not None else "") or service_name(replier)
    return service in OWE_REPLIES


def _before_the_farewell(case: Case, frames: list[Frame]) -> list[Frame]:
    """The payload without the leave that the closer took (a TLS alert), where it had a request open when it did: what
    asks for nothing is not what it waited for. Fewer replies than FEWEST_TURNS may be the handshake of TLS, whose last
    message wants none (RFC 5246 section 7.3, RFC 8446 section 2).
    """
    first = case.ending.first
    farewell = None if first is None else farewell_of(first)
    if first is None or farewell is None:
        return frames
    before = [frame for frame in frames if frame.source != first.source or frame.number < farewell]
    turns = sum(1 for one, after in pairwise(before) if one.source == first.source != after.source)
    return before if turns >= FEWEST_TURNS and before[-1].source == first.source else frames


def came_later(case: Case, request: OpenRequest) -> Frame | None:
    """The reply, where it came after the asker had closed its side: it may have closed one side only (RFC 9293 3.6)."""
    first = case.ending.first
    if first is None or first.source != request.asker:
        return None
    return next((f for f in _new_payload(case) if f.source == request.replier and f.number > first.frame), None)


def is_leave(case: Case, request: OpenRequest) -> bool:
    """Whether what has no reply is the farewell with which the asker closed: it asked for nothing."""
    first = case.ending.first
    farewell = None if first is None or first.source != request.asker else farewell_of(first)
    return farewell is not None and request.request.number >= farewell


def tell_no_reply(case: Case, request: OpenRequest) -> Claim:
    """For how long a request had no reply, and what replies took on this connection."""
    return claim(
        "health-no-reply",
        (request.since.number,),
        who=case.roles.party(request.asker),
        other=case.roles.party(request.replier),
        frame=FrameNumber(request.since.number),
        waited=Duration(request.waited_ns),
        habit=Duration(request.habit_ns),
        turns=request.turns,
    )


def _is_seen(case: Case, side: Endpoint) -> bool:
    """Whether the capture shows what a side sends."""
    return case.quality.told(FlawId.ONE_SIDED) is None and any(f.source == side for f in case.connection.frames)


def _acknowledges(frame: Frame, request: Frame) -> bool:
    is_ack = frame.source != request.source and frame.has(FLAG_ACK) and not frame.has(FLAG_RST)
    return is_ack and ahead(frame.ack, request.end) >= 0


def fin_ignored(case: Case, request: OpenRequest) -> tuple[int, ...]:
    """The asker's FIN and its acknowledgment, when the replier's kernel acknowledged the FIN and its application
    neither wrote nor closed for ``IDLE_FROM_NS`` after it, up to the end of the capture: it does not serve the
    connection. Empty when it did, or when the capture does not tell.
    """
    fin, ack = case.ending.fin, case.ending.fin_ack
    if fin is None or ack is None or fin.source != request.asker:
        return ()
    after = [f for f in case.connection.frames if f.source == request.replier and f.number > fin.frame]
    if any(frame.length or frame.has(FLAG_FIN | FLAG_RST) for frame in after):
        return ()
    return (fin.frame, ack.frame) if case.span.last_time_ns - ack.time_ns >= IDLE_FROM_NS else ()


def closed_promptly(case: Case, request: OpenRequest) -> tuple[int, ...]:
    """The asker's FIN and the replier's, when the replier's application closed soon after: it read the connection, so
    it may have owed nothing. Empty when it did not.
    """
    fin, answering = case.ending.fin, case.ending.answering_fin
    if fin is None or answering is None or fin.source != request.asker:
        return ()
    return (fin.frame, answering.number) if answering.time_ns - fin.time_ns < PROMPT_CLOSE_NS else ()


def _new_payload(case: Case) -> Iterator[Frame]:
    """Frames with payload that no earlier frame had, in order."""
    reach: dict[str, int] = {}
    for frame in case.connection.frames:
        if not frame.length or frame.has(FLAG_RST) or frame.found(Probe):
            continue
        before = reach.get(frame.source)
        if before is None or ahead(frame.end, before) > 0:
            reach[frame.source] = frame.end
            yield frame
