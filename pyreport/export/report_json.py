"""The JSON that ``--json`` writes: a public interface, typed here and described in ``report.schema.json``.

Names ending in ``_ns`` are nanoseconds (times since the epoch in UTC, else durations), names ending in ``_frame`` and
lists named ``frames`` are frame numbers of the capture.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypedDict

from pyreport import __version__
from pyreport.advice.plan import plan
from pyreport.application.kafka_messages import Exchange
from pyreport.connections.connection import Connection
from pyreport.connections.probe_clock import probe_clock
from pyreport.connections.reading import Reading
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.idle_limits import idle_limits
from pyreport.diagnosis.evidence.periodic import Periodic, periodic_closes
from pyreport.diagnosis.result import Explanation, Objection, Verdict
from pyreport.export.advice_json import ApplicationJson, PlanJson, application_json, plan_json
from pyreport.export.evidence_json import (
    ClockJson,
    EvidenceJson,
    IdleLimitsJson,
    QualityJson,
    clock_json,
    evidence_json,
    limits_json,
    quality_json,
)
from pyreport.frames.frame import Finding
from pyreport.logs.model import End, LogError
from pyreport.words import Words

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
    clock: ClockJson | None


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


class ExplanationJson(TypedDict):
    """One explanation. ``status``: supported, possible, no evidence or ruled out."""

    id: str
    status: str
    evidence: list[EvidenceJson]
    against: list[EvidenceJson]
    would_refute: str


class ObjectionJson(TypedDict):
    """The strongest argument against a verdict, and the answer to it."""

    argument: str
    answer: EvidenceJson


class VerdictJson(TypedDict):
    """The verdict; the vocabularies are those of pyreport.diagnosis.result. ``deciding`` are the facts that decided;
    ``objection`` is null where nothing broke or nothing was decided.
    """

    kind: str
    sentence: str
    confidence: str
    attribution: list[str]
    deciding: list[EvidenceJson]
    objection: ObjectionJson | None


class PeriodicJson(TypedDict):
    """Connections between the same two that end at the same age of data, this one among them (ages and times in ns)."""

    connections: int
    age_ns: int
    first_time_ns: int
    last_time_ns: int
    frames: list[int]


class EndJson(TypedDict):
    """One end as far as a log line names it."""

    host: str | None
    port: int | None


class LogJson(TypedDict):
    """What was understood of the log line. ``match``: what the match with the connection rests on
    (pyreport.matching.match.Strength). ``time_ns`` is null when the line was not placed in time.
    """

    line: str
    format: str
    operation: str
    error: str
    errno: str
    local: EndJson
    remote: EndJson
    time_ns: int | None
    match: str
    peer_name: str
    client_id: str
    state: str
    state_age_ns: int | None
    idle_ns: int | None
    lasted_ns: int | None


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
    periodic: PeriodicJson | None
    quality: QualityJson
    idle_limits: IdleLimitsJson
    application: ApplicationJson
    what_to_do: PlanJson
    log: LogJson | None


class ReportJson(TypedDict):
    """The whole document. ``format`` counts incompatible changes of it."""

    format: int
    generator: str
    capture: CaptureJson
    connections: list[ConnectionJson]


def to_json(
    reading: Reading,
    judged: Iterable[tuple[Case, tuple[Explanation, ...], Verdict]],
    warnings: Iterable[str],
    exchange: Exchange | None = None,
) -> ReportJson:
    """The document for some connections of a capture, in the order given. ``exchange`` is what was said in Kafka on
    the one connection of a report.
    """
    rules = {stream: rule for rule in periodic_closes(reading.index) for stream in rule.streams}
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
        "connections": [_connection(*entry, exchange, rules) for entry in judged],
    }


def dump(document: Mapping[str, object]) -> str:
    """The document as text, stable for the same input."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _connection(
    case: Case,
    explanations: tuple[Explanation, ...],
    verdict: Verdict,
    exchange: Exchange | None,
    rules: Mapping[int, Periodic],
) -> ConnectionJson:
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
            {
                "id": e.id,
                "status": e.status.value,
                "evidence": [evidence_json(sentence) for sentence in e.evidence],
                "against": [evidence_json(sentence) for sentence in e.against],
                "would_refute": Words().label(f"refute-{e.id}"),
            }
            for e in explanations
        ],
        "verdict": {
            "kind": verdict.kind.value,
            "sentence": verdict.sentence,
            "confidence": verdict.confidence.value,
            "attribution": [share.value for share in verdict.attribution],
            "deciding": [evidence_json(sentence) for sentence in verdict.deciding],
            "objection": _objection(verdict.objection),
        },
        "periodic": _periodic(rules.get(connection.stream)),
        "quality": quality_json(case.quality),
        "idle_limits": limits_json(idle_limits(case)),
        "application": application_json(case, exchange),
        "what_to_do": plan_json(plan(case, verdict, exchange)),
        "log": _log(case.log, case) if case.log is not None else None,
    }


def _objection(objection: Objection | None) -> ObjectionJson | None:
    if objection is None:
        return None
    return {"argument": objection.argument.text, "answer": evidence_json(objection.answer)}


def _periodic(rule: Periodic | None) -> PeriodicJson | None:
    if rule is None:
        return None
    return {
        "connections": len(rule.closes),
        "age_ns": rule.age_ns,
        "first_time_ns": rule.closes[0].time_ns,
        "last_time_ns": rule.closes[-1].time_ns,
        "frames": list(rule.frames),
    }


def _log(log: LogError, case: Case) -> LogJson:
    return {
        "line": log.line,
        "format": log.format,
        "operation": log.operation,
        "error": log.error_text,
        "errno": log.errno.value,
        "local": _end(log.local),
        "remote": _end(log.remote),
        "time_ns": case.log_ns,
        "match": case.log_match,
        "peer_name": log.peer_name,
        "client_id": log.client_id,
        "state": log.state,
        "state_age_ns": log.state_age_ns,
        "idle_ns": log.idle_ns,
        "lasted_ns": log.lasted_ns,
    }


def _end(end: End) -> EndJson:
    return {"host": end.host or None, "port": end.port}


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
        "clock": clock_json(probe_clock(connection, side)),
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
