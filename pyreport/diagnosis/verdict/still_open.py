"""The verdict on connections that the capture shows open to its end."""

from __future__ import annotations

from pyreport.base.claim import FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import NOT_CLOSED
from pyreport.diagnosis.evidence.gaps import gap_frames, lasts_to_the_end, tell_gap
from pyreport.diagnosis.evidence.keepalive import answered_after, keepalive_trouble
from pyreport.diagnosis.evidence.likeness import goes_on_after
from pyreport.diagnosis.explanations.middlebox_close import stray_reset
from pyreport.diagnosis.health import Checked, not_holding
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Verdict
from pyreport.diagnosis.thresholds import AFTER_RESET_NS
from pyreport.diagnosis.verdict.basis import Weighed, foreign, once, supported
from pyreport.diagnosis.verdict.shares import shares_of_supported
from pyreport.diagnosis.verdict.unanswered import lost_to_the_end, no_answers
from pyreport.frames.findings import Missed, Unanswered
from pyreport.frames.frame import FLAG_SYN, Frame


def still_open(case: Case, weighed: Weighed, checked: tuple[Checked, ...]) -> Verdict:
    """No FIN and no RST ended it."""
    missed = case.connection.missed(case.local)
    if missed and supported(weighed, ExplanationId.HOST_FROZEN_HERE):
        return _frozen(case, weighed, missed[0])
    unanswered = case.connection.of(Unanswered)
    if unanswered and not answered_after(case, unanswered[-1]):
        return no_answers(case, weighed, unanswered)
    stray = stray_reset(case)
    if stray is not None and supported(weighed, ExplanationId.MIDDLEBOX_CLOSE):
        return _outlived_a_reset(case, weighed, stray)
    return lost_to_the_end(case, weighed) or _not_told(case, weighed, checked)


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
    told = claim("reset-that-ended-nothing", (reset.number,), who=who, frame=frame)
    later = (case.connection.frame(n) for n in goes_on_after(case.connection, reset, AFTER_RESET_NS))
    accepting = next((f for f in later if f is not None and f.has(FLAG_SYN)), None)
    if accepting is not None:
        frames, accepted = (reset.number, accepting.number), FrameNumber(accepting.number)
        told = claim("refused-and-accepted", frames, who=who, frame=frame, accepted=accepted)
    claims = (told, *foreign(weighed))
    deciding = weighed[ExplanationId.MIDDLEBOX_CLOSE].evidence[:2]
    return Verdict(Kind.MIDDLEBOX_CLOSED, claims, Confidence.POSSIBLE, (Attribution.NETWORK_PATH,), deciding)


def _not_told(case: Case, weighed: Weighed, checked: tuple[Checked, ...]) -> Verdict:
    """What speaks against a healthy connection, and that the capture does not show what came of it."""
    last = case.connection.last.number
    trouble = [*keepalive_trouble(case), *not_holding(checked)]
    claims = [claim("open-end-not-shown", (last,), last=FrameNumber(last)), *once(trouble)]
    missed = case.connection.missed()
    if missed and shares_of_supported(weighed) == (Attribution.CAPTURE_INCOMPLETE,):
        by = missed[0].by
        is_lost = supported(weighed, ExplanationId.CAPTURE_LOSS)
        if not is_lost and not case.quality.vantage.is_at(by) and lasts_to_the_end(missed[-1]):
            claims.append(claim("keepalive-not-sent-or-lost", gap_frames(missed[-1])))
    deciding = tuple(tell_gap(case, finding) for finding in missed[:2]) or not_holding(checked)
    shares = shares_of_supported(weighed)
    return Verdict(Kind.UNDETERMINED, tuple(claims), Confidence.UNDETERMINED, shares, deciding)
