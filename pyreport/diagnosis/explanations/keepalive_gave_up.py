"""The local kernel's keep-alive gave up: nobody answered its probes."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.likeness import is_counter
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import (
    FEWEST_PROBES_BY_DEFAULT,
    FEWEST_REPEATS,
    IDLE_FROM_NS,
    NEW_COUNTER,
    TIMER_SHARE,
    TIMER_SLACK_NS,
)
from pyreport.frames.findings import Fin, GaveUp, Probe, Unanswered
from pyreport.frames.seq import id_since


def explain(case: Case) -> Explanation:
    """tcp_keepalive_timer(): after all probes went unanswered an RST goes out and the application gets ETIMEDOUT."""
    gave_up, first = case.ending.gave_up, case.ending.first
    if gave_up is not None:
        return _result(Status.SUPPORTED, _gave_up(case, gave_up), *_by_setting(case, gave_up))
    if isinstance(first, Fin):
        return _result(Status.RULED_OUT, claim("keepalive-gave-up-fin", (first.frame,)))
    fired = fired_on_time(case) or unseen_before_reset(case)
    if fired is not None:
        return _result(Status.POSSIBLE, fired)
    unanswered = tuple(f.frame for f in case.connection.of(Unanswered))
    if unanswered:
        return _result(Status.POSSIBLE, claim("keepalive-gave-up-no-rst", unanswered))
    return _result(Status.NO_EVIDENCE, claim("keepalive-gave-up-none-unanswered"))


def _gave_up(case: Case, found: GaveUp) -> Claim:
    return claim(
        "keepalive-gave-up-rst",
        (found.first_probe_frame, found.last_probe_frame, found.frame),
        who=case.roles.party(found.source),
        other=case.roles.party(case.connection.other(found.source)),
        probes=found.unanswered,
        silence=Duration(found.silence_ns),
    )


def _by_setting(case: Case, found: GaveUp) -> tuple[Claim, ...]:
    """What ended it after fewer probes than any default: TCP_KEEPCNT, or TCP_USER_TIMEOUT, with which Linux counts no
    probes (net/ipv4/tcp_timer.c tcp_keepalive_timer()). Nothing where probes may have been lost before the capture had
    them.
    """
    other = case.connection.other(found.source)
    if found.unanswered >= FEWEST_PROBES_BY_DEFAULT or case.quality.vantage.is_at(other):
        return ()
    silence = Duration(found.silence_ns)
    return (claim("keepalive-gave-up-setting", (found.frame,), probes=found.unanswered, silence=silence),)


def fired_on_time(case: Case) -> Claim | None:
    """An RST of a prober at the very time of its next probe, in answer to nothing, captured away from it: its timer may
    have sent it because the answers that left here did not arrive.
    """
    reset = case.ending.reset
    if reset is None or case.ending.fin is not None or reset.cause_frame:
        return None
    side = reset.source
    probes = case.connection.of(Probe, side=side)
    if len(probes) < 2 or case.quality.vantage.is_at(side):
        return None
    last = probes[-1]
    between = [f for f in case.connection.frames if last.frame < f.number < reset.frame and f.source == side]
    spacing = last.time_ns - probes[-2].time_ns
    if between or abs(reset.time_ns - last.time_ns - spacing) > TIMER_SLACK_NS + spacing * TIMER_SHARE:
        return None
    who = case.roles.party(side)
    return claim("keepalive-gave-up-on-time", (last.frame, reset.frame), who=who, spacing=Duration(spacing))


def unseen_before_reset(case: Case) -> Claim | None:
    """An unprompted RST of a side whose packet counter went on before it, captured away from that side: it had made
    packets that did not arrive, as probes that a device takes, and then gave up. A counter that went on by one excludes
    that.
    """
    reset = case.ending.reset
    if reset is None or case.ending.fin is not None or reset.cause_frame or case.quality.vantage.is_at(reset.source):
        return None
    closing = case.connection.frame(reset.frame)
    sent = [f for f in case.connection.frames if f.source == reset.source and f.number < reset.frame]
    counted = [(f, f.marks.ip_id) for f in sent if f.marks.ip_id]
    if closing is None or not closing.marks.ip_id or not is_counter([ip_id for _, ip_id in counted]):
        return None
    last, ip_id = counted[-1]
    absent, silent_ns = id_since(closing.marks.ip_id, ip_id) - 1, closing.time_ns - last.time_ns
    if not FEWEST_REPEATS <= absent <= NEW_COUNTER or silent_ns < IDLE_FROM_NS:
        return None
    who, silence = case.roles.party(reset.source), Duration(silent_ns)
    frames = (last.number, reset.frame)
    return claim("keepalive-gave-up-unseen", frames, who=who, packets=absent, silence=silence)


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.KEEPALIVE_GAVE_UP, status, evidence)
