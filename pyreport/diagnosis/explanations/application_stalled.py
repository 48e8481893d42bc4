"""The local application did nothing with the connection although its host ran."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, PROMPT_CLOSE_NS
from pyreport.frames.frame import Frame


def explain(case: Case) -> Explanation:
    """Silence of data from the local end before the close, and time in CLOSE_WAIT after it. Why it was silent, and
    whether it had reason to be, a capture does not tell.
    """
    first, fin = case.ending.first, case.ending.fin
    if fin is not None and fin.source == case.local:
        return _result(Status.NO_EVIDENCE, sentence("It closed the connection itself.", (fin.frame,)))
    evidence: list[Claim] = []
    last = case.connection.last_data_before(first.time_ns if first else case.span.last_time_ns)
    against: tuple[Claim, ...] = ()
    if first is not None and last is not None and _awaits_a_reply(case, last):
        waited = format_duration(first.time_ns - last.time_ns)
        text = f"It may have waited: its last payload, {waited} before the close, got no reply from {case.peer_name}."
        against = (sentence(text, (last.number, first.frame)),)
    elif first is not None and last is not None and first.time_ns - last.time_ns >= IDLE_FROM_NS:
        silence = format_duration(first.time_ns - last.time_ns)
        text = f"It sent nothing for {silence} before the close. {_whose_turn(case, last)}"
        evidence.append(sentence(text, (last.number, first.frame)))
    kept = case.close_wait_ns
    if kept is not None and kept >= PROMPT_CLOSE_NS and not case.used_half_close and fin is not None:
        if not case.has_seen_fin:
            text = "The peer's FIN was never acknowledged, so the application may not have been told."
            return _result(Status.POSSIBLE if evidence else Status.NO_EVIDENCE, *evidence, sentence(text, (fin.frame,)))
        log = ""
        if case.log_ns is not None and case.log_ns > fin.time_ns:
            log = f", and logged its error {format_duration(case.log_ns - fin.time_ns)} after the FIN"
        text = f"It did not close for at least {format_duration(kept)} after the peer's FIN{log}."
        return _result(Status.SUPPORTED, *evidence, sentence(text, (fin.frame,)), against=against)
    if against:
        return _result(Status.NO_EVIDENCE, *against)
    if evidence:
        return _result(Status.POSSIBLE, *evidence)
    return _result(Status.NO_EVIDENCE, sentence("No silence of the application stands out."))


def _whose_turn(case: Case, last: Frame) -> str:
    """Whose payload was the last one, and what that means where client and server are known."""
    text = f"The last payload was {case.roles.name(last.source)}'s"
    if case.roles.names[last.source] == "server":
        return f"{text}: no reply was outstanding, if every request has one."
    if case.roles.names[last.source] == "client":
        return f"{text}: {case.roles.name(case.connection.other(last.source))} may have owed a reply."
    return f"{text}."


def _awaits_a_reply(case: Case, last: Frame) -> bool:
    """Whether the last payload is a client's own: a request is out, as far as requests have replies."""
    return last.source == case.local and case.roles.names[case.local] == "client"


def _result(status: Status, *evidence: Claim, against: tuple[Claim, ...] = ()) -> Explanation:
    return Explanation(ExplanationId.APPLICATION_STALLED, status, evidence, against)
