"""The report as data: which claims about one connection stand in which section."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pyreport.advice.plan import plan
from pyreport.application.kafka_messages import Exchange
from pyreport.base.claim import Claim, claim
from pyreport.capture.packet_details import FrameHeaders
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.event import event_of
from pyreport.diagnosis.evidence.idle_limits import idle_limits
from pyreport.diagnosis.result import Attribution, Explanation, Kind, Objection, Verdict
from pyreport.diagnosis.verdict.basis import present
from pyreport.narrative.about_capture import about_capture
from pyreport.narrative.advice_rows import advice_rows
from pyreport.narrative.answers import answer_the_question, lost_in_short
from pyreport.narrative.application_side import application_paragraphs
from pyreport.narrative.cadence import cadence
from pyreport.narrative.cause import cause
from pyreport.narrative.decoded import decoded_frames
from pyreport.narrative.event import event_table
from pyreport.narrative.figure import timeline
from pyreport.narrative.in_wireshark import filters
from pyreport.narrative.key_facts import keepalive_rows, key_facts
from pyreport.narrative.ladder import ladder
from pyreport.narrative.limits import limit_rows, limits_notes, limits_to_show
from pyreport.narrative.model import Appendix, Narrative
from pyreport.narrative.open_questions import not_told
from pyreport.narrative.times import times
from pyreport.narrative.walkthrough import walk
from pyreport.quality.flaw import FlawId

#: Verdicts on a program that did nothing.
STALLED = (Kind.PEER_STALLED, Kind.LOCAL_STALLED)


def build_narrative(
    case: Case,
    explanations: Sequence[Explanation],
    verdict: Verdict,
    *,
    warnings: Sequence[Claim],
    headers: Sequence[FrameHeaders],
    appendix: Appendix,
    generated_ns: int,
    exchange: Exchange | None = None,
    notes: Sequence[Claim] = (),
) -> Narrative:
    """Put the report together. ``headers`` are the decoded frames that ``ladder_frames`` asked for, ``exchange`` is
    what the two ends said in Kafka.
    """
    limits = limits_to_show(idle_limits(case), verdict.kind)
    advised, one_sided = plan(case, verdict, exchange), case.quality.told(FlawId.ONE_SIDED)
    return Narrative(
        title=_title(case, verdict),
        connection=f"{case.local} → {case.peer}",
        generated_ns=generated_ns,
        kind=verdict.kind,
        verdict=verdict.claims,
        confidence=verdict.confidence,
        # To be well is nobody's share.
        attribution=tuple(share for share in verdict.attribution if share is not Attribution.HEALTHY),
        answers=answer_the_question(case, explanations, verdict),
        # What the verdict says already does not need saying again.
        deciding=tuple(told for told in verdict.deciding if told not in verdict.claims[:1]),
        warnings=tuple(told for told in (*warnings, *present(one_sided)) if told not in verdict.claims),
        log_line=case.log.line if case.log else "",
        facts=key_facts(case),
        keepalive=keepalive_rows(case),
        # Where nothing broke, what decides are conditions that hold, and no step is one.
        steps=walk(case, () if verdict.kind is Kind.HEALTHY else verdict.deciding),
        timeline=timeline(case, stalled=verdict.deciding[0] if verdict.kind in STALLED else None),
        explanations=tuple(explanations),
        not_told=not_told(case, explanations),
        decoded=decoded_frames(case, headers),
        filters=filters(case),
        appendix=appendix,
        about_capture=about_capture(case),
        event=event_table(event_of(case, verdict)),
        limits=limit_rows(limits),
        limits_notes=limits_notes(limits),
        objection=_objection(verdict),
        application=application_paragraphs(case, exchange),
        advice=advice_rows(advised),
        advice_software=advised.software,
        notes=tuple(notes),
        cause=cause(case, verdict),
        times=times(case),
        letter=advised.letter,
        ladder=ladder(case, headers),
        cadence=cadence(case),
    )


def _objection(verdict: Verdict) -> Objection | None:
    """The strongest objection; what the verdict says already is in short in the reply."""
    told = verdict.objection
    if told is None:
        return None
    return replace(told, reply=tuple(lost_in_short(one) if one in verdict.claims else one for one in told.reply))


def _title(case: Case, verdict: Verdict) -> Claim:
    if verdict.kind is Kind.NEVER_OPENED:  # what never was cannot break
        return claim("title-never-opened")
    return claim("title-healthy" if verdict.is_harmless or _is_open(case, verdict) else "title-broke")


def _is_open(case: Case, verdict: Verdict) -> bool:
    """Whether nothing says that the connection broke: no close in the capture, no verdict, no line of a log."""
    return verdict.kind is Kind.UNDETERMINED and case.ending.first is None and case.log is None
