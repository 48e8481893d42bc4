"""What each command does, once its arguments are known."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from pyreport.application.kafka_messages import Exchange, read_exchange
from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError, ToolError
from pyreport.capture import resources
from pyreport.capture.engine import Engine
from pyreport.capture.file import open_capture
from pyreport.capture.packet_details import decode_frames
from pyreport.capture.tshark import Tshark, open_tshark
from pyreport.choice.choose import Wanted, choose, read_log, rows_of
from pyreport.choice.diagnosed import Diagnosis, diagnose_selection
from pyreport.choice.events import events_of
from pyreport.choice.log_at import parse_at
from pyreport.choice.log_incidents import LogFile
from pyreport.choice.noise import noise_of
from pyreport.choice.severity import worst_first
from pyreport.cli.output import check_outputs, write_text
from pyreport.cli.progress import Progress, show_progress
from pyreport.cli.table import print_incidents, print_table
from pyreport.cli.terminal import print_line
from pyreport.cli.versions import versions
from pyreport.connections.reading import Reading, read_capture
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.connection import Judged, diagnose_connection
from pyreport.diagnosis.event import event_of
from pyreport.diagnosis.evidence.periodic import periodic_closes
from pyreport.diagnosis.result import Kind
from pyreport.export.report_json import dump, to_json
from pyreport.logs.ends import parse_connection
from pyreport.logs.logfile import check_log_file
from pyreport.logs.registry import parse_log_line
from pyreport.matching.match import Zones
from pyreport.narrative.build import build_narrative
from pyreport.narrative.ladder import ladder_frames
from pyreport.narrative.model import Appendix, Narrative
from pyreport.render.clean import REPLACEMENT
from pyreport.render.fonts import missing_characters, packages_for
from pyreport.render.look import PLAIN, Look
from pyreport.words import Words
from pyreport.words.languages import FALLBACK

# The demo's log names no zone, as most do not; the article that it comes from was written in China.
DEMO_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for. At most one of ``log_line``, ``log_file`` and ``addresses`` is given; ``stream`` may
    stand beside a log, ``at`` beside ``log_file`` only.
    """

    capture: str
    log_line: str | None = None
    log_file: Path | None = None
    at: str | None = None
    addresses: str | None = None
    stream: int | None = None
    zone: tzinfo | None = None
    log_zone: tzinfo | None = None
    pdf: Path | None = None
    json: Path | None = None
    html: Path | None = None
    summary: Path | None = None
    look: Look = PLAIN
    everything: bool = False
    tshark: str | None = None
    engine: Engine = Engine.AUTO
    command_line: tuple[str, ...] = ()
    language: str = FALLBACK


def run_report(request: Request, stderr: Console) -> None:
    """Write the report of one connection. Raises ReportError."""
    wanted = wanted_of(request)
    capture = open_capture(request.capture)
    wanted_files = (request.pdf, request.html, request.summary, request.json)
    outputs = [output for output in wanted_files if output is not None]
    check_outputs(outputs, capture.path)
    words = Words(request.language)
    check_fonts(request, words)
    notes: tuple[Claim, ...] = ()
    with (
        show_progress(stderr, words, "progress-capture") as progress,
        open_tshark(request.tshark, note=progress.note) as tshark,
    ):
        reading = read_capture(tshark, capture, progress.count, request.engine)
        choice = choose(reading, wanted)
        diagnosis = diagnose_selection(reading, choice.selection, choice.log, wanted.zones, tshark.warnings)
        diagnosis = replace(diagnosis, notes=(*diagnosis.notes, *choice.notes))
        local = words.in_zone(diagnosis.zone)
        exchange = _read_exchange(tshark, reading, diagnosis.case, progress)
        if request.json is not None:
            judged = [(diagnosis.case, diagnosis.explanations, diagnosis.verdict)]
            warnings = map(local.say, (*diagnosis.warnings, *diagnosis.notes))
            event = event_of(diagnosis.case, diagnosis.verdict)
            events = () if event is None else (event,)
            write_text(request.json, dump(to_json(reading, judged, warnings, words, exchange, events)))
        if (request.pdf, request.html, request.summary) != (None, None, None):
            progress.say("progress-headers")
            narrative = _narrative(tshark, reading, diagnosis, request, exchange)
            notes = _write_documents(narrative, request, local, progress)
    lines = [
        local.label("terminal-note", note=local.say(note)) for note in (*diagnosis.warnings, *diagnosis.notes, *notes)
    ]
    lines.append(local.join(diagnosis.verdict.claims))
    lines += [local.label("terminal-written", path=str(output)) for output in outputs]
    for line in lines:
        print_line(stderr, line)


