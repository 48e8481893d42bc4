"""The local kernel's keep-alive gave up: nobody answered its probes."""

from __future__ import annotations

from pyreport.diagnosis.model import Case, Explanation, Status
from pyreport.sentence import Sentence
from pyreport.units import format_duration

ID = "keepalive_gave_up"
TITLE = "Keep-alive gave up, because no probe was answered"


def explain(case: Case) -> Explanation:
    """tcp_keepalive_timer(): after all probes went unanswered an RST goes out and the application gets ETIMEDOUT."""
    gave_up = case.ending.gave_up
    if gave_up is not None:
        count = gave_up.number("unanswered") or 0
        silence = format_duration(gave_up.number("silence_ns") or 0)
        frames = tuple(
            f for f in (gave_up.number("first_probe_frame"), gave_up.number("last_probe_frame"), gave_up.frame) if f
        )
        return _result(
            Status.SUPPORTED,
            Sentence(
                f"{case.roles.title(gave_up.source)} sent an RST after {count} probes without an answer, {silence} "
                "after it had last heard from the other side.",
                frames,
            ),
        )
    first = case.ending.first
    if first is not None and first.id == "fin":
        return _result(
            Status.RULED_OUT,
            Sentence(
                "The connection ended with a FIN. Keep-alive never sends one: it ends with an RST and ETIMEDOUT.",
                (first.frame,),
            ),
        )
    unanswered = case.connection.of("unanswered")
    if unanswered:
        return _result(
            Status.POSSIBLE,
            Sentence(
                "Probes went unanswered, but the RST with which keep-alive gives up is not in this capture.",
                tuple(f.frame for f in unanswered),
            ),
        )
    return _result(Status.NO_EVIDENCE, Sentence("No probe went unanswered."))


def _result(status: Status, *evidence: Sentence) -> Explanation:
    return Explanation(ID, TITLE, status, evidence, "An answer to one of the last probes that this capture lost.")
