"""The local application did nothing with the connection although its host ran."""

from __future__ import annotations

from pyreport.diagnosis.model import IDLE_FROM_NS, PROMPT_CLOSE_NS, Case, Explanation, Status
from pyreport.sentence import Sentence
from pyreport.units import format_duration

ID = "application_stalled"
TITLE = "The local application neither used nor watched the connection"


def explain(case: Case) -> Explanation:
    """Silence of data from the local end before the close, and time in CLOSE_WAIT after it. Why it was silent, and
    whether it had reason to be, a capture does not tell.
    """
    first = case.ending.first
    evidence: list[Sentence] = []
    last = case.connection.last_data_before(first.time_ns if first else case.span.last_time_ns)
    if first is not None and last is not None and first.time_ns - last.time_ns >= IDLE_FROM_NS:
        silence = format_duration(first.time_ns - last.time_ns)
        owed = " The last payload was the peer's, so no answer was owed." if last.source == case.peer else ""
        evidence.append(Sentence(f"It sent nothing for {silence} before the close.{owed}", (last.number, first.frame)))
    kept = case.close_wait_ns
    overlooked = kept is not None and kept >= PROMPT_CLOSE_NS and not case.used_half_close
    if overlooked and kept is not None and case.ending.fin is not None:
        log = ""
        if case.log_ns is not None and case.log_ns > case.ending.fin.time_ns:
            log = f", and logged its error {format_duration(case.log_ns - case.ending.fin.time_ns)} after the FIN"
        evidence.append(
            Sentence(
                f"It left the peer's FIN unread for at least {format_duration(kept)}{log}.", (case.ending.fin.frame,)
            )
        )
        return _result(Status.SUPPORTED, *evidence)
    if evidence:
        return _result(Status.POSSIBLE, *evidence)
    return _result(Status.NO_EVIDENCE, Sentence("No silence of the application stands out."))


def _result(status: Status, *evidence: Sentence) -> Explanation:
    return Explanation(
        ID,
        TITLE,
        status,
        evidence,
        "The application's own log or thread dump for that time, showing it at work on this connection.",
    )
