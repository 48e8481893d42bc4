"""The JSON that ``pyreport report --json`` and ``pyreport scan --json`` write, ReportJson of report.schema.json."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, cast

import msgspec
from msgspec import Meta

from pyreport import __version__
from pyreport.advice.plan import plan
from pyreport.application.kafka_messages import Exchange
from pyreport.base import json_text
from pyreport.base.claim import claim
from pyreport.capture.file import CaptureFile
from pyreport.connections.connection import Connection
from pyreport.connections.probe_clock import probe_clock
from pyreport.connections.reading import Reading
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.event import Common, Event
from pyreport.diagnosis.evidence.idle_limits import idle_limits
from pyreport.diagnosis.evidence.periodic import Periodic, periodic_closes
from pyreport.diagnosis.result import (
    Attribution,
    Confidence,
    Explanation,
    ExplanationId,
    Kind,
    Objection,
    Status,
    Verdict,
)
from pyreport.export.advice_json import ApplicationJson, PlanJson, application_json, plan_json
from pyreport.export.claim_json import (
    FORMAT,
    Count,
    Endpoint,
    EvidenceJson,
    Format,
    Frame,
    Frames,
    Json,
    LevelWord,
    claims_json,
    evidence_json,
)
from pyreport.export.evidence_json import (
    ClockJson,
    IdleLimitsJson,
    QualityJson,
    clock_json,
    limits_json,
    quality_json,
)
from pyreport.frames.finding import Finding
from pyreport.frames.findings import FindingId
from pyreport.logs.model import Errno, LogError, NamedEnd
from pyreport.matching.match import Strength
from pyreport.words import Words

# More of them say little, and would make the document larger than the rest of it.
MOST_STRETCHES = 100_000


class PartJson(Json):
    """What --from, --to and --host left to be judged; null: no limit."""

    from_ns: int | None
    to_ns: int | None
    host: str | None


class FileJson(Json):
    """One of several files of a capture, and how many of the capture's frames it has."""

    path: str
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    bytes: Count
    frames: Count


class StretchJson(Json):
    """Frames that follow each other in the capture and in a file: the number of the first one, its file (its place in
    the list, from 0), its number there, and how many they are.
    """

    first: Frame
    file: Count
    number: Frame
    count: Count


class CaptureJson(Json):
    """The capture. The path is as the user gave it. Of several files, the frames are numbered through in order of time;
    the sum is the SHA-256 of their sums, one a line, and the stretches say which file each frame is from (null: of one
    file, or more stretches than 100,000, since the frames of files alternate).
    """

    path: str
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    frames: Frame
    first_time_ns: int
    last_time_ns: int
    warnings: tuple[str, ...]
    judged: PartJson
    files: tuple[FileJson, ...]
    stretches: tuple[StretchJson, ...] | None


class SideKeepaliveJson(Json):
    """Keep-alive of one side; null where this capture does not tell. The missed are intervals, not findings. The clock
    is null with fewer than three gaps between answered probes.
    """

    idle_ns: int | None
    cadence_ns: int | None
    interval_ns: int | None
    probes: Count
    answered: Count
    unanswered: Count
    missed: Count
    clock: ClockJson | None


class KeepaliveJson(Json):
    """Keep-alive of both sides."""

    a: SideKeepaliveJson
    b: SideKeepaliveJson


class FindingJson(Json):
    """One finding of the plugin's catalogue on one frame."""

    id: FindingId
    frame: Frame
    time_ns: int
    level: LevelWord
    summary: str
    data: Mapping[str, int | str]


class ExplanationJson(Json):
    """One explanation after weighing: what speaks for it and against it, and what would refute it."""

    id: ExplanationId
    title: str
    status: Status
    evidence: tuple[EvidenceJson, ...]
    against: tuple[EvidenceJson, ...]
    would_refute: str


class ObjectionJson(Json):
    """The strongest argument against a verdict, and the answer to it."""

    argument: EvidenceJson
    answer: tuple[EvidenceJson, ...]


class VerdictJson(Json):
    """The verdict: its claims, and all of them as one text; "deciding" are the facts that decided. The objection is
    null where nothing broke or nothing was decided.
    """

    kind: Kind
    sentence: str
    claims: tuple[EvidenceJson, ...]
    confidence: Confidence
    attribution: tuple[Attribution, ...]
    deciding: tuple[EvidenceJson, ...]
    objection: ObjectionJson | None


class PeriodicJson(Json):
    """Connections between the same two that end at the same age of data, this one among them."""

    connections: Annotated[int, Meta(ge=3)]
    age_ns: Count
    first_time_ns: int
    last_time_ns: int
    frames: Frames


