"""What each command does, once its arguments are known."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from pyreport.application.kafka_messages import Exchange, read_exchange
from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError, ToolError
from pyreport.base.whole_file import STDOUT
from pyreport.capture import resources
from pyreport.capture.engine import Engine
from pyreport.capture.excerpt import Excerpt
from pyreport.capture.file import Asked, Capture, find_captures
from pyreport.capture.packet_details import decode_frames
from pyreport.capture.pipe import receive
from pyreport.capture.tshark import Tshark, join_commands, open_tshark
from pyreport.choice.choose import Wanted, choose, read_log, rows_of
from pyreport.choice.diagnosed import Diagnosis, diagnose_selection
from pyreport.choice.events import events_of
from pyreport.choice.log_at import parse_at
from pyreport.choice.log_incidents import LogFile
from pyreport.choice.noise import noise_of
from pyreport.choice.plainly_well import judge_all, to_judge
from pyreport.cli.bundle import Evidence, check_bundle_place, write_evidence
from pyreport.cli.output import check_outputs, write_bytes, write_text
from pyreport.cli.part import WHOLE, AskedPart
from pyreport.cli.progress import Progress, show_progress
from pyreport.cli.redact import (
    Redaction,
    keep_key,
    redacted_capture,
    redacted_command,
    redacted_wanted,
    redaction_done,
    stand_ins_of,
)
from pyreport.cli.table import print_incidents, print_table
from pyreport.cli.terminal import print_line
from pyreport.cli.versions import versions
from pyreport.connections.reading import Reading, read_capture
from pyreport.connections.self_check import SelfCheck, self_check
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.connection import Judged
from pyreport.diagnosis.event import event_of
from pyreport.diagnosis.evidence.periodic import periodic_closes
from pyreport.diagnosis.result import Kind
from pyreport.export.report_json import dump, to_json
from pyreport.frames.frame import FRAME_FIELDS
from pyreport.logs.ends import parse_connection
from pyreport.logs.logfile import check_log_file
from pyreport.logs.registry import parse_log_line
from pyreport.matching.match import Zones
from pyreport.narrative.build import build_narrative
from pyreport.narrative.files_table import cited_frames, files_table
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
    """What the user asked for. ``captures`` are files, folders and "-". At most one of ``log_line``, ``log_file`` and
    ``addresses`` is given; ``stream`` may stand beside a log, ``at`` beside ``log_file`` only.
    """

    captures: tuple[str, ...]
    log_line: str | None = None
    log_file: Path | None = None
    at: str | None = None
    addresses: str | None = None
    stream: int | None = None
    candidate: int | None = None
    zone: tzinfo | None = None
    log_zone: tzinfo | None = None
    pdf: Path | None = None
    json: Path | None = None
    html: Path | None = None
    summary: Path | None = None
    bundle: Path | None = None
    attach: bool = False
    redaction: Redaction | None = None
    look: Look = PLAIN
    everything: bool = False
    tshark: str | None = None
    engine: Engine = Engine.AUTO
    asked_part: AskedPart = WHOLE
    command_line: tuple[str, ...] = ()
    language: str = FALLBACK

    @property
    def wants_json(self) -> bool:
        """Whether the JSON has to be made, for itself or to go with a report."""
        return self.json is not None or self.bundle is not None or self.attach

    @property
    def wants_documents(self) -> bool:
        """Whether something is written that the narrative is needed for."""
        return (self.pdf, self.html, self.summary, self.bundle) != (None, None, None, None)


def _json(reading: Reading, diagnosis: Diagnosis, words: Words, local: Words, exchange: Exchange | None) -> str:
    judged = [(diagnosis.case, diagnosis.explanations, diagnosis.verdict)]
    warnings = map(local.say, (*diagnosis.warnings, *diagnosis.notes))
    event = event_of(diagnosis.case, diagnosis.verdict)
    events = () if event is None else (event,)
    return dump(to_json(reading, judged, warnings, words, exchange, events))


def run_report(request: Request, stderr: Console) -> None:
    """Write the report of one connection. Raises ReportError."""
    wanted = wanted_of(request)
    asked = find_captures(request.captures)
    wanted_files = (request.pdf, request.html, request.summary, request.json)
    outputs = [output for output in wanted_files if output is not None]
    captures = [file.path for file in asked.files]
    check_outputs(outputs, *captures)
    if request.bundle is not None:
        check_bundle_place(request.bundle, captures, outputs)
        outputs.append(request.bundle)
    stand_ins = stand_ins_of(request.redaction, captures, outputs) if request.redaction is not None else None
    words = Words(request.language)
    check_fonts(request, words)
    notes: tuple[Claim, ...] = ()
    with (
        show_progress(stderr, words, "progress-capture") as progress,
        open_tshark(request.tshark, note=progress.note) as tshark,
    ):
        told: tuple[Claim, ...] = ()
        capture = asked_capture(tshark, asked, request, progress)
        if stand_ins is None:
            reading = read_capture(tshark, capture, progress.follow, request.engine)
        else:
            reading = redacted_capture(tshark, capture, stand_ins, progress.follow, request.engine)
            wanted = redacted_wanted(wanted, stand_ins)
            request = replace(request, command_line=redacted_command("report", wanted, request.zone))
            told = (claim("redaction-told"),)
        diagnosis = _diagnose(tshark, reading, wanted)
        excerpt, checked = _checked(tshark, reading, diagnosis, progress)
        if checked is not None and checked.first_difference is not None:
            # What Wireshark finds is what is reported.
            tshark.warn(checked.told)
            reading = read_capture(tshark, reading.capture, progress.follow, Engine.TSHARK)
            diagnosis = _diagnose(tshark, reading, wanted)
            excerpt = reading.excerpt(diagnosis.case.connection)
        diagnosis = replace(diagnosis, notes=(*told, *diagnosis.notes))
        local = words.in_zone(diagnosis.zone)
        exchange = _read_exchange(tshark, excerpt, diagnosis.case, progress)
        text = _json(reading, diagnosis, words, local, exchange) if request.wants_json else ""
        if request.json is not None:
            write_text(request.json, text)
        if request.wants_documents:
            progress.say("progress-headers")
            check_told = None if checked is None else checked.told
            narrative = _narrative(tshark, reading, diagnosis, request, exchange, excerpt, check_told)
            if request.bundle is None and not request.attach:
                notes = _write_documents(narrative, request, local, progress)
            else:
                evidence = Evidence(tshark, reading, diagnosis.case, narrative, text, stand_ins is not None)
                write = partial(_write_beside, narrative, request, local, progress)
                notes = write_evidence(evidence, request.bundle, request.attach, write, local)
    lines = [
        local.label("terminal-note", note=local.say(note)) for note in (*diagnosis.warnings, *diagnosis.notes, *notes)
    ]
    if request.redaction is not None and stand_ins is not None:
        keep_key(request.redaction, stand_ins)
        lines += [local.say(line) for line in redaction_done(request.redaction, stand_ins)]
    lines.append(local.join(diagnosis.verdict.claims))
    lines += [local.label("terminal-written", path=str(output)) for output in outputs if output != STDOUT]
    for line in lines:
        print_line(stderr, line)


def run_scan(request: Request, stdout: Console, stderr: Console) -> None:
    """Print the connections of a capture that have something to say, or, with a log file, its errors as incidents.

    Raises ReportError.
    """
    if request.log_file is not None:
        check_log_file(request.log_file)
    named = find_captures(request.captures)
    check_outputs([request.json] if request.json is not None else [], *(file.path for file in named.files))
    utc = Words(request.language)
    with (
        show_progress(stderr, utc, "progress-capture") as progress,
        open_tshark(request.tshark, note=progress.note) as tshark,
    ):
        reading = read_asked(tshark, named, request, progress)
        warnings = list(tshark.warnings)
        progress.say("progress-weighing")
        zones = Zones(request.log_zone, request.zone)
        log_file = read_log(reading, request.log_file, zones) if request.log_file is not None else None
        of_log = _by_stream(log_file) if log_file is not None else {}
        # The JSON tells of each connection, the terminal of those with something to say.
        asked = reading.index.connections.values() if request.json is not None else to_judge(reading)
        judged = judge_all(reading, asked, of_log)
    words = utc.in_zone(request.zone or UTC)
    events = events_of(rows_of(judged))
    for warning in warnings:
        print_line(stderr, words.label("terminal-note", note=words.say(warning)))
    if request.json is not None:
        told = [one.event for one in events]
        write_text(request.json, dump(to_json(reading, judged, map(words.say, warnings), utc, events=told)))
    if request.json == STDOUT:
        return
    if log_file is not None:
        print_incidents(stdout, log_file, words)
        return
    rules = periodic_closes(reading.index)
    frames, everything = reading.span.frames, request.everything
    untold = sum(1 for _, _, verdict in judged if verdict.kind is Kind.UNDETERMINED)
    noise = noise_of(reading.index, untold)
    count = len(reading.index.connections)
    print_table(stdout, events, count, frames, words, rules, everything=everything, noise=noise)


def read_asked(tshark: Tshark, asked: Asked, request: Request, progress: Progress) -> Reading:
    """Read the capture that the user named. Raises ReportError."""
    return read_capture(tshark, asked_capture(tshark, asked, request, progress), progress.follow, request.engine)


def asked_capture(tshark: Tshark, asked: Asked, request: Request, progress: Progress) -> Capture:
    """The capture that the user named, received from standard input where that is part of it, and which part of it is
    judged. Raises ReportError.
    """
    received = receive(tshark, progress.follow) if asked.has_stdin else None
    capture = asked.capture(received)
    return replace(capture, limits=request.asked_part.limits(capture.first_time_ns, request.zone or UTC))


def run_demo(pdf: Path, stderr: Console, tshark: str | None, command_line: tuple[str, ...], language: str) -> None:
    """Write the report of the capture that ships with the package. Raises ReportError."""
    lines = resources.demo_log().read_text(encoding="utf-8").splitlines()
    line = next((line for line in lines if "->" in line), None)
    if line is None:
        raise InputError("The log of the demo capture names no connection: install pyreport again.")
    request = Request(
        captures=(os.path.relpath(resources.demo_capture()),),
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
        candidate=request.candidate,
        zones=Zones(request.log_zone, request.zone),
    )


def _by_stream(log_file: LogFile) -> dict[int, Judged]:
    """The connections that the log names, as judged with their line."""
    incidents = [i for group in log_file.groups for i in group.incidents if i.judged is not None]
    return {i.judged[0].connection.stream: i.judged for i in incidents if i.judged is not None}


def _diagnose(tshark: Tshark, reading: Reading, wanted: Wanted) -> Diagnosis:
    choice = choose(reading, wanted)
    diagnosis = diagnose_selection(reading, choice.selection, choice.log, wanted.zones, tshark.warnings)
    return replace(diagnosis, notes=(*diagnosis.notes, *choice.notes))


def _checked(
    tshark: Tshark, reading: Reading, diagnosis: Diagnosis, progress: Progress
) -> tuple[Excerpt, SelfCheck | None]:
    progress.say("progress-check")
    connection = diagnosis.case.connection
    excerpt = reading.excerpt(connection)
    return excerpt, self_check(tshark, connection, excerpt)


def _read_exchange(tshark: Tshark, excerpt: Excerpt, case: Case, progress: Progress) -> Exchange | None:
    progress.say("progress-messages")
    service = case.log.service if case.log else ""
    return read_exchange(tshark, excerpt, case.connection, case.roles, service)


def _narrative(
    tshark: Tshark,
    reading: Reading,
    diagnosis: Diagnosis,
    request: Request,
    exchange: Exchange | None,
    excerpt: Excerpt,
    checked: Claim | None,
) -> Narrative:
    case = diagnosis.case
    # Where nothing broke, the report shows no headers.
    wanted = () if diagnosis.verdict.is_harmless else ladder_frames(case)
    headers = decode_frames(tshark, excerpt, wanted, case.connection.stream, FRAME_FIELDS)
    appendix = Appendix(
        capture_path=reading.capture.shown_path,
        capture_sha256=reading.capture.sha256,
        capture_bytes=reading.capture.size,
        frames=reading.span.frames,
        first_time_ns=reading.span.first_time_ns,
        last_time_ns=reading.span.last_time_ns,
        read_by=reading.read_by,
        versions=versions(tshark),
        commands=(
            *([shlex.join(request.command_line)] if request.command_line else []),
            *join_commands(reading.capture, reading.origins),
            *tshark.commands,
        ),
        self_check=checked,
    )
    narrative = build_narrative(
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
    table = files_table(reading, cited_frames(narrative))
    return replace(narrative, appendix=replace(appendix, files=table)) if table is not None else narrative


def now_ns() -> int:
    """The time that the report carries: SOURCE_DATE_EPOCH when set (reproducible-builds.org), else now."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(fixed) * 1_000_000_000 if fixed.isdecimal() else time.time_ns()


