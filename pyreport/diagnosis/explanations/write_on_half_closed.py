"""The local application went on using a connection that the peer had closed."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import PROMPT_CLOSE_NS
from pyreport.frames.frame import Finding, Level
from pyreport.logs.model import Errno


def explain(case: Case) -> Explanation:
    """FIN of the peer, acknowledged by the local kernel, no FIN of the local end, then a write or a probe: RFC 9293
    state CLOSE-WAIT, from which only the local application can go on.
    """
    fin = case.ending.fin
    if fin is None or not case.peer_closed_first:
        status = case.when_absent if case.ending.first is not None else Status.NO_EVIDENCE
        return _result(status, sentence("The peer did not close first, so there was no FIN to overlook."))
    evidence: list[Claim] = []
    ack = case.ending.fin_ack
    if ack is not None:
        delay = format_duration(ack.number("delay_ns") or 0)
        evidence.append(
            sentence(f"The local kernel had the FIN: it acknowledged it after {delay}.", (fin.frame, ack.frame))
        )
    kept = case.close_wait_ns or 0
    writes = [f for f in case.ending.post_fin_writes if f.source == case.local]
    bad_writes = [write for write in writes if write.level >= Level.WARN]
    if writes and not bad_writes:
        evidence.append(
            sentence(
                f"What it wrote after the FIN is everyday traffic: {writes[0].text('harmless')}.", _numbers(writes)
            )
        )
        return _result(Status.RULED_OUT, *evidence)
    if kept < PROMPT_CLOSE_NS and not bad_writes:
        text = f"It was over {format_duration(kept)} after the FIN: too soon to say that the FIN was overlooked."
        return _result(Status.RULED_OUT, *evidence, sentence(text, (fin.frame,)))
    if case.used_half_close:
        text = "The peer took data after its FIN: a half-close, not a close that was overlooked."
        return _result(Status.RULED_OUT, *evidence, sentence(text, (fin.frame,)))
    if not case.has_seen_fin:
        text = "The FIN was never acknowledged in this capture, so nothing shows that it arrived."
        return _result(Status.NO_EVIDENCE, *evidence, sentence(text, (fin.frame,)))
    if bad_writes and all((write.number("after_fin_ns") or 0) < PROMPT_CLOSE_NS for write in bad_writes):
        after = format_duration(bad_writes[0].number("after_fin_ns") or 0)
        text = f"It wrote {after} after the FIN, perhaps before the application could have read of it."
        return _result(Status.POSSIBLE, *evidence, sentence(text, _numbers(bad_writes)))
    evidence += _what_followed(case, bad_writes)
    if case.log is not None and case.log.errno is Errno.EPIPE:
        evidence.append(
            sentence(
                "The log says “broken pipe” (EPIPE), which on Linux means a FIN first and an RST after it (tcp_reset)."
            )
        )
    return _result(Status.SUPPORTED, *evidence)


def _what_followed(case: Case, bad_writes: list[Finding]) -> list[Claim]:
    evidence = []
    if case.ending.answering_fin is None:
        kept = format_duration(case.close_wait_ns or 0)
        until = "the RST" if case.ending.dead else "the capture's end"
        evidence.append(sentence(f"No FIN of {case.local_name} follows: it kept the socket for {kept}, until {until}."))
    if case.ending.post_fin_probes:
        evidence.append(
            sentence(
                "Its kernel went on probing, as it does while the application has not closed.",
                _numbers(case.ending.post_fin_probes),
            )
        )
    if bad_writes:
        evidence.append(sentence("It wrote after the FIN.", _numbers(bad_writes)))
    return evidence


def _numbers(findings: tuple[Finding, ...] | list[Finding]) -> tuple[int, ...]:
    return tuple(finding.frame for finding in findings)


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.WRITE_ON_HALF_CLOSED, status, evidence)