class EndJson(Json):
    """One end as far as a log line names it."""

    host: str | None
    port: int | None


class LogJson(Json):
    """What was understood of the log line, empty or null where it does not say. "format" is what wrote it, "match" what
    the match of line and connection rests on, "fits" how many connections the line fits equally well (1 where no other
    is it, or the same happened to all); the time is null when the line was not placed in time. The state is
    librdkafka's, its age is no idle time; idle_ns and lasted_ns are the idle time and the life of the connection that
    the line states.
    """

    line: str
    format: str
    operation: str
    error: str
    errno: Errno
    local: EndJson
    remote: EndJson
    time_ns: int | None
    match: Strength
    fits: int
    peer_name: str
    client_id: str
    state: str
    state_age_ns: int | None
    idle_ns: int | None
    lasted_ns: int | None


class ConnectionJson(Json):
    """One connection. "a" is the client when its SYN was seen, else the first sender; "local" is the end that the
    verdict is told for, one of the two. The stream is Wireshark's tcp.stream. "periodic" is null when it is not one of
    several that end at the same age, "log" when no log line was given for it.
    """

    a: Endpoint
    b: Endpoint
    local: Endpoint
    stream: Count
    first_frame: Frame
    last_frame: Frame
    keepalive: KeepaliveJson
    findings: tuple[FindingJson, ...]
    explanations: tuple[ExplanationJson, ...]
    verdict: VerdictJson
    periodic: PeriodicJson | None
    quality: QualityJson
    idle_limits: IdleLimitsJson
    application: ApplicationJson
    what_to_do: PlanJson
    log: LogJson | None


class EventJson(Json):
    """What happened to several connections at once, or to one: the kind and confidence of the verdict on the first of
    them, what they have in common, Wireshark's streams, the worst first, and the times of the first and the last. For a
    silence of their host, these are when it began and ended.
    """

    kind: Kind
    confidence: Confidence
    common: Common
    sentence: str
    near: str
    far: str
    streams: tuple[Count, ...]
    first_time_ns: int
    last_time_ns: int


class ReportJson(Json):
    """What pyreport report and pyreport scan write. The format counts incompatible changes. The events of scan are all
    that its connections come to, the worst first; those of report are the one that its connection is of, if any.
    """

    format: Format
    generator: str
    language: str
    capture: CaptureJson
    events: tuple[EventJson, ...]
    connections: tuple[ConnectionJson, ...]


def to_json(
    reading: Reading,
    judged: Iterable[tuple[Case, tuple[Explanation, ...], Verdict]],
    warnings: Iterable[str],
    words: Words,
    exchange: Exchange | None = None,
    events: Iterable[Event] = (),
) -> ReportJson:
    """The document for some connections of a capture, in the order given. ``exchange`` is what was said in Kafka on
    the one connection of a report.
    """
    rules = {stream: rule for rule in periodic_closes(reading.index) for stream in rule.streams}
    return ReportJson(
        format=FORMAT,
        generator=f"pyreport {__version__}",
        language=words.label("language-tag"),
        capture=capture_json(reading, warnings),
        events=tuple(_event(event, words) for event in events),
        connections=tuple(
            _connection(*entry, rules.get(entry[0].connection.stream), exchange, words) for entry in judged
        ),
    )


def _event(event: Event, words: Words) -> EventJson:
    return EventJson(
        kind=event.kind,
        confidence=event.confidence,
        common=event.common,
        sentence=words.say(claim("event-told", ends=event.ends, happened=event.happened)),
        near=event.near,
        far=event.far,
        streams=event.streams,
        first_time_ns=event.first_ns,
        last_time_ns=event.last_ns,
    )


def capture_json(reading: Reading, warnings: Iterable[str] = ()) -> CaptureJson:
    """The capture of a reading."""
    capture, origins = reading.capture, reading.origins
    is_told = not capture.is_one_file and len(origins) <= MOST_STRETCHES
    return CaptureJson(
        path=capture.shown_path,
        sha256=capture.sha256,
        frames=reading.span.frames,
        first_time_ns=reading.span.first_time_ns,
        last_time_ns=reading.span.last_time_ns,
        warnings=tuple(warnings),
        judged=PartJson(
            from_ns=capture.limits.from_ns,
            to_ns=capture.limits.to_ns,
            host=None if capture.limits.host is None else str(capture.limits.host),
        ),
        files=tuple(
            FileJson(path=file.shown_path, sha256=digest, bytes=file.size, frames=count)
            for file, digest, count in _files(reading)
        ),
        stretches=tuple(
            StretchJson(first=each.first, file=each.origin.file, number=each.origin.number, count=each.count)
            for each in origins.stretches()
        )
        if is_told
        else None,
    )


