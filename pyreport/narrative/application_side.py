"""What the capture and the log line prove about the program at the local end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pyreport.application.kafka_messages import Exchange
from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import PROMPT_CLOSE_NS
from pyreport.frames.findings import Fin, Probe
from pyreport.logs.model import Errno, LogError
from pyreport.narrative.close_wait import close_wait
from pyreport.narrative.failed_write import why_no_packet
from pyreport.narrative.last_words import last_words


def application_side(case: Case, exchange: Exchange | None) -> tuple[Claim, ...]:
    """What was said last, what drew the RST, what the error text proves and when the application could know."""
    return tuple(chain.from_iterable(application_paragraphs(case, exchange)))


def application_paragraphs(case: Case, exchange: Exchange | None) -> tuple[tuple[Claim, ...], ...]:
    """The same in paragraphs."""
    return (*last_words(case, exchange), *((told,) for told in (*_the_socket(case), *_about_the_log(case))))


def _the_socket(case: Case) -> Iterator[Claim]:
    kept = close_wait(case)
    if kept is not None and kept.kept_ns >= PROMPT_CLOSE_NS:
        yield kept.claim
    reset = case.ending.post_fin_reset or case.ending.reset
    cause = case.connection.frame(reset.cause_frame or 0) if reset is not None else None
    if reset is None or cause is None or cause.source == reset.source:
        return  # an end that gives up its own data answers nothing
    who, frames = case.roles.party(cause.source), (cause.number, reset.frame)
    if cause.found(Probe):
        yield claim("reset-drawn-by-probe", frames, who=who)
    else:
        yield claim("reset-drawn-by-write", frames, who=who, sent=cause.length)


def _about_the_log(case: Case) -> Iterator[Claim]:
    if case.log is None:
        return
    proof = _proof(case, case.log)
    if proof is not None:
        yield proof
    if case.log.reason is not None:
        who = case.local_party if case.log.by_server else case.peer_party
        yield claim("error-tells-reason", who=who, reason=case.log.reason)
    yield from _late(case)
    reason = why_no_packet(case)
    if reason is not None:
        yield reason


def _proof(case: Case, log: LogError) -> Claim | None:
    """What the text proves about the order of FIN and RST, where the capture bears it out; where it does not, that is
    a contradiction (pyreport.diagnosis.evidence.contradictions). Linux tcp_reset() in net/ipv4/tcp_input.c.
    """
    ending, said = case.ending, log.error_text
    fin, dead, first = ending.fin, ending.dead, ending.first
    match log.errno:
        case Errno.EPIPE if case.peer_closed_first and fin is not None and dead is not None:
            return claim("error-proves-fin-then-rst", (fin.frame, dead.number), error=said)
        case Errno.ECONNRESET if fin is None and dead is not None and dead.source == case.peer:
            return claim("error-proves-rst-alone", (dead.number,), error=said)
        case Errno.ETIMEDOUT if ending.gave_up is not None and ending.gave_up.source == case.local:
            return claim("error-proves-giving-up", (ending.gave_up.frame,), error=said, who=case.local_party)
        case Errno.ETIMEDOUT if first is None:
            return claim("error-of-silent-giving-up", error=said)
        case Errno.EOF if case.peer_closed_first and fin is not None:
            return claim("error-proves-fin-was-read", (fin.frame,), error=said)
        case Errno.DEADLINE:
            return claim("error-is-own-limit", error=said)
        case Errno.DISCONNECTED if first is not None:
            return claim(
                "error-fin-or-rst", (first.frame,), error=said, how="fin" if isinstance(first, Fin) else "reset"
            )
        case Errno.CLOSED_HERE:
            return claim("error-closed-here", error=said)
    return None


def _late(case: Case) -> Iterator[Claim]:
    """Why the line is later than the packets."""
    sign = case.ending.dead or (case.connection.frame(case.ending.fin.frame) if case.ending.fin else None)
    if sign is None or case.log_ns is None or sign.source == case.local:
        return
    late = Duration(case.log_ns - sign.time_ns)
    if late >= PROMPT_CLOSE_NS:
        sign_name = "reset" if sign is case.ending.dead else "fin"
        yield claim("error-logged-late", (sign.number,), after=late, sign=sign_name)