def run_scan(request: Request, stdout: Console, stderr: Console) -> None:
    """Print the connections of a capture that have something to say, or, with a log file, its errors as incidents.

    Raises ReportError.
    """
    if request.log_file is not None:
        check_log_file(request.log_file)
    capture = open_capture(request.capture)
    check_outputs([request.json] if request.json is not None else [], capture.path)
    utc = Words(request.language)
    with (
        show_progress(stderr, utc, "progress-capture") as progress,
        open_tshark(request.tshark, note=progress.note) as tshark,
    ):
        reading = read_capture(tshark, capture, progress.count, request.engine)
        warnings = list(tshark.warnings)
        progress.say("progress-weighing")
        zones = Zones(request.log_zone, request.zone)
        log_file = read_log(reading, request.log_file, zones) if request.log_file is not None else None
        of_log = _by_stream(log_file) if log_file is not None else {}
        judged = [
            of_log.get(connection.stream) or diagnose_connection(reading, connection)
            for connection in worst_first(reading.index)
        ]
    words = utc.in_zone(request.zone or UTC)
    events = events_of(rows_of(judged))
    for warning in warnings:
        print_line(stderr, words.label("terminal-note", note=words.say(warning)))
    if request.json is not None:
        told = [one.event for one in events]
        write_text(request.json, dump(to_json(reading, judged, map(words.say, warnings), utc, events=told)))
    if log_file is not None:
        print_incidents(stdout, log_file, words)
        return
    rules = periodic_closes(reading.index)
    frames, everything = reading.span.frames, request.everything
    untold = sum(1 for _, _, verdict in judged if verdict.kind is Kind.UNDETERMINED)
    noise = noise_of(reading.index, untold)
    print_table(stdout, events, len(judged), frames, words, rules, everything=everything, noise=noise)


def run_demo(pdf: Path, stderr: Console, tshark: str | None, command_line: tuple[str, ...], language: str) -> None:
    """Write the report of the capture that ships with the package. Raises ReportError."""
    lines = resources.demo_log().read_text(encoding="utf-8").splitlines()
    line = next((line for line in lines if "->" in line), None)
    if line is None:
        raise InputError("The log of the demo capture names no connection: install pyreport again.")
    request = Request(
        capture=os.path.relpath(resources.demo_capture()),
        log_line=line,
        zone=DEMO_ZONE,
        pdf=pdf,
        tshark=tshark,
        command_line=command_line,
        language=language,
    )
    run_report(request, stderr)


def wanted_of(request: Request) -> Wanted:
    """What the user named, understood before the long work. Raises ReportError."""
    if request.log_file is not None:
        check_log_file(request.log_file)
    return Wanted(
        log=parse_log_line(request.log_line) if request.log_line is not None else None,
        log_file=request.log_file,
        at=parse_at(request.at) if request.at is not None else None,
        ends=parse_connection(request.addresses) if request.addresses is not None else None,
        stream=request.stream,
        zones=Zones(request.log_zone, request.zone),
    )


def _by_stream(log_file: LogFile) -> dict[int, Judged]:
    """The connections that the log names, as judged with their line."""
    incidents = [i for group in log_file.groups for i in group.incidents if i.judged is not None]
    return {i.judged[0].connection.stream: i.judged for i in incidents if i.judged is not None}


