"""The table of ``pyreport scan``: one row a connection that has something to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

from rich import box
from rich.console import Console
from rich.table import Table

from pyreport.base.sentence import capitalized
from pyreport.base.units import count_words, format_duration, format_moment
from pyreport.choice.log_incidents import Group, LogFile
from pyreport.choice.selection import told_ends
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.periodic import Periodic
from pyreport.diagnosis.result import Verdict

MOST_ROWS = 50
MOST_RIVALS = 5


def print_table(
    console: Console,
    rows: Sequence[tuple[Case, Verdict]],
    connections: int,
    frames: int,
    rules: Sequence[Periodic] = (),
    zone: tzinfo = UTC,
) -> None:
    """Print the rows, in the order given, or that nothing was found. Connections that end again and again at the same
    age (``rules``) are one finding: the first of them stands for all. Times are in ``zone``.
    """
    total = f"{connections:,} TCP connection{'' if connections == 1 else 's'} in {frames:,} frames"
    if not rows:
        console.print(
            f"Nothing found: {total}, no missed interval, no unanswered probe, no write after a FIN, no reset.",
            soft_wrap=True,
        )
        _print_rules(console, rules, zone)
        return
    everything = len(rows)
    rows = _one_for_each_rule(rows, rules)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("Stream", justify="right", no_wrap=True)
    table.add_column("Level", no_wrap=True)
    table.add_column("Connection", overflow="fold", max_width=24)
    table.add_column("What happened", overflow="fold")
    for case, verdict in rows[:MOST_ROWS]:
        connection = case.connection
        table.add_row(
            str(connection.stream),
            connection.worst.word,
            f"{case.local}\n→ {case.peer}",
            f"{verdict.sentence}\n[{verdict.kind.value}, {verdict.confidence.value}]",
        )
        table.add_section()
    console.print(table, markup=False)
    if len(rows) > MOST_ROWS:
        console.print(f"… and {len(rows) - MOST_ROWS} more: --json FILE has them all.")
    _print_rules(console, rules, zone)
    summary = f"{everything} with something to say, of {total}. More on one: pyreport report CAPTURE --stream N"
    console.print(summary, soft_wrap=True)


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


def _print_rules(console: Console, rules: Sequence[Periodic], zone: tzinfo) -> None:
    for rule in rules:
        first, last = (format_moment(close.time_ns, zone, 0) for close in (rule.closes[0], rule.closes[-1]))
        streams = ", ".join(map(str, rule.streams[:MOST_RIVALS])) + (" …" if len(rule.streams) > MOST_RIVALS else "")
        console.print(
            f"Again and again: {len(rule.closes)} connections between {rule.closer} and {rule.other} ended at "
            f"{format_duration(rule.age_ns)} of silence, closed by {rule.closer}, between {first} and {last} "
            f"(streams {streams}).",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def print_incidents(console: Console, log_file: LogFile) -> None:
    """Print the errors of a log, grouped by their cause, with the connections that they are about."""
    if log_file.groups:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
        table.add_column("Lines", justify="right", no_wrap=True)
        table.add_column("Stream", overflow="fold", max_width=10)
        table.add_column("The log says", overflow="fold", max_width=30)
        table.add_column("What happened", overflow="fold")
        for group in log_file.groups[:MOST_ROWS]:
            first = group.first.lines[0]
            error = first.error
            said = f"{error.format}: “{error.error_text}”\n{told_ends(error)}\nfirst in line {first.line}"
            table.add_row(str(group.lines), ", ".join(map(str, group.streams)) or "-", said, _outcome(group))
            table.add_section()
        console.print(table, markup=False)
    if len(log_file.groups) > MOST_ROWS:
        console.print(f"… and {len(log_file.groups) - MOST_ROWS} more.")
    incidents = sum(len(group.incidents) for group in log_file.groups)
    text = f"{count_words(log_file.inside, 'error')} of this capture's time in the log, "
    text += f"{count_words(incidents, 'incident')} with {count_words(len(log_file.groups), 'cause')}"
    if log_file.outside:
        text += f"; {count_words(log_file.outside, 'error')} of another time"
    if log_file.beyond:
        text += f"; {log_file.beyond:,} more were not matched"
    console.print(
        f"{capitalized(text)}. More on one: pyreport report CAPTURE --log-file FILE --at TIME", soft_wrap=True
    )


def _outcome(group: Group) -> str:
    match, judged = group.first.match, group.first.judged
    if match is None:
        return "fits no connection of this capture"
    if judged is None:
        streams = ", ".join(str(c.stream) for c in match.rivals[:MOST_RIVALS])
        more = " …" if len(match.rivals) > MOST_RIVALS else ""
        return f"ambiguous: fits {len(match.rivals)} connections equally well (streams {streams}{more})"
    _, _, verdict = judged
    return f"{verdict.sentence}\n[{verdict.kind.value}, {verdict.confidence.value}; match: {match.strength.value}]"
