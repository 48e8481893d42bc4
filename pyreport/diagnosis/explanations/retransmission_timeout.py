"""Data was sent again and again without an acknowledgment until the sender gave up or the capture ended."""

from __future__ import annotations

from itertools import pairwise

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import count_words, format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import closed_by_silent, given_up_by_asker, open_wait, waits
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import FEWEST_REPEATS, RAN_OUT
from pyreport.frames.frame import FLAG_SYN
from pyreport.logs.model import Errno


def explain(case: Case) -> Explanation:
    """RFC 6298 section 5: the same segment again at doubling times. Linux ends with ETIMEDOUT and no packet after
    tcp_retries2 or TCP_USER_TIMEOUT (net/ipv4/tcp_timer.c tcp_write_timeout()).
    """
    wait = open_wait(case)
    if wait is None:
        over = [found for found in waits(case) if found.is_data and found.answer is not None]
        if over:
            text = "What was sent again was acknowledged in the end."
            answers = tuple(found.answer.number for found in over if found.answer is not None)
            return _result(Status.RULED_OUT, sentence(text, answers))
        status = case.when_absent if case.ending.fin_ack is not None else Status.NO_EVIDENCE
        return _result(status, sentence("No data was sent again without an acknowledgment at the end."))
    closed = closed_by_silent(case, wait)
    if closed is not None:
        text = f"{case.roles.title(wait.silent)} had closed before, so what was sent again had nowhere to go."
        return _result(Status.RULED_OUT, sentence(text, (closed, *wait.frames)))
    repeats = len(wait.asks) - 1
    gaps = ", ".join(format_duration(after.time_ns - before.time_ns) for before, after in pairwise(wait.asks[-5:]))
    where = f"apart by {gaps}" if repeats <= 4 else f"the last ones apart by {gaps}"
    what = "its SYN" if wait.asks[0].has(FLAG_SYN) else "its FIN" if wait.is_bare_fin else "the same segment"
    text = (
        f"{case.roles.title(wait.asker)} sent {what} again {count_words(repeats, 'time')} ({where}), and "
        f"{case.roles.name(wait.silent)} never acknowledged it in this capture."
    )
    evidence = [sentence(text, wait.frames)]
    timed_out = case.log is not None and case.log.errno is Errno.ETIMEDOUT
    if timed_out:
        evidence.append(sentence("The log says “timed out” (ETIMEDOUT), as after this."))
    given_up = given_up_by_asker(case, wait)
    if repeats < FEWEST_REPEATS or not wait.backs_off:
        evidence.append(sentence("So few repeats are ordinary loss, and the capture does not show how it went on."))
    elif given_up is not None:
        text = "Its own application ended the connection, before the kernel's timer ran out or after."
        evidence.append(sentence(text, (given_up,)))
    elif case.span.last_time_ns - wait.asks[-1].time_ns > RAN_OUT * (wait.asks[-1].time_ns - wait.asks[-2].time_ns):
        evidence.append(
            sentence("The next repeat was due and did not come: its sender had given up.", wait.frames[-1:])
        )
        return _result(Status.SUPPORTED, *evidence)
    elif timed_out:
        return _result(Status.SUPPORTED, *evidence)
    return _result(Status.POSSIBLE, *evidence)


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.RETRANSMISSION_TIMEOUT, status, evidence)