def _read_exchange(tshark: Tshark, reading: Reading, case: Case, progress: Progress) -> Exchange | None:
    progress.say("progress-messages")
    service = case.log.service if case.log else ""
    return read_exchange(tshark, reading.capture, case.connection, case.roles, service)


def _narrative(
    tshark: Tshark, reading: Reading, diagnosis: Diagnosis, request: Request, exchange: Exchange | None
) -> Narrative:
    # Where nothing broke, the report shows no headers.
    wanted = () if diagnosis.verdict.is_harmless else ladder_frames(diagnosis.case)
    headers = decode_frames(tshark, reading.capture, wanted)
    appendix = Appendix(
        capture_path=reading.capture.shown_path,
        capture_sha256=reading.capture.sha256,
        capture_bytes=reading.capture.size,
        frames=reading.span.frames,
        first_time_ns=reading.span.first_time_ns,
        last_time_ns=reading.span.last_time_ns,
        read_by=reading.read_by,
        versions=versions(tshark),
        commands=(shlex.join(request.command_line), *tshark.commands)
        if request.command_line
        else tuple(tshark.commands),
    )
    return build_narrative(
        diagnosis.case,
        diagnosis.explanations,
        diagnosis.verdict,
        warnings=diagnosis.warnings,
        notes=diagnosis.notes,
        headers=headers,
        appendix=appendix,
        generated_ns=now_ns(),
        exchange=exchange,
    )


def now_ns() -> int:
    """The time that the report carries: SOURCE_DATE_EPOCH when set (reproducible-builds.org), else now."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(fixed) * 1_000_000_000 if fixed.isdecimal() else time.time_ns()


def _write_documents(narrative: Narrative, request: Request, words: Words, progress: Progress) -> tuple[Claim, ...]:
    progress.say("progress-report")
    from pyreport.render.html import render_html
    from pyreport.render.summary import summary

    if request.summary is not None:
        write_text(request.summary, summary(narrative, words, markdown=request.summary.suffix != ".txt"))
    if request.pdf is None and request.html is None:
        return ()

    def render(notes: tuple[Claim, ...]) -> str:
        return render_html(replace(narrative, warnings=(*narrative.warnings, *notes)), words, request.look)

    return write_documents(render, request, narrative.generated_ns)


def check_fonts(request: Request, words: Words) -> None:
    """Raise ToolError when a PDF was asked for and no font has the characters of its language."""
    missing = missing_characters(words.characters) if request.pdf is not None else ()
    if missing:
        few = "".join(missing[:8])
        raise ToolError(words.label("font-needed", missing=few, package=words.label("fonts-package")))


def write_documents(
    render: Callable[[tuple[Claim, ...]], str], request: Request, generated_ns: int
) -> tuple[Claim, ...]:
    """Write a report as the web page and the PDF that were asked for, and return what has to be said of them.

    ``render`` makes the page with some more claims to be read first. Text from outside (a log line) may have characters
    that no font has: the PDF shows a mark for each and says so. Raises InputError when a file cannot be written.
    """
    # Imported here: WeasyPrint takes a second to load, which scan and --json need not wait for.
    from pyreport.render.pdf import write_pdf

    html = render(())
    if request.html is not None:
        write_text(request.html, html)
    if request.pdf is None:
        return ()
    missing = missing_characters(html)
    notes = (_font_missing(missing),) if missing else ()
    if missing:
        html = render(notes).translate({ord(character): REPLACEMENT for character in missing})
    try:
        write_pdf(html, request.pdf, generated_ns)
    except OSError as error:
        raise InputError(
            f"{request.pdf} cannot be written ({error.strerror}): choose another place with -o."
        ) from error
    return notes


def _font_missing(missing: Sequence[str]) -> Claim:
    listed = tuple(f"U+{ord(character):04X}" for character in missing[:8])
    more = ("…",) if len(missing) > len(listed) else ()
    return claim("font-missing", count=len(missing), missing=(*listed, *more), package=packages_for(missing))
