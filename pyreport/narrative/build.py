"""The report as data: the diagnosis of one connection told in sentences that cite frames."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo

from pyreport.advice.plan import plan
from pyreport.application.kafka_messages import Exchange
from pyreport.base.claim import Claim
from pyreport.capture.packet_details import FrameHeaders
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.idle_limits import idle_limits
from pyreport.diagnosis.result import Explanation, Verdict
from pyreport.narrative.about_capture import about_capture
from pyreport.narrative.advice_rows import advice_rows
from pyreport.narrative.answers import answer_the_question, not_told
from pyreport.narrative.application_side import application_side
from pyreport.narrative.figure import timeline
from pyreport.narrative.in_wireshark import decisive_frames, filters
from pyreport.narrative.key_facts import keepalive_rows, key_facts
from pyreport.narrative.limits import limit_rows, limits_note
from pyreport.narrative.model import Appendix, DecodedFrame, ExplanationRow, HeaderField, Narrative, Objection
from pyreport.narrative.walkthrough import walk
from pyreport.words import Words

ATTRIBUTION_WORDS = {
    "peer_service": "peer service",
    "network_path": "network path",
    "local_host": "local host",
    "local_application": "local application",
    "capture_incomplete": "capture incomplete",
    "healthy": "healthy",
}

# The header lines that matter for how a connection ends, by how Wireshark starts them. The rest (each flag by itself,
# checksums, fields that are the same on every frame) is in Wireshark for who wants it.
SHOWN_LINES = (
    "Total Length: ",
    "Payload Length: ",
    "Identification: ",
    "Time to Live: ",
    "Hop Limit: ",
    "Source Address: ",
    "Destination Address: ",
    "Source Port: ",
    "Destination Port: ",
    "Stream index: ",
    "TCP Segment Len: ",
    "[TCP Segment Len: ",
    "Sequence Number",
    "Next Sequence Number",
    "[Next Sequence Number",
    "Acknowledgment",
    "Flags: 0x0",
    "Window: ",
    "TCP Option - Timestamps",
    "Summary: ",
)
DECISIVE_LINES = ("Flags: ", "TCP Segment Len: ", "Summary: ")
IP_FLAGS = re.compile(r"^Flags: 0x[0-9a-f]{1,2}\b")


def build_narrative(
    case: Case,
    explanations: Sequence[Explanation],
    verdict: Verdict,
    *,
    warnings: Sequence[Claim],
    headers: Sequence[FrameHeaders],
    appendix: Appendix,
    zone: tzinfo,
    generated_ns: int,
    exchange: Exchange | None = None,
) -> Narrative:
    """Put the report together. ``headers`` are the decoded frames that ``decisive_frames`` asked for, ``exchange`` is
    what the two ends said in Kafka.
    """
    words = Words()
    limits = idle_limits(case)
    advised = plan(case, verdict, exchange)
    return Narrative(
        title="Why the connection broke" if verdict.kind != "healthy" else "State of the connection",
        connection=f"{case.local} → {case.peer}",
        generated_ns=generated_ns,
        zone=zone,
        verdict_kind=verdict.kind.value,
        verdict_sentence=verdict.sentence,
        confidence=verdict.confidence.value,
        attribution=tuple(ATTRIBUTION_WORDS[share] for share in verdict.attribution),
        answer=answer_the_question(case, explanations, verdict),
        deciding_facts=verdict.deciding,
        warnings=tuple(warnings),
        log_line=case.log.line if case.log else "",
        facts=key_facts(case, zone),
        keepalive=keepalive_rows(case),
        steps=walk(case),
        timeline=timeline(case),
        explanations=tuple(
            ExplanationRow(
                e.id,
                words.label(f"explanation-{e.id}"),
                e.status.value,
                e.evidence,
                words.label(f"refute-{e.id}"),
                e.against,
            )
            for e in explanations
        ),
        not_told=not_told(case, explanations),
        decoded=tuple(_decoded(case, headers)),
        filters=filters(case),
        appendix=appendix,
        about_capture=about_capture(case),
        limits=limit_rows(limits),
        limits_note=limits_note(limits),
        objection=Objection(verdict.objection.argument.text, verdict.objection.answer) if verdict.objection else None,
        application=application_side(case, exchange),
        advice=advice_rows(advised),
        advice_note=advised.software,
        letter=advised.letter.text if advised.letter else "",
    )


def _decoded(case: Case, headers: Sequence[FrameHeaders]) -> list[DecodedFrame]:
    captions = decisive_frames(case)
    decoded = []
    for entry in headers:
        frame = case.connection.frame(entry.frame)
        if frame is not None and entry.frame in captions:
            lines = tuple(
                HeaderField(line.depth and 1, line.text, line.text.startswith(DECISIVE_LINES))
                for line in entry.lines
                if line.depth == 0 or (line.text.startswith(SHOWN_LINES) and not IP_FLAGS.match(line.text))
            )
            decoded.append(DecodedFrame(entry.frame, frame.time_ns, captions[entry.frame], lines))
    return decoded
