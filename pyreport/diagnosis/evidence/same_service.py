"""What happened to the other connections of the same service (address and port), and to those that came after."""

from __future__ import annotations

from enum import StrEnum

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import SAME_AGE_NS, SAME_AGE_SHARE
from pyreport.frames.finding import Finding
from pyreport.frames.findings import Fin, GaveUp, Reset
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import ahead


class Opening(StrEnum):
    """What became of an attempt to connect."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    EARLIER = "earlier"  # answered for an earlier connection of the same two ends


def is_same_age(one_ns: int, other_ns: int) -> bool:
    """Whether two ages can be the same limit."""
    return abs(one_ns - other_ns) <= max(SAME_AGE_NS, max(one_ns, other_ns) // SAME_AGE_SHARE)


def lives_on(
    index: CaptureIndex, service: str, since_ns: int, until_ns: int, closing_until_ns: int | None = None
) -> tuple[int, ...]:
    """One frame of each connection that was open at ``since_ns`` and on which the service still sent something
    other than a close after ``until_ns``. One that closed up to ``closing_until_ns`` (``until_ns`` without it) does not
    count.
    """
    closing_until_ns = until_ns if closing_until_ns is None else closing_until_ns
    frames = []
    for connection in index.still_served(service, since_ns, until_ns + 1):
        first = connection.first_of(Fin) or connection.first_of(Reset) or connection.first_of(GaveUp)
        if first is not None and first.time_ns <= closing_until_ns:
            continue
        if first is None:
            frames.append(connection.outline.last_of_end(service)[0])
        else:
            open_until = (f for f in reversed(connection.frames) if f.number < first.frame and f.time_ns > until_ns)
            alive = next((f for f in open_until if f.source == service and not f.has(FLAG_RST)), None)
            frames += [alive.number] if alive is not None else []
    return tuple(sorted(frames))


def next_opening(index: CaptureIndex, service: str, after_ns: int) -> tuple[Opening, int] | None:
    """What became of the first attempt to connect to the service after a time, and the frame that shows it; None when
    nobody tried.
    """
    attempt = index.next_opened(service, after_ns)
    return None if attempt is None else outcome_of_opening(attempt, service)


def outcome_of_opening(attempt: Connection, service: str) -> tuple[Opening, int]:
    """How an attempt went, and the frame that shows it."""
    outline = attempt.outline
    number, flags = outline.reply
    if outline.source == service:  # it sent the first frame of all: the capture begins in the middle
        return Opening.ACCEPTED, outline.first
    if not number:
        return Opening.UNANSWERED, outline.last
    if not flags & (FLAG_SYN | FLAG_RST) and outline.syn_from >= 0:
        found = _after_the_earlier(attempt, service)
        if found is None:
            return Opening.EARLIER, number
        number, flags = found.number, found.flags
    refused = flags & FLAG_RST and not flags & FLAG_SYN
    return (Opening.REFUSED if refused else Opening.ACCEPTED), number


def _after_the_earlier(attempt: Connection, service: str) -> Frame | None:
    """The service's first segment of this connection, None when it has only acknowledgments of an earlier one: bare
    ones, of a number that the client has not sent on this connection (RFC 9293 section 3.5.1; RFC 5961 section 4,
    challenge ACK). A SYN-ACK that the capture lacks is followed by numbers that it has sent.
    """
    syn, sent = attempt.syn, 0
    for frame in attempt.frames:
        if syn is None or frame.has(FLAG_SYN | FLAG_RST | FLAG_FIN) or frame.length:
            is_own = frame.source == service
        else:
            is_own = frame.source == service and 0 < ahead(frame.ack, syn.seq) <= sent
        if is_own:
            return frame
        if syn is not None and frame.source != service and not frame.has(FLAG_RST):
            sent = max(sent, ahead(frame.end, syn.seq))
    return None


def tell_opening(service: str, close: Finding, opening: tuple[Opening, int]) -> Claim:
    """How the first attempt to connect went after the service had closed a connection."""
    outcome, frame = opening
    return claim("next-opening", (close.frame, frame), service=service, outcome=outcome)


def accepted_another(case: Case, service: Endpoint) -> Claim | None:
    """The connection that the service accepted nearest in time to this attempt, which it did not accept; None when the
    capture has no other.
    """
    this = case.connection.first.time_ns
    frames = []
    for other in case.index.by_endpoint.get(service, []):
        outcome, number = outcome_of_opening(other, service)
        frame = other.frame(number) if other is not case.connection and outcome is Opening.ACCEPTED else None
        if frame is not None and other.syn is not None:
            frames.append(frame)
    nearest = min(frames, key=lambda frame: abs(frame.time_ns - this), default=None)
    if nearest is None:
        return None
    apart, is_later = Duration(abs(nearest.time_ns - this)), nearest.time_ns > this
    cited, told = (case.connection.first.number, nearest.number), FrameNumber(nearest.number)
    return claim("opening-other-accepted", cited, server=service, apart=apart, later=is_later, frame=told)


def refused_late(connection: Connection, reset: int) -> Claim | None:
    """How many SYNs had got no answer before one was refused; None where the first was."""
    syns = [f for f in connection.frames if f.number < reset and f.is_syn]
    if len(syns) < 2:
        return None
    lasted = Duration(syns[-1].time_ns - syns[0].time_ns)
    return claim("opening-unanswered-before", tuple(f.number for f in syns), syns=len(syns) - 1, lasted=lasted)


def closed_before(case: Case, early: frozenset[int]) -> Claim | None:
    """That the earlier connection of the same two ends, of which ACKs came in place of a SYN-ACK, had closed in this
    capture: the acknowledgments are those of its FIN. Its port was used again while one end still had it in TIME-WAIT,
    or had not closed it (RFC 9293 section 3.6.1). None else.
    """
    connection = case.connection
    acked = {frame.ack for frame in connection.frames if frame.number in early}
    for other in reversed(case.index.by_endpoint.get(connection.b, [])):
        if {other.a, other.b} != {connection.a, connection.b}:
            continue
        fin = other.fin_of(connection.a)
        if fin is not None and fin.time_ns < connection.first.time_ns and fin.end in acked:
            frames = (fin.number, connection.first.number)
            ago = Duration(connection.first.time_ns - other.last.time_ns)
            return claim("opening-port-used-again", frames, who=case.roles.party(connection.a), ago=ago)
    return None


def never_opened(connection: Connection) -> bool:
    """Whether the capture has the SYN and no segment but SYNs and RSTs, and acknowledgments of an earlier connection:
    no connection came to be.
    """
    early = connection.before_opening()
    return connection.syn is not None and all(
        frame.has(FLAG_RST) or frame.number in early or (frame.is_syn) for frame in connection.frames
    )
