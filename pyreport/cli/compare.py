"""What ``pyreport compare`` does, once its arguments are known."""

from __future__ import annotations

from datetime import UTC

from msgspec import Struct
from msgspec.structs import replace
from rich.console import Console

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import UsageError
from pyreport.capture.file import find_captures
from pyreport.capture.tshark import Tshark, join_commands, open_tshark
from pyreport.cli.documents import check_fonts, now_ns, write_documents
from pyreport.cli.outcome import print_outcome
from pyreport.cli.output import check_outputs, write_text
from pyreport.cli.progress import show_progress
from pyreport.cli.redact import (
    PAIR_NAMES,
    keep_key,
    redacted_capture,
    redacted_command,
    redacted_look,
    redacted_wanted,
    redaction_done,
    stand_ins_of,
)
from pyreport.cli.request import Request, asked_capture, read_asked
from pyreport.cli.shown_command import shown_command
from pyreport.cli.versions import versions
from pyreport.cli.wanted import wanted_of
from pyreport.compare.comparison import Comparison, compare
from pyreport.connections.reading import Reading
from pyreport.export.compare_json import comparison_json
from pyreport.export.report_json import dump
from pyreport.narrative.compare_report import CompareReport, build_report
from pyreport.words import Words


class CompareRequest(Struct, frozen=True):
    """What the user asked for: a request about the first capture, the second one, and the stream in that."""

    request: Request
    second: str
    second_stream: int | None = None


def run_compare(asked: CompareRequest, stderr: Console) -> None:
    """Write the comparison of one connection in two captures. Raises ReportError."""
    request = asked.request
    wanted = wanted_of(request)
    words = Words(request.language, request.zone or UTC)
    sides = (find_captures(request.captures), find_captures((asked.second,)))
    if all(side.has_stdin for side in sides):
        raise UsageError("Standard input (-) can be read only once: give a file of the other end.")
    outputs = [output for output in (request.pdf, request.html, request.json) if output is not None]
    captures = [file.path for side in sides for file in side.files]
    check_outputs(outputs, *captures)
    stand_ins = stand_ins_of(request.redaction, captures, outputs) if request.redaction is not None else None
    check_fonts(request, words)
    told: tuple[Claim, ...] = ()
    notes: tuple[Claim, ...] = ()
    with (
        show_progress(stderr, words, "progress-captures") as progress,
        open_tshark(request.tshark, note=progress.note) as tshark,
    ):
        if stand_ins is None:
            first, second = (read_asked(tshark, side, request, progress) for side in sides)
        else:
            first, second = (
                redacted_capture(
                    tshark,
                    asked_capture(tshark, side, request, progress),
                    stand_ins,
                    progress.follow,
                    request.engine,
                    name,
                )
                for side, name in zip(sides, PAIR_NAMES, strict=True)
            )
            wanted = redacted_wanted(wanted, stand_ins)
            command = redacted_command("compare", wanted, request.zone, (first.capture, second.capture))
            request = replace(request, command_line=command)
            told = (claim("redaction-told"),)
        check_differ(first, second)
        progress.say("progress-aligning")
        comparison = compare((first, second), wanted, asked.second_stream)
        comparison = replace(comparison, warnings=(*told, *tshark.warnings, *comparison.warnings))
        if request.json is not None:
            write_text(request.json, dump(comparison_json(comparison, words)))
        if request.pdf is not None or request.html is not None:
            progress.say("progress-report")
            if stand_ins is not None:
                look = redacted_look(request.look, stand_ins, captures, request.log_file)
                request = replace(request, look=look)
            notes = _write(_report(tshark, comparison, request), request, words)
    said = [words.label("terminal-note", note=words.say(note)) for note in (*comparison.warnings, *notes)]
    if request.redaction is not None and stand_ins is not None:
        keep_key(request.redaction, stand_ins)
        said += [words.say(line) for line in redaction_done(request.redaction, stand_ins)]
    said += [words.join(conclusion.claims) for conclusion in comparison.conclusions]
    print_outcome(stderr, words, said, outputs)


def check_differ(first: Reading, second: Reading) -> None:
    """Raise UsageError when both captures have the same content."""
    if first.capture.size == second.capture.size and first.capture.sha256 == second.capture.sha256:
        raise UsageError("Both captures are the same: give one from each end of the connection.")


def _report(tshark: Tshark, comparison: Comparison, request: Request) -> CompareReport:
    typed = (shown_command(request.command_line),) if request.command_line else ()
    readings = (view.reading for view in comparison.alignment.views)
    joined = [command for reading in readings for command in join_commands(reading.capture, reading.origins)]
    return build_report(
        comparison,
        generated_ns=now_ns(),
        versions=versions(tshark),
        commands=(*typed, *joined, *tshark.commands),
    )


def _write(report: CompareReport, request: Request, words: Words) -> tuple[Claim, ...]:
    from pyreport.render.compare import render_comparison

    def render(notes: tuple[Claim, ...]) -> str:
        return render_comparison(replace(report, warnings=(*report.warnings, *notes)), words, request.look)

    return write_documents(render, request, report.generated_ns)
