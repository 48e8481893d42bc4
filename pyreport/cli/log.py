"""What ``pyreport log`` does: says what is understood of a line, or of the errors of a file, without a capture."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct, field
from rich.console import Console
from rich.table import Table

from pyreport.base.claim import Name
from pyreport.base.errors import UsageError
from pyreport.cli.output import check_writable, write_parts
from pyreport.cli.wrapped import Wrapped
from pyreport.export.log_json import logged_json
from pyreport.logs.general import NAME
from pyreport.logs.logfile import STDIN, Logged, first_errors, read_errors
from pyreport.logs.registry import understand
from pyreport.narrative.log_reading import reading
from pyreport.words import Words
from pyreport.words.languages import FALLBACK

# So many errors of a file are told one by one.
MOST_TOLD = 20


class LogRequest(Struct, frozen=True):
    """What the user asked for: a line or a file ("-": standard input), and where the JSON goes ("-": to stdout)."""

    line: str | None = None
    file: Path | None = None
    json: Path | None = None
    language: str = FALLBACK


def run_log(request: LogRequest, stdout: Console) -> None:
    """Say what is understood of each error, or write it as JSON. Raises ReportError."""
    if (request.line is None) == (request.file is None):
        raise UsageError("Give either a line of a log (quote it) or --file FILE.")
    if request.json is not None and request.json != STDIN:
        check_writable(request.json, request.file if request.file != STDIN else None, "log")
    if request.file is not None and request.json is None:
        _tell(_Told(*first_errors(request.file, MOST_TOLD)), request, stdout)
        return
    errors: Iterable[Logged] = (
        _of_line(request.line) if request.line is not None else read_errors(request.file or STDIN)
    )
    if request.json == STDIN:
        sys.stdout.buffer.writelines(logged_json(errors))
        sys.stdout.buffer.flush()
        return
    told = _Told()
    errors = told.watch(errors)
    if request.json is not None:
        write_parts(request.json, logged_json(errors))
    for _ in errors:  # what is left when no JSON was asked for
        pass
    _tell(told, request, stdout)


def _of_line(line: str) -> Iterator[Logged]:
    error = understand(line)
    if error is not None:
        yield Logged(1, error)


class _Told(Struct):
    """The errors that are told one by one, and the number of all."""

    first: list[Logged] = field(default_factory=list)
    count: int = 0

    def watch(self, errors: Iterable[Logged]) -> Iterator[Logged]:
        for logged in errors:
            self.count += 1
            if self.count <= MOST_TOLD:
                self.first.append(logged)
            yield logged


def _tell(told: _Told, request: LogRequest, stdout: Console) -> None:
    words = Words(request.language)
    for logged in told.first:
        _print_one(logged, words, stdout)
    if not told.count:
        where = words.label("log-nothing-in-line") if request.file is None else request.file.name
        _say(words.label("log-nothing", where=where), stdout)
        return
    if told.count > len(told.first):
        _say(words.label("log-more", more=told.count - len(told.first)), stdout)
    option = (
        "--log LINE"
        if request.file is None or request.file == STDIN
        else f"--log-file {shlex.quote(str(request.file))}"
    )
    _say(words.label("log-in-capture", option=option), stdout)


def _print_one(logged: Logged, words: Words, stdout: Console) -> None:
    error = logged.error
    writer = error.product or error.service if error.format == NAME else error.format
    if writer:
        _say(words.label("log-error-heading", line=logged.line, writer=Name(writer)), stdout)
    else:
        _say(words.label("log-error-heading-unknown", line=logged.line), stdout)
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 2), width=min(80, stdout.width))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, sentences in reading(error):
        table.add_row(words.say(name), Wrapped("\n".join(map(words.say, sentences))))
    stdout.print(table, markup=False, highlight=False)
    stdout.print()


def _say(line: str, stdout: Console) -> None:
    stdout.print(line, markup=False, highlight=False, width=min(80, stdout.width))
