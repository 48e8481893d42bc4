"""The tables of ``pyreport scan``: one row an event of the capture, or one a cause of a log's errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from pyreport.base.claim import Claim, Duration, Moment, Name, claim
from pyreport.choice.events import Told
from pyreport.choice.log_ends import log_ends
from pyreport.choice.log_incidents import Group, LogFile
from pyreport.choice.noise import Noise
from pyreport.cli.terminal import print_line
from pyreport.cli.wrapped import Wrapped, wrapped
from pyreport.diagnosis.evidence.periodic import Periodic
from pyreport.diagnosis.result import Verdict
from pyreport.words import Words

# What a terminal of 24 lines shows beside the command and its prompt.
MOST_LINES = 20
MOST_ROWS = 50
MOST_RIVALS = 5
#: Widths of the first two columns, and what stands between columns.
STREAM, LEVEL, GAP = 8, 5, "  "


NO_NOISE = Noise()


def print_table(
    console: Console,
    told: Sequence[Told],
    connections: int,
    frames: int,
    words: Words,
    rules: Sequence[Periodic] = (),
    *,
    everything: bool = False,
    noise: Noise = NO_NOISE,
) -> None:
    """Print the events, in the order given and as many as fit, or that nothing was found; ``everything``: all of them,
    and under each its connections. Connections that end again and again at the same age (``rules``) are told where no
    event has them. Times are in the zone of the words.
    """
    total = claim("scan-total", connections=connections, frames=frames)
    shown = {stream for one in told for stream in one.event.streams}
    rest = [rule for rule in rules if not shown & set(rule.streams)]
    count = sum(len(one.rows) for one in told)
    if not told:
        print_line(console, words.label("scan-nothing", total=total) if noise.is_none else _little(noise, total, words))
        _print_rules(console, rest if everything else rest[:1], words)
        return
    head = f"{words.label('scan-column-stream'):>{STREAM}}{GAP}{words.label('scan-column-level'):<{LEVEL}}{GAP}"
    tail = [*_wrapped(console, words.label("scan-summary", count=count, total=total), 0)]
    left = MOST_LINES - 2 - len(tail) - len(_wrapped(console, _left_out(words, told), 0))
    print_line(console, f"{head}{words.label('scan-column-happened')}")
    for number, one in enumerate(told):
        lines = _event_lines(console, one, words)
        left -= len(lines)
        if left < 0 and not everything:
            tail = [*_wrapped(console, _left_out(words, told[number:]), 0), *tail]
            break
        for line in lines:
            print_line(console, line)
        if everything:
            _print_connections(console, one, words)
    if everything:
        _print_rules(console, rest, words)
    for line in tail:
        print_line(console, line)


def _left_out(words: Words, told: Sequence[Told]) -> str:
    return words.label("scan-more-events", count=len(told), connections=sum(len(one.rows) for one in told))


def _event_lines(console: Console, one: Told, words: Words) -> list[str]:
    """An event: its first connection, its level, and what happened."""
    event, (_, verdict) = one.event, one.rows[0]
    first = event.streams[0]
    streams = str(first) if len(one.rows) == 1 else words.label("scan-stream-and-more", stream=first)
    level = words.label(f"level-{one.worst.name.lower()}")
    text = words.label(
        "scan-event",
        ends=event.ends,
        happened=one.happened,
        kind=verdict.kind.value,
        confidence=_confidence(verdict, words),
    )
    head = f"{streams:>{STREAM}}{GAP}{level:<{LEVEL}}{GAP}"
    lines = _wrapped(console, text, len(head))
    return [(head if not number else " " * len(head)) + line for number, line in enumerate(lines)]


def _print_connections(console: Console, one: Told, words: Words) -> None:
    """What the verdict says of each connection of an event."""
    for case, verdict in one.rows:
        indent = STREAM + len(GAP) + LEVEL + len(GAP)
        label = words.label("event-connection", near=case.local, far=case.peer)
        for line in _wrapped(console, f"{label} ({case.connection.stream}): {words.join(verdict.claims)}", indent):
            print_line(console, " " * indent + line)


def _wrapped(console: Console, text: str, indent: int) -> list[str]:
    """The text in lines of the terminal's width."""
    return [line for part in text.split("\n") for line in wrapped(part, max(console.width - indent, LEVEL))]


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
        print_line(console, words.say(told))


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
        print_line(console, words.label("scan-more", count=len(log_file.groups) - MOST_ROWS))
    print_line(console, words.join(tuple(_summary(log_file))))


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


def _little(noise: Noise, total: Claim, words: Words) -> str:
    """That nothing broke, as far as the capture tells, and what there is all the same."""
    told = (
        claim("scan-noise-resets", count=noise.resets),
        claim("scan-noise-unanswered", count=noise.unanswered),
        claim("scan-noise-missed", count=noise.missed),
        claim("scan-noise-writes", count=noise.writes),
        claim("scan-noise-untold", count=noise.untold),
    )
    return words.join((claim("scan-nothing-broke", total=total), *(each for each in told if each.values["count"])))
