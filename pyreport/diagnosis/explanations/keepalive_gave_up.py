"""The local kernel's keep-alive gave up: nobody answered its probes."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import TIMER_SHARE, TIMER_SLACK_NS


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
            sentence(
                f"{case.roles.title(gave_up.source)} sent an RST after {count} probes without an answer, {silence} "
                "after it had last heard from the other side.",
                frames,
            ),
        )
    first = case.ending.first
    if first is not None and first.id == "fin":
        return _result(
            Status.RULED_OUT,
            sentence(
                "The connection ended with a FIN. Keep-alive never sends one: it ends with an RST and ETIMEDOUT.",
                (first.frame,),
            ),
        )
    fired = fired_on_time(case)
    if fired is not None:
        return _result(Status.POSSIBLE, fired)
    unanswered = case.connection.of("unanswered")
    if unanswered:
        return _result(
            Status.POSSIBLE,
            sentence(
                "Probes went unanswered, but the RST with which keep-alive gives up is not in this capture.",
                tuple(f.frame for f in unanswered),
            ),
        )
    return _result(Status.NO_EVIDENCE, sentence("No probe went unanswered."))


def fired_on_time(case: Case) -> Claim | None:
    """An RST of a prober at the very time of its next probe, in answer to nothing, captured away from it: its timer may
    have sent it because the answers that left here did not arrive.
    """
    reset = case.ending.reset
    if reset is None or case.ending.fin is not None or reset.number("cause_frame"):
        return None
    side = reset.source
    probes = case.connection.of("probe", side=side)
    if len(probes) < 2 or case.quality.vantage.is_at(side):
        return None
    last = probes[-1]
    between = [f for f in case.connection.frames if last.frame < f.number < reset.frame and f.source == side]
    spacing = last.time_ns - probes[-2].time_ns
    if between or abs(reset.time_ns - last.time_ns - spacing) > TIMER_SLACK_NS + spacing * TIMER_SHARE:
        return None
    text = (
        f"The RST came when the next probe of {case.roles.name(side)} was due ({format_duration(spacing)} after the "
        "last): its timer sends one when no answer arrived. Whether the answers arrived there does not show."
    )
    return sentence(text, (last.frame, reset.frame))


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.KEEPALIVE_GAVE_UP, status, evidence)