def _files(reading: Reading) -> Iterator[tuple[CaptureFile, str, int]]:
    """Each file, its SHA-256, and how many frames of the capture it has."""
    capture, counts = reading.capture, reading.origins.counts
    for place, (file, digest) in enumerate(zip(capture.files, capture.sums.all(), strict=True)):
        yield file, digest, reading.span.frames if capture.is_one_file else counts.get(place, 0)


def dump(document: Json) -> str:
    """The document as text, stable for the same input."""
    # An end is a text of its own kind, which msgspec asks about.
    return json_text.document(document).decode()


def _connection(
    case: Case,
    explanations: tuple[Explanation, ...],
    verdict: Verdict,
    rule: Periodic | None,
    exchange: Exchange | None,
    words: Words,
) -> ConnectionJson:
    connection = case.connection
    return ConnectionJson(
        a=connection.a,
        b=connection.b,
        local=case.local,
        stream=connection.stream,
        first_frame=connection.first.number,
        last_frame=connection.last.number,
        keepalive=KeepaliveJson(a=_side(connection, connection.a), b=_side(connection, connection.b)),
        findings=tuple(map(_finding, connection.findings)),
        explanations=tuple(_explanation(explanation, words) for explanation in explanations),
        verdict=_verdict(verdict, words),
        periodic=_periodic(rule),
        quality=quality_json(case.quality, words),
        idle_limits=limits_json(idle_limits(case), words),
        application=application_json(case, exchange, words),
        what_to_do=plan_json(plan(case, verdict, exchange), words),
        log=_log(case.log, case) if case.log is not None else None,
    )


def _explanation(explanation: Explanation, words: Words) -> ExplanationJson:
    return ExplanationJson(
        id=explanation.id,
        title=words.label(f"explanation-{explanation.id}"),
        status=explanation.status,
        evidence=claims_json(explanation.evidence, words),
        against=claims_json(explanation.against, words),
        would_refute=words.label(f"refute-{explanation.id}"),
    )


def _verdict(verdict: Verdict, words: Words) -> VerdictJson:
    return VerdictJson(
        kind=verdict.kind,
        sentence=words.join(verdict.claims),
        claims=claims_json(verdict.claims, words),
        confidence=verdict.confidence,
        attribution=verdict.attribution,
        deciding=claims_json(verdict.deciding, words),
        objection=_objection(verdict.objection, words),
    )


def _objection(objection: Objection | None, words: Words) -> ObjectionJson | None:
    if objection is None:
        return None
    return ObjectionJson(argument=evidence_json(objection.argument, words), answer=claims_json(objection.reply, words))


def _periodic(rule: Periodic | None) -> PeriodicJson | None:
    if rule is None:
        return None
    return PeriodicJson(
        connections=len(rule.closes),
        age_ns=rule.age_ns,
        first_time_ns=rule.closes[0].time_ns,
        last_time_ns=rule.closes[-1].time_ns,
        frames=rule.frames,
    )


def _log(log: LogError, case: Case) -> LogJson:
    return LogJson(
        line=log.line,
        format=log.format,
        operation=log.operation,
        error=log.error_text,
        errno=log.errno,
        local=_end(log.local),
        remote=_end(log.remote),
        time_ns=case.log_ns,
        match=Strength(case.log_match),
        fits=case.log_fits,
        peer_name=log.peer_name,
        client_id=log.client_id,
        state=log.state,
        state_age_ns=log.state_age_ns,
        idle_ns=log.idle_ns,
        lasted_ns=log.lasted_ns,
    )


def _end(end: NamedEnd) -> EndJson:
    return EndJson(host=end.host or None, port=end.port)


def _side(connection: Connection, side: str) -> SideKeepaliveJson:
    learned = connection.keepalive(side)
    return SideKeepaliveJson(
        idle_ns=learned.idle_ns,
        cadence_ns=learned.cadence_ns,
        interval_ns=learned.interval_ns,
        probes=learned.probes,
        answered=learned.answered,
        unanswered=learned.unanswered,
        missed=learned.missed,
        clock=clock_json(probe_clock(connection, side)),
    )


def _finding(finding: Finding) -> FindingJson:
    return FindingJson(
        id=cast("FindingId", finding.id),
        frame=finding.frame,
        time_ns=finding.time_ns,
        level=cast("LevelWord", finding.level.word),
        summary=finding.summary,
        data=_data(finding),
    )


def _data(finding: Finding) -> dict[str, int | str]:
    """What the finding carries beside what all findings have."""
    common = set(Finding.__struct_fields__)
    return {
        name: value
        for name, value in msgspec.structs.asdict(finding).items()
        if name not in common and value is not None
    }
