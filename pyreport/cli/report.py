"""``pyreport report`` and ``pyreport demo``: the report of one connection."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from rich.console import Console

from pyreport.application.farewells import NO_WORDS, LastWords, farewells_of
from pyreport.application.kafka_messages import Exchange, messages_of
from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError
from pyreport.capture import resources
from pyreport.capture.engine import Engine
from pyreport.capture.excerpt import Excerpt
from pyreport.capture.file import find_captures
from pyreport.capture.packet_details import FrameHeaders, decode_frames
from pyreport.capture.tshark import Tshark, join_commands, open_tshark
from pyreport.choice.choose import Wanted, choose
from pyreport.choice.diagnosed import Diagnosis, diagnose_selection
from pyreport.cli.documents import check_fonts, now_ns, write_documents
from pyreport.cli.outcome import print_outcome
from pyreport.cli.output import check_outputs, write_bytes, write_text
from pyreport.cli.progress import Progress, show_progress
from pyreport.cli.request import Request, asked_capture
from pyreport.cli.shown_command import shown_command
from pyreport.cli.versions import versions
from pyreport.cli.wanted import wanted_of
from pyreport.connections.reading import Reading, read_capture
from pyreport.connections.self_check import SelfCheck, self_check
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.event import event_of
from pyreport.export.report_json import dump, to_json
from pyreport.frames.frame import FRAME_FIELDS
from pyreport.narrative.build import build_narrative
from pyreport.narrative.files_table import cited_frames, files_table
from pyreport.narrative.ladder import ladder_frames
from pyreport.narrative.model import Appendix, Narrative
from pyreport.words import Words

# The demo's log names no zone, as most do not; the article that it comes from was written in China.
DEMO_ZONE = ZoneInfo("Asia/Shanghai")


def run_report(request: Request, stderr: Console) -> None:
    """Write the report of one connection. Raises ReportError."""
    # Most reports need neither, and each takes a while to load.
    if request.redaction is not None:
        from pyreport.cli import redact
    if request.bundle is not None or request.attach:
        from pyreport.cli import bundle
    wanted = wanted_of(request)
    asked = find_captures(request.captures)
    wanted_files = (request.pdf, request.html, request.summary, request.json)
    outputs = [output for output in wanted_files if output is not None]
    captures = [file.path for file in asked.files]
    check_outputs(outputs, *captures)
    if request.bundle is not None:
        bundle.check_bundle_place(request.bundle, captures, outputs)
        outputs.append(request.bundle)
    stand_ins = redact.stand_ins_of(request.redaction, captures, outputs) if request.redaction is not None else None
    words = Words(request.language)
    check_fonts(request, words)
    notes: tuple[Claim, ...] = ()
    with (
        show_progress(stderr, words, "progress-capture") as progress,
        open_tshark(request.tshark, note=progress.note, is_checked=asked.has_stdin) as tshark,
    ):
        told: tuple[Claim, ...] = ()
        capture = asked_capture(tshark, asked, request, progress)
        if stand_ins is None:
            reading = read_capture(tshark, capture, progress.follow, request.engine)
        else:
            reading = redact.redacted_capture(tshark, capture, stand_ins, progress.follow, request.engine)
            wanted = redact.redacted_wanted(wanted, stand_ins)
            request = replace(
                request, command_line=redact.redacted_command("report", wanted, request.zone, (reading.capture,))
            )
            told = (claim("redaction-told"),)
        diagnosis = _diagnose(tshark, reading, wanted)
        excerpt = reading.excerpt(diagnosis.case.connection)
        progress.say("progress-check")
        seen = _seen_by_wireshark(tshark, reading, diagnosis, excerpt, request)
        told_of_check = seen.checked.told if seen.checked is not None else None
        if seen.checked is not None and seen.checked.first_difference is not None:
            # What Wireshark finds is what is reported.
            tshark.warn(seen.checked.told)
            reading = read_capture(tshark, reading.capture, progress.follow, Engine.TSHARK)
            diagnosis = _diagnose(tshark, reading, wanted)
            excerpt = reading.excerpt(diagnosis.case.connection)
            seen = _seen_by_wireshark(tshark, reading, diagnosis, excerpt, request)
        diagnosis = replace(diagnosis, notes=(*told, *diagnosis.notes))
        local = words.in_zone(diagnosis.zone)
        if seen.words != NO_WORDS:
            diagnosis = _with_last_words(diagnosis, seen.words)
        text = _json(reading, diagnosis, words, local, seen.exchange) if request.wants_json else ""
        if request.json is not None:
            write_text(request.json, text)
        if request.wants_documents:
            if stand_ins is not None:
                look = redact.redacted_look(request.look, stand_ins, captures, request.log_file)
                request = replace(request, look=look)
            narrative = _narrative(tshark, reading, diagnosis, request, seen, told_of_check)
            if request.bundle is None and not request.attach:
                notes = _write_documents(narrative, request, local, progress)
            else:
                evidence = bundle.Evidence(tshark, reading, diagnosis.case, narrative, text, stand_ins is not None)
                write = partial(_write_beside, narrative, request, local, progress)
                notes = bundle.write_evidence(evidence, request.bundle, request.attach, write, local)
    said = [
        local.label("terminal-note", note=local.say(note)) for note in (*diagnosis.warnings, *diagnosis.notes, *notes)
    ]
    if request.redaction is not None and stand_ins is not None:
        redact.keep_key(request.redaction, stand_ins)
        said += [local.say(line) for line in redact.redaction_done(request.redaction, stand_ins)]
    said.append(local.join(diagnosis.verdict.claims))
    print_outcome(stderr, local, said, outputs)


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


def _json(reading: Reading, diagnosis: Diagnosis, words: Words, local: Words, exchange: Exchange | None) -> str:
    judged = [(diagnosis.case, diagnosis.explanations, diagnosis.verdict)]
    warnings = map(local.say, (*diagnosis.warnings, *diagnosis.notes))
    event = event_of(diagnosis.case, diagnosis.verdict)
    events = () if event is None else (event,)
    return dump(to_json(reading, judged, warnings, words, exchange, events))


def _diagnose(tshark: Tshark, reading: Reading, wanted: Wanted) -> Diagnosis:
    choice = choose(reading, wanted)
    diagnosis = diagnose_selection(reading, choice.selection, choice.log, wanted.zones, tshark.warnings)
    return replace(diagnosis, notes=(*diagnosis.notes, *choice.notes))


def _in_full(diagnosis: Diagnosis) -> Sequence[int]:
    """The frames whose headers the report shows; none where nothing broke."""
    return () if diagnosis.verdict.is_harmless else ladder_frames(diagnosis.case)


class Seen(NamedTuple):
    """What Wireshark says of the connection, in one pass: whether it finds the same (None where it was the one that
    judged), the headers that the report shows, the messages, what an end said before the close and what that cut off.
    """

    checked: SelfCheck | None
    headers: Sequence[FrameHeaders]
    exchange: Exchange | None
    words: LastWords


def _seen_by_wireshark(
    tshark: Tshark, reading: Reading, diagnosis: Diagnosis, excerpt: Excerpt, request: Request
) -> Seen:
    case = diagnosis.case
    connection, close = case.connection, case.ending.first
    frames = _in_full(diagnosis) if request.wants_documents else ()
    messages = messages_of(connection, case.roles, _service(case))
    farewells = farewells_of(connection, case.roles, None if close is None else close.frame)
    if farewells is not None and not excerpt.is_judged:
        # The reader tells at once what tshark would need a pass of its own for.
        farewells = farewells.as_spoken(reading.payloads(farewells.frames, whole=False))
    others = [asked.other for asked in (messages, farewells) if asked is not None]
    checked = self_check(tshark, connection, excerpt, frames, others)
    if checked is not None:
        headers = checked.headers
    else:
        headers = decode_frames(tshark, excerpt, frames, connection.stream, FRAME_FIELDS, others=others)
    exchange = messages.exchange() if messages is not None else None
    words = farewells.told() if farewells is not None and exchange is None else NO_WORDS
    return Seen(checked, headers, exchange, words)


def _with_last_words(diagnosis: Diagnosis, words: LastWords) -> Diagnosis:
    """The same, judged by what an end said before the close, too."""
    case = replace(diagnosis.case, said=words.said, cut=words.cut, named=words.named, alert=words.alert)
    explanations, verdict = diagnose(case)
    return replace(diagnosis, case=case, explanations=explanations, verdict=verdict)


def _service(case: Case) -> str:
    return case.log.service if case.log else ""


def _narrative(
    tshark: Tshark,
    reading: Reading,
    diagnosis: Diagnosis,
    request: Request,
    seen: Seen,
    checked: Claim | None,
) -> Narrative:
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
            *([shown_command(request.command_line)] if request.command_line else []),
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
        headers=seen.headers,
        appendix=appendix,
        generated_ns=now_ns(),
        exchange=seen.exchange,
    )
    table = files_table(reading, cited_frames(narrative))
    return replace(narrative, appendix=replace(appendix, files=table)) if table is not None else narrative


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
        write_text(request.summary, summary(narrative, words, request.look, markdown=request.summary.suffix != ".txt"))
    if request.pdf is None and request.html is None:
        return ()

    def render(notes: tuple[Claim, ...]) -> str:
        return render_html(replace(narrative, warnings=(*narrative.warnings, *notes)), words, request.look)

    return write_documents(render, request, narrative.generated_ns, attached)
