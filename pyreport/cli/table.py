"""The tables of ``pyreport scan``: one row a connection that has something to say, or one a cause of a log's errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from pyreport.base.claim import Claim, Duration, Moment, Name, claim
from pyreport.choice.log_ends import log_ends
from pyreport.choice.log_incidents import Group, LogFile
from pyreport.cli.wrapped import Wrapped
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.periodic import Periodic
from pyreport.diagnosis.result import Verdict
from pyreport.words import Words

MOST_ROWS = 50
MOST_RIVALS = 5


def print_table(
    console: Console,
    rows: Sequence[tuple[Case, Verdict]],
    connections: int,
    frames: int,
    words: Words,
    rules: Sequence[Periodic] = (),
) -> None:
    """Print the rows, in the order given, or that nothing was found. Connections that end again and again at the same
    age (``rules``) are one finding: the first of them stands for all. Times are in the zone of the words.
    """
    total = claim("scan-total", connections=connections, frames=frames)
    if not rows:
        _print(console, words.label("scan-nothing", total=total))
        _print_rules(console, rules, words)
        return
    everything = len(rows)
    rows = _one_for_each_rule(rows, rules)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column(words.label("scan-column-stream"), justify="right", no_wrap=True)
    table.add_column(words.label("scan-column-level"), no_wrap=True)
    table.add_column(words.label("scan-column-connection"), overflow="fold", max_width=24)
    table.add_column(words.label("scan-column-happened"), overflow="fold")
    for case, verdict in rows[:MOST_ROWS]:
        connection = case.connection
        table.add_row(
            str(connection.stream),
            words.label(f"level-{connection.worst.name.lower()}"),
            f"{case.local}\n→ {case.peer}",
            Wrapped(f"{words.join(verdict.claims)}\n[{verdict.kind.value}, {_confidence(verdict, words)}]"),
        )
        table.add_section()
    console.print(table, markup=False)
    if len(rows) > MOST_ROWS:
        _print(console, words.label("scan-more-in-json", count=len(rows) - MOST_ROWS))
    _print_rules(console, rules, words)
    _print(console, words.label("scan-summary", count=everything, total=total))


def _print(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _one_for_each_rule(rows: Sequence[tuple[Case, Verdict]], rules: Sequence[Periodic]) -> list[tuple[Case, Verdict]]:
    """The rows without those of a rule that has one already with the same verdict."""
    of_stream = {stream: number for number, rule in enumerate(rules) for stream in rule.streams}
    shown: set[tuple[int, str]] = set()
    kept = []
    for case, verdict in rows:
        rule = of_stream.get(case.connection.stream)
        if rule is not None:
            if (rule, verdict.kind.value) in shown:
                continue
            shown.add((rule, verdict.kind.value))
        kept.append((case, verdict))
    return kept


def _print_rules(console: Console, rules: Sequence[Periodic], words: Words) -> None:
    for rule in rules:
        told = claim(
            "scan-periodic",
            count=len(rule.closes),
            closer=rule.closer,
            other=rule.other,
            age=Duration(rule.age_ns),
            first=Moment(rule.closes[0].time_ns),
            last=Moment(rule.closes[-1].time_ns),
            streams=_streams(rule.streams, words),
        )
        _print(console, words.say(told))


def _streams(streams: Sequence[int], words: Words) -> str:
    more = " …" if len(streams) > MOST_RIVALS else ""
    return words.between_items.join(map(str, streams[:MOST_RIVALS])) + more


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
        _print(console, words.label("scan-more", count=len(log_file.groups) - MOST_ROWS))
    _print(console, words.join(tuple(_summary(log_file))))


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
        streams = _streams([rival.stream for rival in match.rivals], words)
        return words.label("scan-ambiguous", count=len(match.rivals), streams=streams)
    _, _, verdict = judged
    matched = words.label("scan-matched", strength=match.strength.said)
    weighed = words.between_sources.join((_confidence(verdict, words), matched))
    return f"{words.join(verdict.claims)}\n[{verdict.kind.value}, {weighed}]"


def _confidence(verdict: Verdict, words: Words) -> str:
    return words.label(f"confidence-{verdict.confidence.value}")
