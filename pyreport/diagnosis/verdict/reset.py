"""The verdict on connections that ended with an RST and no FIN before it."""

from __future__ import annotations

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import bare_reset, reset_followed
from pyreport.diagnosis.evidence.keepalive import keepalive_sentence
from pyreport.diagnosis.evidence.likeness import goes_on_after, likeness
from pyreport.diagnosis.explanations.keepalive_gave_up import fired_on_time
from pyreport.diagnosis.explanations.peer_idle_close import is_limit_age
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import AFTER_RESET_NS
from pyreport.diagnosis.verdict.basis import Weighed, foreign, is_incident, present, supported
from pyreport.frames.findings import GaveUp, Reset


def gave_up(case: Case, weighed: Weighed, finding: GaveUp) -> Verdict:
    """A prober ended it after probes without an answer."""
    ended = claim(
        "reset-by-prober", (finding.frame,), who=case.roles.party(finding.source), frame=FrameNumber(finding.frame)
    )
    far_end = Attribution.PEER_SERVICE if finding.source == case.local else Attribution.LOCAL_HOST
    deciding = claim("reset-after-silence", (finding.frame,), probes=finding.unanswered)
    shares: tuple[Attribution, ...] = (Attribution.NETWORK_PATH, far_end)
    if supported(weighed, ExplanationId.PATH_LOSS):
        shares = shares[:1]
    claims = (ended, *weighed[ExplanationId.KEEPALIVE_GAVE_UP].evidence)
    return Verdict(Kind.KEEPALIVE_GAVE_UP, claims, Confidence.CONFIRMED, shares, (deciding,))


def reset_first(case: Case, weighed: Weighed, reset: Reset) -> Verdict:
    """An RST ended it."""
    is_foreign = supported(weighed, ExplanationId.MIDDLEBOX_CLOSE)
    is_complete = case.when_absent is Status.RULED_OUT
    opening = claim(
        "reset-in-the-name" if is_foreign else "reset-by",
        (reset.frame,),
        who=case.roles.party(reset.source),
        frame=FrameNumber(reset.frame),
        complete=is_complete,
    )
    followed = reset_followed(reset)
    deciding = (claim("reset-first-segment", (reset.frame,), complete=is_complete),)
    if not is_incident(case):
        claims = (opening, followed, claim("reset-and-nothing-else"))
        return Verdict(Kind.HEALTHY, claims, Confidence.LIKELY, (Attribution.HEALTHY,), deciding)
    story = present(opening, followed, keepalive_sentence(case))
    if is_foreign:
        return _by_a_device(case, weighed, reset, story, deciding)
    fired = fired_on_time(case)
    if fired is not None:
        path = (Attribution.NETWORK_PATH,)
        return Verdict(Kind.KEEPALIVE_GAVE_UP, (*story, fired), Confidence.POSSIBLE, path, (*deciding, fired))
    if reset.source == case.local:
        return _by_the_local_end(case, reset, story, deciding)
    return _by_the_peer(case, weighed, reset, story, deciding)


def _by_a_device(
    case: Case, weighed: Weighed, reset: Reset, story: tuple[Claim, ...], deciding: tuple[Claim, ...]
) -> Verdict:
    claims = (*story, *foreign(weighed))
    closing = case.connection.frame(reset.frame)
    if closing is not None and goes_on_after(case.connection, closing, AFTER_RESET_NS):
        # The side that the RST names went on afterwards, so it is not from there.
        return Verdict(Kind.MIDDLEBOX_CLOSED, claims, Confidence.LIKELY, (Attribution.NETWORK_PATH,), deciding)
    far_end = Attribution.PEER_SERVICE if reset.source == case.peer else Attribution.LOCAL_HOST
    shares = (Attribution.NETWORK_PATH, far_end)
    return Verdict(Kind.MIDDLEBOX_CLOSED, claims, Confidence.POSSIBLE, shares, deciding)


def _by_the_local_end(case: Case, reset: Reset, story: tuple[Claim, ...], deciding: tuple[Claim, ...]) -> Verdict:
    closing = case.connection.frame(reset.frame)
    if closing is not None and likeness(case.connection, closing).is_bare and not case.is_at_local:
        claims = (*story, bare_reset(reset.frame))
        shares = (Attribution.LOCAL_HOST, Attribution.NETWORK_PATH)
        return Verdict(Kind.UNDETERMINED, claims, Confidence.UNDETERMINED, shares, deciding)
    return Verdict(Kind.LOCAL_CLOSED, story, Confidence.LIKELY, (Attribution.LOCAL_APPLICATION,), deciding)


def _by_the_peer(
    case: Case, weighed: Weighed, reset: Reset, story: tuple[Claim, ...], deciding: tuple[Claim, ...]
) -> Verdict:
    closing = case.connection.frame(reset.frame)
    shares: tuple[Attribution, ...] = (Attribution.PEER_SERVICE, Attribution.NETWORK_PATH)
    if case.is_at_peer or (closing is not None and likeness(case.connection, closing).is_own_socket):
        shares = shares[:1]
    if supported(weighed, ExplanationId.HOST_FROZEN_HERE):
        frozen = weighed[ExplanationId.HOST_FROZEN_HERE].evidence[0]
        shares = (Attribution.LOCAL_HOST, *shares)
        return Verdict(Kind.PEER_RESET, (*story, frozen), Confidence.POSSIBLE, shares, (*deciding, frozen))
    if supported(weighed, ExplanationId.PEER_RESTART):
        restart = weighed[ExplanationId.PEER_RESTART].evidence[-1]
        claims = (*story, restart)
        return Verdict(Kind.PEER_RESTARTED, claims, Confidence.LIKELY, shares[:1], (*deciding, restart))
    idle = weighed[ExplanationId.PEER_IDLE_CLOSE]
    if idle.status in (Status.SUPPORTED, Status.POSSIBLE):
        story = (story[0], *idle.evidence[:1], *story[2:])
        sure = Confidence.LIKELY if idle.status is Status.SUPPORTED else Confidence.POSSIBLE
        if is_limit_age(case):
            return Verdict(Kind.PEER_CLOSED_IDLE, story, sure, shares[:1], (*deciding, idle.evidence[0]))
    return Verdict(Kind.PEER_RESET, story, Confidence.LIKELY, shares, deciding)
