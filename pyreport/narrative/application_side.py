"""What the capture and the log line prove about the program at the local end, in sentences that cite frames."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.application.kafka_apis import api_name
from pyreport.application.kafka_messages import Exchange, Request
from pyreport.application.last_messages import last_messages
from pyreport.base.claim import Claim
from pyreport.base.sentence import capitalized, sentence
from pyreport.base.units import count_words, format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import PROMPT_CLOSE_NS
from pyreport.frames.frame import Finding
from pyreport.logs.model import Errno
from pyreport.narrative.failed_write import failed_without_packet
from pyreport.quality import RestsOn


def application_side(case: Case, exchange: Exchange | None) -> tuple[Claim, ...]:
    """What was said last, what drew the RST, what the error text proves and when the application could know."""
    return (*_last_words(case, exchange), *_close_wait(case), *_what_drew_the_reset(case), *_about_the_log(case))


# The last messages ---------------------------------------------------------------------------------------------------


def _last_words(case: Case, exchange: Exchange | None) -> Iterator[Claim]:
    close = case.ending.first
    requests = exchange.until(close.frame if close else None) if exchange else ()
    if exchange is not None and requests:
        yield _last_request(case, requests[-1], exchange.software)
        yield _outstanding(case, exchange)
    else:
        yield from _who_spoke_last(case)


def _last_request(case: Case, request: Request, software: str) -> Claim:
    text = f"The last Kafka request is {_tell(request)}"
    if request.client_id:
        text += f", client id “{request.client_id}”"
    if software:
        text += f", of a client that names itself “{software}”"
    close = case.ending.first
    if close is not None:
        text += f", {format_duration(close.time_ns - request.time_ns)} before the close"
    if not request.wants_answer:
        return sentence(f"{text}; it asks for no response (acks=0).", (request.frame,))
    if request.answer is None or request.answer_ns is None:
        return sentence(f"{text}; this capture has no response to it.", (request.frame,))
    after = format_duration(request.answer_ns - request.time_ns)
    late = "; the response came only after the close" if request.waits_at(close.frame if close else None) else ""
    return sentence(f"{text}; answered after {after}{late}.", (request.frame, request.answer))


def _outstanding(case: Case, exchange: Exchange) -> Claim:
    close = case.ending.first
    moment = "at the close" if close is not None else "at the capture's end"
    waiting = exchange.outstanding_at(close.frame if close else None)
    if waiting is None:
        text = (
            f"Whether a request was outstanding {moment} cannot be told: not all that "
            f"{case.roles.name(exchange.server)} sent could be read as Kafka, as when a capture begins in mid-message."
        )
        return sentence(text, (exchange.unread,) if exchange.unread else ())
    if not waiting:
        owing = case.roles.name(exchange.server)
        return sentence(f"No request was outstanding {moment}: {owing} owed no response.")
    were = "was" if len(waiting) == 1 else "were"
    text = f"{capitalized(count_words(len(waiting), 'request'))} {were} outstanding {moment}"
    text += f"; the oldest is {_tell(waiting[0])}" if len(waiting) > 1 else f": {_tell(waiting[0])}"
    if case.quality.against(RestsOn.ANSWERS, RestsOn.PAYLOAD):
        text += ". But this capture lacks frames or parts of them, and the response may be among those"
    return sentence(f"{text}.", tuple(request.frame for request in waiting))


def _tell(request: Request) -> str:
    return f"{api_name(request.api_key)} version {request.api_version}, correlation id {request.correlation_id}"


def _who_spoke_last(case: Case) -> Iterator[Claim]:
    close = case.ending.first
    said = sorted(
        last_messages(case.connection, close.frame if close else None).values(), key=lambda message: message.last_frame
    )
    if not said:
        return
    last = said[-1]
    ago = f", {format_duration(close.time_ns - last.time_ns)} before the close" if close is not None else ""
    text = f"{case.roles.title(last.source)} spoke last{ago}: {last.octets:,} bytes"
    if len(said) == 1:
        yield sentence(f"{text}. No payload of the other side was captured.", (last.first_frame, last.last_frame))
        return
    before = said[0]
    text += f". Before that, {case.roles.name(before.source)} had sent {before.octets:,} bytes."
    yield sentence(text, (before.first_frame, before.last_frame, last.first_frame, last.last_frame))


# The socket ----------------------------------------------------------------------------------------------------------


def _close_wait(case: Case) -> Iterator[Claim]:
    kept, fin = case.close_wait_ns, case.ending.fin
    if kept is None or fin is None or kept < PROMPT_CLOSE_NS:
        return
    ends = [frame for frame in (case.ending.answering_fin, case.ending.dead) if frame is not None]
    if not ends:
        text = (
            f"The application kept the socket in CLOSE-WAIT for at least {format_duration(kept)}, to the capture's end."
        )
        yield sentence(text, (fin.frame,))
        return
    end = min(ends, key=lambda frame: frame.time_ns)
    until = "its own FIN" if end is case.ending.answering_fin else "the RST"
    text = f"The application kept the socket in CLOSE-WAIT for {format_duration(kept)}, from the FIN to {until}."
    yield sentence(text, (fin.frame, end.number))


def _what_drew_the_reset(case: Case) -> Iterator[Claim]:
    reset = case.ending.post_fin_reset or case.ending.reset
    cause = case.connection.frame(reset.number("cause_frame") or 0) if reset is not None else None
    if reset is None or cause is None:
        return
    sender = case.roles.name(cause.source)
    if cause.found("probe"):
        text = (
            f"A keep-alive probe of {sender}'s kernel drew the RST; it took no write of the application to find the "
            "connection gone."
        )
    else:
        text = (
            f"A write of {sender} ({cause.length:,} bytes) drew the RST. For the program that write had succeeded; the "
            "error comes with the next use of the socket."
        )
    yield sentence(text, (cause.number, reset.frame))


# The log line --------------------------------------------------------------------------------------------------------


def _about_the_log(case: Case) -> Iterator[Claim]:
    if case.log is None:
        return
    proof = _proof(case, f"“{case.log.error_text}”", case.log.errno)
    if proof is not None:
        yield proof
    yield from _late(case)
    dead = failed_without_packet(case)
    if dead is not None:
        text = (
            "No packet exists for the failed write, which is expected: the socket was dead since the RST, so the write "
            "failed inside the host."
        )
        yield sentence(text, (dead.number,))


def _proof(case: Case, said: str, errno: Errno) -> Claim | None:
    """What the text proves about the order of FIN and RST, where the capture bears it out; where it does not, that is
    a contradiction (pyreport.diagnosis.evidence.contradictions). Linux tcp_reset() in net/ipv4/tcp_input.c.
    """
    ending = case.ending
    fin, dead, first = ending.fin, ending.dead, ending.first
    if errno is Errno.EPIPE and case.peer_closed_first and fin is not None and dead is not None:
        text = f"{said} as a connection's first error means, on Linux, a FIN first and an RST after it, as captured."
        return sentence(text, (fin.frame, dead.number))
    if errno is Errno.ECONNRESET and fin is None and dead is not None and dead.source == case.peer:
        return sentence(f"{said} means an RST with no FIN before it, as captured.", (dead.number,))
    if errno is Errno.ETIMEDOUT and ending.gave_up is not None and ending.gave_up.source == case.local:
        return sentence(f"{said} means that nobody answered; the kernel gave up.", (ending.gave_up.frame,))
    if errno is Errno.ETIMEDOUT and first is None:
        return sentence(
            f"{said} means that nobody answered. A kernel whose retransmissions run out sends nothing, so no close in "
            "the capture is no contradiction (tcp_write_err)."
        )
    if errno is Errno.EOF and case.peer_closed_first and fin is not None:
        return sentence(f"{said} means that the application read the FIN: the peer closed in order.", (fin.frame,))
    if errno is Errno.DEADLINE:
        return sentence(f"{said} is the program's own limit; it does not tell what state the connection was in.")
    if errno is Errno.DISCONNECTED and first is not None:
        return sentence(f"{said} does not tell a FIN from an RST; the capture does: {_name(first)}.", (first.frame,))
    if errno is Errno.CLOSED_HERE:
        return sentence(f"{said} means that the program that wrote the line closed the connection itself.")
    return None


def _name(first: Finding) -> str:
    return "a FIN" if first.id == "fin" else "an RST"


def _late(case: Case) -> Iterator[Claim]:
    """Why the line is later than the packets."""
    sign = case.ending.dead or (case.connection.frame(case.ending.fin.frame) if case.ending.fin else None)
    if sign is None or case.log_ns is None or sign.source == case.local:
        return
    late = case.log_ns - sign.time_ns
    if late >= PROMPT_CLOSE_NS:
        what = "RST" if sign is case.ending.dead else "FIN"
        text = (
            f"The line was written {format_duration(late)} after the {what}: the kernel keeps what happened until the "
            "application uses the socket, and only then is there something to log."
        )
        yield sentence(text, (sign.number,))
