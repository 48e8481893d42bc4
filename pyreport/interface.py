"""The JSON that ``--json`` writes: a public interface, typed here and described in ``report.schema.json``.

Names ending in ``_ns`` are nanoseconds (times since the epoch in UTC, else durations), names ending in ``_frame`` and
lists named ``frames`` are frame numbers of the capture.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

from pyreport import __version__
from pyreport.analysis import Reading
from pyreport.diagnosis.model import Case, Explanation, Verdict
from pyreport.frames import Finding
from pyreport.incident import Connection
from pyreport.sentence import Sentence

FORMAT = 1
SCHEMA = Path(__file__).with_name("report.schema.json")


class CaptureJson(TypedDict):
    """The capture file. ``path`` is as the user gave it."""

    path: str
    sha256: str
    frames: int
    first_time_ns: int
    last_time_ns: int
    warnings: list[str]


class SideKeepaliveJson(TypedDict):
    """Keep-alive of one side; null where this capture does not tell."""

    idle_ns: int | None
    cadence_ns: int | None
    interval_ns: int | None
    probes: int
    answered: int
    unanswered: int
    missed: int


class KeepaliveJson(TypedDict):
    """Keep-alive of both sides."""

    a: SideKeepaliveJson
    b: SideKeepaliveJson


class FindingJson(TypedDict):
    """One finding of the plugin's catalogue on one frame. ``level``: Chat, Note, Warn or Error."""

    id: str
    frame: int
    time_ns: int
    level: str
    summary: str
    data: dict[str, int | str]


class EvidenceJson(TypedDict):
    """One sentence and the frames that prove it."""

    text: str
    frames: list[int]


class ExplanationJson(TypedDict):
    """One explanation. ``status``: supported, possible, no evidence or ruled out."""

    id: str
    status: str
    evidence: list[EvidenceJson]


class VerdictJson(TypedDict):
    """The verdict; the vocabularies are those of pyreport.diagnosis.model."""

    kind: str
    sentence: str
    confidence: str
    attribution: list[str]


class ConnectionJson(TypedDict):
    """One connection. ``a`` is the client when its SYN was seen, else the first sender; ``local`` is one of the two."""

    a: str
    b: str
    local: str
    stream: int
    first_frame: int
    last_frame: int
    keepalive: KeepaliveJson
    findings: list[FindingJson]
    explanations: list[ExplanationJson]
    verdict: VerdictJson


class ReportJson(TypedDict):
    """The whole document. ``format`` counts incompatible changes of it."""

    format: int
    generator: str
    capture: CaptureJson
    connections: list[ConnectionJson]


def to_json(
    reading: Reading, judged: Iterable[tuple[Case, tuple[Explanation, ...], Verdict]], warnings: Iterable[str]
) -> ReportJson:
    """The document for some connections of a capture, in the order given."""
    return {
        "format": FORMAT,
        "generator": f"pyreport {__version__}",
        "capture": {
            "path": reading.capture.shown_path,
            "sha256": reading.capture.sha256,
            "frames": reading.span.frames,
            "first_time_ns": reading.span.first_time_ns,
            "last_time_ns": reading.span.last_time_ns,
            "warnings": list(warnings),
        },
        "connections": [_connection(*entry) for entry in judged],
    }


def dump(document: ReportJson) -> str:
    """The document as text, stable for the same input."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _connection(case: Case, explanations: tuple[Explanation, ...], verdict: Verdict) -> ConnectionJson:
    connection = case.connection
    return {
        "a": connection.a,
        "b": connection.b,
        "local": case.local,
        "stream": connection.stream,
        "first_frame": connection.first.number,
        "last_frame": connection.last.number,
        "keepalive": {"a": _side(connection, connection.a), "b": _side(connection, connection.b)},
        "findings": [_finding(finding) for finding in connection.findings],
        "explanations": [
            {"id": e.id, "status": e.status.value, "evidence": [_evidence(sentence) for sentence in e.evidence]}
            for e in explanations
        ],
        "verdict": {
            "kind": verdict.kind.value,
            "sentence": verdict.sentence,
            "confidence": verdict.confidence.value,
            "attribution": [share.value for share in verdict.attribution],
        },
    }


def _side(connection: Connection, side: str) -> SideKeepaliveJson:
    learned = connection.keepalive(side)
    return {
        "idle_ns": learned.idle_ns,
        "cadence_ns": learned.cadence_ns,
        "interval_ns": learned.interval_ns,
        "probes": learned.probes,
        "answered": learned.answered,
        "unanswered": learned.unanswered,
        "missed": learned.missed,
    }


def _finding(finding: Finding) -> FindingJson:
    return {
        "id": finding.id,
        "frame": finding.frame,
        "time_ns": finding.time_ns,
        "level": finding.level.word,
        "summary": finding.summary,
        "data": dict(finding.data),
    }


def _evidence(sentence: Sentence) -> EvidenceJson:
    return {"text": sentence.text, "frames": list(sentence.frames)}
