"""The table of ``pyreport scan``: one row an event of the capture."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from pyreport.base.claim import Claim, Duration, Moment, claim
from pyreport.choice.events import Told
from pyreport.choice.noise import Noise
from pyreport.cli.terminal import print_line
from pyreport.cli.wrapped import print_sentences, wrapped
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
        print_sentences(
            console, words.label("scan-nothing", total=total) if noise.is_none else _little(noise, total, words)
        )
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
        confidence=confidence(verdict, words),
    )
    head = f"{streams:>{STREAM}}{GAP}{level:<{LEVEL}}{GAP}"
    lines = _wrapped(console, text, len(head))
    return [(head if not number else " " * len(head)) + line for number, line in enumerate(lines)]


def _print_connections(console: Console, one: Told, words: Words) -> None:
    """What the verdict says of each connection of an event."""
    for case, verdict in one.rows:
        indent = STREAM + len(GAP) + LEVEL + len(GAP)
        told, stream = words.join(verdict.claims), str(case.connection.stream)
        text = words.label("event-connection-told", near=case.local, far=case.peer, stream=stream, told=told)
        for line in _wrapped(console, text, indent):
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
            streams=shown_streams(rule.streams, words),
        )
        print_sentences(console, words.say(told))


def shown_streams(streams: Sequence[int], words: Words) -> str:
    """The first of these numbers."""
    more = " …" if len(streams) > MOST_RIVALS else ""
    return words.between_items.join(map(str, streams[:MOST_RIVALS])) + more


def confidence(verdict: Verdict, words: Words) -> str:
    """How sure a verdict is, in a word or two."""
    return words.label(f"confidence-{verdict.confidence.value}")


def _little(noise: Noise, total: Claim, words: Words) -> str:
    """That nothing broke, as far as the capture tells, and what there is all the same."""
    told = (
        claim("scan-noise-resets", count=noise.resets),
        claim("scan-noise-unanswered", count=noise.unanswered),
        claim("scan-noise-missed", count=noise.missed),
        claim("scan-noise-writes", count=noise.writes),
        claim("scan-noise-unreplied", count=noise.unreplied),
        claim("scan-noise-lost", count=noise.lost),
        claim("scan-noise-unread", count=noise.unread),
        claim("scan-noise-untold", count=noise.untold),
    )
    return words.join((claim("scan-nothing-broke", total=total), *(each for each in told if each.values["count"])))
