"""The verdict on connections that the capture shows open to its end."""

from __future__ import annotations

from pyreport.base.sentence import capitalized
from pyreport.base.sentence import sentence as stated
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import lasts_to_the_end, tell_gap
from pyreport.diagnosis.explanations.middlebox_close import stray_reset
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Verdict
from pyreport.diagnosis.verdict.basis import Weighed, foreign, is_incident, supported
from pyreport.diagnosis.verdict.unanswered import no_answers
from pyreport.diagnosis.verdict.verdict_words import (
    answered_after,
    keepalive_sentence,
    trouble,
)
from pyreport.frames.frame import FLAG_RST


def still_open(case: Case, weighed: Weighed) -> Verdict:
    """No FIN and no RST ended it."""
    missed = case.connection.missed(case.local)
    if missed and supported(weighed, ExplanationId.HOST_FROZEN_HERE):
        sentence = (
            f"{case.roles.title(case.local)}'s host did not run for a while: {tell_gap(case, missed[0]).text}, on "
            "other connections as well. The connection did not close in this capture."
        )
        evidence = weighed[ExplanationId.HOST_FROZEN_HERE].evidence[:2]
        return Verdict(Kind.HOST_FROZEN, (stated(sentence),), Confidence.LIKELY, (Attribution.LOCAL_HOST,), evidence)
    unanswered = case.connection.of("unanswered")
    if unanswered and not answered_after(case, unanswered[-1]):
        return no_answers(case, unanswered)
    stray = stray_reset(case)
    if stray is not None and supported(weighed, ExplanationId.MIDDLEBOX_CLOSE):
        sentence = (
            f"An RST in the name of {case.roles.name(stray.source)} (frame {stray.number}) did not end the connection. "
            f"{foreign(weighed)}"
        )
        deciding = weighed[ExplanationId.MIDDLEBOX_CLOSE].evidence[:2]
        shares: tuple[Attribution, ...] = (Attribution.NETWORK_PATH,)
        return Verdict(Kind.MIDDLEBOX_CLOSED, (stated(sentence),), Confidence.POSSIBLE, shares, deciding)
    if is_incident(case):
        return _not_shown(case, weighed)
    probes = keepalive_sentence(case)
    tail = f" {capitalized(probes.text)}." if probes else ""
    resets = [frame.number for frame in case.connection.frames if frame.has(FLAG_RST)]
    none = f"no FIN, and an RST that ended nothing (frame {resets[0]})" if resets else "no FIN, no RST"
    if unanswered:
        none += f", and {trouble(case, 'while it was open')[1:].rstrip('.')}"
        sentence = f"Nothing broke on this connection while it was captured: {none}.{tail}"
        return Verdict(Kind.HEALTHY, (stated(sentence),), Confidence.LIKELY, (Attribution.HEALTHY,), ())
    sentence = f"Nothing broke on this connection while it was captured: {none}, nothing unanswered.{tail}"
    return Verdict(Kind.HEALTHY, (stated(sentence),), Confidence.LIKELY, (Attribution.HEALTHY,), ())


def _not_shown(case: Case, weighed: Weighed) -> Verdict:
    sentence = (
        "This capture does not show how the connection ended: "
        f"its last frame here is {case.connection.last.number}, and no FIN or RST among its frames ended it."
    )
    missed = case.connection.missed()
    gaps = [tell_gap(case, finding) for finding in missed]
    sentence += trouble(case, "In it")
    deciding = tuple(stated(f"{capitalized(gap.text)}.", gap.frames) for gap in gaps[:2])
    shares: tuple[Attribution, ...] = (Attribution.CAPTURE_INCOMPLETE,)
    if supported(weighed, ExplanationId.PROBE_NOT_SENT):
        shares = (Attribution.LOCAL_HOST,)
    elif supported(weighed, ExplanationId.PATH_LOSS):
        shares = (Attribution.NETWORK_PATH,)
    elif missed and not supported(weighed, ExplanationId.CAPTURE_LOSS):
        by = missed[0].text("by")
        if not case.quality.vantage.is_at(by) and lasts_to_the_end(missed[-1]):
            sentence += " They were not sent, or were lost before they reached this capture."
    return Verdict(Kind.UNDETERMINED, (stated(sentence),), Confidence.UNDETERMINED, shares, deciding)