def _write_beside(
    narrative: Narrative, request: Request, words: Words, progress: Progress, pdf: Path | None, attached: Sequence[Path]
) -> tuple[Claim, ...]:
    """Write the documents; the PDF also at ``pdf``, with files inside."""
    notes = _write_documents(narrative, replace(request, pdf=pdf or request.pdf), words, progress, attached)
    if pdf is not None and request.pdf is not None:
        write_bytes(request.pdf, pdf.read_bytes())
    return notes


def _write_documents(
    narrative: Narrative, request: Request, words: Words, progress: Progress, attached: Sequence[Path] = ()
) -> tuple[Claim, ...]:
    progress.say("progress-report")
    from pyreport.render.html import render_html
    from pyreport.render.summary import summary

    if request.summary is not None:
        write_text(request.summary, summary(narrative, words, markdown=request.summary.suffix != ".txt"))
    if request.pdf is None and request.html is None:
        return ()

    def render(notes: tuple[Claim, ...]) -> str:
        return render_html(replace(narrative, warnings=(*narrative.warnings, *notes)), words, request.look)

    return write_documents(render, request, narrative.generated_ns, attached)


def check_fonts(request: Request, words: Words) -> None:
    """Raise ToolError when a PDF was asked for and no font has the characters of its language."""
    wants_pdf = request.pdf is not None or request.bundle is not None
    missing = missing_characters(words.characters) if wants_pdf else ()
    if missing:
        few = "".join(missing[:8])
        raise ToolError(words.label("font-needed", missing=few, package=words.label("fonts-package")))


def write_documents(
    render: Callable[[tuple[Claim, ...]], str], request: Request, generated_ns: int, attached: Sequence[Path] = ()
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
        write_pdf(html, request.pdf, generated_ns, attached)
    except OSError as error:
        raise InputError(
            f"{request.pdf} cannot be written ({error.strerror}): choose another place with -o."
        ) from error
    return notes


def _font_missing(missing: Sequence[str]) -> Claim:
    listed = tuple(f"U+{ord(character):04X}" for character in missing[:8])
    more = ("…",) if len(missing) > len(listed) else ()
    return claim("font-missing", count=len(missing), missing=(*listed, *more), package=packages_for(missing))
