"""The verdict on connections that the capture shows open to its end."""

from __future__ import annotations

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import NOT_CLOSED
from pyreport.diagnosis.evidence.gaps import gap_frames, lasts_to_the_end, tell_gap
from pyreport.diagnosis.evidence.keepalive import answered_after, keepalive_sentence, keepalive_trouble
from pyreport.diagnosis.explanations.middlebox_close import stray_reset
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Verdict
from pyreport.diagnosis.verdict.basis import Weighed, foreign, is_incident, present, supported
from pyreport.diagnosis.verdict.unanswered import no_answers
from pyreport.frames.findings import Missed, Unanswered
from pyreport.frames.frame import FLAG_RST, Frame


def still_open(case: Case, weighed: Weighed) -> Verdict:
    """No FIN and no RST ended it."""
    missed = case.connection.missed(case.local)
    if missed and supported(weighed, ExplanationId.HOST_FROZEN_HERE):
        return _frozen(case, weighed, missed[0])
    unanswered = case.connection.of(Unanswered)
    if unanswered and not answered_after(case, unanswered[-1]):
        return no_answers(case, unanswered)
    stray = stray_reset(case)
    if stray is not None and supported(weighed, ExplanationId.MIDDLEBOX_CLOSE):
        return _outlived_a_reset(case, weighed, stray)
    if is_incident(case):
        return _not_shown(case, weighed)
    return Verdict(Kind.HEALTHY, _unbroken(case), Confidence.LIKELY, (Attribution.HEALTHY,), ())


def _frozen(case: Case, weighed: Weighed, missed: Missed) -> Verdict:
    frames = gap_frames(missed)
    claims = (
        claim("host-frozen", frames, who=case.local_party),
        tell_gap(case, missed),
        claim("host-frozen-elsewhere"),
        NOT_CLOSED,
    )
    deciding = weighed[ExplanationId.HOST_FROZEN_HERE].evidence[:2]
    return Verdict(Kind.HOST_FROZEN, claims, Confidence.LIKELY, (Attribution.LOCAL_HOST,), deciding)


def _outlived_a_reset(case: Case, weighed: Weighed, reset: Frame) -> Verdict:
    who, frame = case.roles.party(reset.source), FrameNumber(reset.number)
    claims = (claim("reset-that-ended-nothing", (reset.number,), who=who, frame=frame), *foreign(weighed))
    deciding = weighed[ExplanationId.MIDDLEBOX_CLOSE].evidence[:2]
    return Verdict(Kind.MIDDLEBOX_CLOSED, claims, Confidence.POSSIBLE, (Attribution.NETWORK_PATH,), deciding)


def _unbroken(case: Case) -> tuple[Claim, ...]:
    all_answered = not case.connection.of(Unanswered)
    reset = next((frame.number for frame in case.connection.frames if frame.has(FLAG_RST)), None)
    if reset is None:
        opening = claim("open-unbroken", answered=all_answered)
    else:
        opening = claim("open-unbroken-by-reset", (reset,), frame=FrameNumber(reset), answered=all_answered)
    trouble = () if all_answered else keepalive_trouble(case)
    return (opening, *trouble, *present(keepalive_sentence(case)))


def _not_shown(case: Case, weighed: Weighed) -> Verdict:
    last = case.connection.last.number
    claims = [claim("open-end-not-shown", (last,), last=FrameNumber(last)), *keepalive_trouble(case)]
    missed = case.connection.missed()
    shares: tuple[Attribution, ...] = (Attribution.CAPTURE_INCOMPLETE,)
    if supported(weighed, ExplanationId.PROBE_NOT_SENT):
        shares = (Attribution.LOCAL_HOST,)
    elif supported(weighed, ExplanationId.PATH_LOSS):
        shares = (Attribution.NETWORK_PATH,)
    elif missed and not supported(weighed, ExplanationId.CAPTURE_LOSS):
        by = missed[0].by
        if not case.quality.vantage.is_at(by) and lasts_to_the_end(missed[-1]):
            claims.append(claim("keepalive-not-sent-or-lost", gap_frames(missed[-1])))
    deciding = tuple(tell_gap(case, finding) for finding in missed[:2])
    return Verdict(Kind.UNDETERMINED, tuple(claims), Confidence.UNDETERMINED, shares, deciding)
