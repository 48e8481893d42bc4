"""The table of ``pyreport scan --log-file``: one row a cause of a log's errors."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table

from pyreport.base.claim import Claim, Name, claim
from pyreport.choice.log_ends import log_ends
from pyreport.choice.log_incidents import Group, LogFile
from pyreport.cli.table import MOST_ROWS, confidence, shown_streams
from pyreport.cli.terminal import print_line
from pyreport.cli.wrapped import Wrapped, print_sentences
from pyreport.words import Words


def print_incidents(console: Console, log_file: LogFile, words: Words) -> None:
    """Print the errors of a log, grouped by their cause, with the connections that they are about."""
    if log_file.groups:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
        table.add_column(words.label("scan-column-lines"), justify="right", no_wrap=True)
        table.add_column(words.label("scan-column-stream"), overflow="fold", max_width=10)
        table.add_column(words.label("scan-column-log-says"), overflow="fold", max_width=30)
        table.add_column(words.label("scan-column-happened"), overflow="fold")
        for group in log_file.groups[:MOST_ROWS]:
            streams = words.between_items.join(map(str, group.streams)) or "-"
            table.add_row(str(group.lines), streams, Wrapped(_log_says(group, words)), Wrapped(_outcome(group, words)))
            table.add_section()
        console.print(table, markup=False)
    if len(log_file.groups) > MOST_ROWS:
        print_line(console, words.label("scan-more", count=len(log_file.groups) - MOST_ROWS))
    print_sentences(console, words.join(tuple(_summary(log_file))))


def _summary(log_file: LogFile) -> Iterator[Claim]:
    incidents = sum(len(group.incidents) for group in log_file.groups)
    yield claim("scan-errors-inside", count=log_file.inside)
    if incidents:
        yield claim("scan-incidents", incidents=incidents, causes=len(log_file.groups))
    if log_file.outside:
        yield claim("scan-errors-outside", count=log_file.outside)
    if log_file.beyond:
        yield claim("scan-errors-unmatched", count=log_file.beyond)
    yield claim("scan-more-on-one")


def _log_says(group: Group, words: Words) -> str:
    first = group.first.lines[0]
    error = first.error
    said = words.label("scan-log-error", format=Name(error.format), error=error.error_text)
    line = words.label("scan-log-first-line", line=str(first.line))
    return f"{said}\n{words.tell(log_ends(error))}\n{line}"


def _outcome(group: Group, words: Words) -> str:
    match, judged = group.first.match, group.first.judged
    if match is None:
        return words.label("scan-fits-none")
    if judged is None:
        streams = shown_streams([rival.stream for rival in match.rivals], words)
        return words.label("scan-ambiguous", count=len(match.rivals), streams=streams)
    _, _, verdict = judged
    matched = words.label("scan-matched", strength=match.strength.said)
    weighed = words.between_sources.join((confidence(verdict, words), matched))
    return f"{words.join(verdict.claims)}\n{words.label('scan-weighed', kind=verdict.kind, weighed=weighed)}"
