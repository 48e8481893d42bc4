"""What ``pyreport compare`` does, once its arguments are known."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import UTC

from rich.console import Console

from pyreport.base.claim import Claim
from pyreport.base.errors import UsageError
from pyreport.capture.file import open_capture
from pyreport.capture.tshark import Tshark, open_tshark
from pyreport.cli.commands import Request, check_fonts, now_ns, wanted_of, write_documents
from pyreport.cli.output import check_outputs, write_text
from pyreport.cli.progress import show_progress
from pyreport.cli.terminal import print_line
from pyreport.cli.versions import versions
from pyreport.compare.comparison import Comparison, compare
from pyreport.connections.reading import read_capture
from pyreport.export.compare_json import comparison_json
from pyreport.export.report_json import dump
from pyreport.narrative.compare_report import CompareReport, build_report
from pyreport.words import Words


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """What the user asked for: a request about the first capture, the second one, and the stream in that."""

    request: Request
    second: str
    second_stream: int | None = None


def run_compare(asked: CompareRequest, stderr: Console) -> None:
    """Write the comparison of one connection in two captures. Raises ReportError."""
    request = asked.request
    wanted = wanted_of(request)
    words = Words(request.language, request.zone or UTC)
    captures = (open_capture(request.capture), open_capture(asked.second))
    if captures[0].sha256 == captures[1].sha256:
        raise UsageError("Both captures are the same file: give one from each end of the connection.")
    outputs = [output for output in (request.pdf, request.html, request.json) if output is not None]
    for capture in captures:
        check_outputs(outputs, capture.path)
    check_fonts(request, words)
    notes: tuple[Claim, ...] = ()
    with (
        show_progress(stderr, words, "progress-captures") as progress,
        open_tshark(request.tshark, note=progress.note) as tshark,
    ):
        first, second = (read_capture(tshark, capture, progress.count, request.engine) for capture in captures)
        progress.say("progress-aligning")
        comparison = compare((first, second), wanted, asked.second_stream)
        comparison = replace(comparison, warnings=(*tshark.warnings, *comparison.warnings))
        if request.json is not None:
            write_text(request.json, dump(comparison_json(comparison, words)))
        if request.pdf is not None or request.html is not None:
            progress.say("progress-report")
            notes = _write(_report(tshark, comparison, request), request, words)
    lines = [words.label("terminal-note", note=words.say(note)) for note in (*comparison.warnings, *notes)]
    lines += [words.join(conclusion.claims) for conclusion in comparison.conclusions]
    lines += [words.label("terminal-written", path=str(output)) for output in outputs]
    for line in lines:
        print_line(stderr, line)


def _report(tshark: Tshark, comparison: Comparison, request: Request) -> CompareReport:
    typed = (shlex.join(request.command_line),) if request.command_line else ()
    return build_report(
        comparison,
        generated_ns=now_ns(),
        versions=versions(tshark),
        commands=(*typed, *tshark.commands),
    )


def _write(report: CompareReport, request: Request, words: Words) -> tuple[Claim, ...]:
    from pyreport.render.compare import render_comparison

    def render(notes: tuple[Claim, ...]) -> str:
        return render_comparison(replace(report, warnings=(*report.warnings, *notes)), words, request.look)

    return write_documents(render, request, report.generated_ns)
