"""Data was sent again and again without an acknowledgment until the sender gave up or the capture ended."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import Wait, closed_by_silent, given_up_by_asker, open_wait, waits
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import FEWEST_REPEATS, RAN_OUT
from pyreport.frames.frame import FLAG_SYN
from pyreport.logs.model import Errno

#: So many of the last gaps between the repeats are told.
TOLD_GAPS = 4


class Repeated(StrEnum):
    """What was sent again."""

    SYN = "syn"
    FIN = "fin"
    SEGMENT = "segment"


def explain(case: Case) -> Explanation:
    """RFC 6298 section 5: the same segment again at doubling times. Linux ends with ETIMEDOUT and no packet after
    tcp_retries2 or TCP_USER_TIMEOUT (net/ipv4/tcp_timer.c tcp_write_timeout()).
    """
    wait = open_wait(case)
    if wait is None:
        return _acknowledged(case)
    asker, silent = case.roles.party(wait.asker), case.roles.party(wait.silent)
    closed = closed_by_silent(case, wait)
    if closed is not None:
        frames = (closed, *wait.frames)
        return _result(Status.RULED_OUT, claim("retransmission-had-closed", frames, asker=asker, silent=silent))
    evidence = [_repeats(case, wait)]
    timed_out = case.log is not None and case.log.errno is Errno.ETIMEDOUT
    if timed_out:
        evidence.append(claim("retransmission-log-timed-out"))
    given_up = given_up_by_asker(case, wait)
    if wait.repeats < FEWEST_REPEATS:
        evidence.append(claim("retransmission-few"))
    elif not wait.backs_off:
        evidence.append(claim("retransmission-no-backoff"))
    elif given_up is not None:
        evidence.append(claim("retransmission-ended-by-application", (given_up,), asker=asker))
    elif case.span.last_time_ns - wait.asks[-1].time_ns > RAN_OUT * (wait.asks[-1].time_ns - wait.asks[-2].time_ns):
        evidence.append(claim("retransmission-ran-out", wait.frames[-1:], asker=asker))
        return _result(Status.SUPPORTED, *evidence)
    elif timed_out:
        return _result(Status.SUPPORTED, *evidence)
    return _result(Status.POSSIBLE, *evidence)


def _acknowledged(case: Case) -> Explanation:
    """Nothing is left unacknowledged at the end."""
    answered = [(found, found.answer) for found in waits(case) if found.is_data and found.answer is not None]
    refused = next(((found, answer) for found, answer in reversed(answered) if found.is_refused), None)
    if refused is not None:
        asker, silent = case.roles.party(refused[0].asker), case.roles.party(refused[0].silent)
        told = claim("retransmission-refused", (refused[1].number,), asker=asker, silent=silent)
        return _result(Status.RULED_OUT, told)
    answers = tuple(answer.number for _, answer in answered)
    if answers:
        return _result(Status.RULED_OUT, claim("retransmission-acknowledged", answers))
    status = case.when_absent if case.ending.fin_ack is not None else Status.NO_EVIDENCE
    return _result(status, claim("retransmission-none"))


def _repeats(case: Case, wait: Wait) -> Claim:
    repeats = wait.repeats
    what = Repeated.SYN if wait.asks[0].has(FLAG_SYN) else Repeated.FIN if wait.is_bare_fin else Repeated.SEGMENT
    return claim(
        "retransmission-repeats",
        wait.frames,
        asker=case.roles.party(wait.asker),
        silent=case.roles.party(wait.silent),
        what=what,
        repeats=repeats,
        gaps=tuple(Duration(b.time_ns - a.time_ns) for a, b in pairwise(wait.asks[-TOLD_GAPS - 1 :])),
        are_all=repeats <= TOLD_GAPS,
    )


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.RETRANSMISSION_TIMEOUT, status, evidence)
