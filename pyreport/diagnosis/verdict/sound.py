"""The verdict on connections on which nothing broke, and on the checks of balancers and monitors."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.connections.connection import Connection
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import NOT_CLOSED, closed_first
from pyreport.diagnosis.evidence.crossing import crossed_fins
from pyreport.diagnosis.evidence.keepalive import keepalive_sentence, keepalive_trouble
from pyreport.diagnosis.evidence.late_answers import late_answers
from pyreport.diagnosis.evidence.made_good import made_good
from pyreport.diagnosis.evidence.window import reopened_window
from pyreport.diagnosis.health import Checked
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict
from pyreport.diagnosis.thresholds import FEWEST_PERIODIC
from pyreport.diagnosis.verdict.basis import present
from pyreport.frames.findings import Unanswered
from pyreport.frames.frame import FLAG_FIN, FLAG_RST


def healthy(case: Case, checked: tuple[Checked, ...]) -> Verdict:
    """All conditions hold, and each of them is told with its proof."""
    proofs = tuple(found.claim for found in checked)
    claims = (*_story(case), *present(reopened_window(case), made_good(case), late_answers(case)))
    return Verdict(Kind.HEALTHY, claims, Confidence.LIKELY, (Attribution.HEALTHY,), proofs)


def _story(case: Case) -> tuple[Claim, ...]:
    fin = case.ending.fin
    if fin is None:
        return _unbroken(case)
    if case.peer_closed_first:
        return (*present(closed_first(case, fin), keepalive_sentence(case)), _quiet_end(case))
    return (closed_first(case, fin), claim("close-orderly"))


def _quiet_end(case: Case) -> Claim:
    """How an orderly close of the peer went on."""
    answering, crossed = case.ending.answering_fin, crossed_fins(case)
    if crossed is not None:
        return crossed
    if answering is not None:
        return claim("close-answered", (answering.number,), who=case.local_party)
    return claim("close-not-answered-yet", who=case.local_party)


def _unbroken(case: Case) -> tuple[Claim, ...]:
    all_answered = not case.connection.of(Unanswered)
    # A FIN or an RST that TCP drops, as one without ACK (RFC 9293 3.10.7.4), closes nothing, and is there.
    is_dropped = any(frame.has(FLAG_FIN | FLAG_RST) for frame in case.connection.frames)
    opening = NOT_CLOSED if is_dropped else claim("open-unbroken", answered=all_answered)
    trouble = () if all_answered else keepalive_trouble(case)
    return (opening, *trouble, *present(keepalive_sentence(case)))


def checked_by_a_monitor(case: Case, checks: tuple[Connection, ...]) -> Verdict:
    """The client looked whether somebody listens, and dropped the connection at once, as it does again and again."""
    reset = next(frame for frame in case.connection.frames if frame.has(FLAG_RST))
    who, frame = case.roles.party(reset.source), FrameNumber(reset.number)
    if len(checks) < FEWEST_PERIODIC:
        once = (claim("health-check-once", (reset.number,), who=who, frame=frame),)
        return Verdict(Kind.HEALTH_CHECK, once, Confidence.POSSIBLE, (Attribution.HEALTHY,), ())
    frames = tuple(check.first.number for check in checks)
    span = checks[-1].first.time_ns - checks[0].first.time_ns
    claims = (
        claim("health-check", (reset.number,), who=who, frame=frame),
        claim("health-check-again", frames, count=len(checks), every=Duration(span // (len(checks) - 1))),
    )
    return Verdict(Kind.HEALTH_CHECK, claims, Confidence.LIKELY, (Attribution.HEALTHY,), claims[1:])


def asked_by_a_monitor(case: Case, checks: tuple[Connection, ...]) -> Verdict:
    """The client asked the same short question as ever, at its usual interval, and dropped the connection with the
    answer in its hands. A program that asks so often may be no monitor: what it does is the same.
    """
    reset = next(frame for frame in case.connection.frames if frame.has(FLAG_RST))
    who, frame = case.roles.party(reset.source), FrameNumber(reset.number)
    frames = tuple(check.first.number for check in checks)
    span = checks[-1].first.time_ns - checks[0].first.time_ns
    every = Duration(span // (len(checks) - 1))
    claims = (
        claim("health-check-asked", (reset.number,), who=who, other=case.roles.party(reset.destination), frame=frame),
        claim("health-check-evenly", frames, who=who, count=len(checks), every=every),
    )
    return Verdict(Kind.HEALTH_CHECK, claims, Confidence.LIKELY, (Attribution.HEALTHY,), claims[1:])
