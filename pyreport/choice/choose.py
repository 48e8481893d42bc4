"""Which connection a report is about, by what the user named: a log, a line of it, two ends, a stream, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from pyreport.base.claim import Claim, claim
from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError
from pyreport.choice.complaints import nothing_in
from pyreport.choice.events import events_of
from pyreport.choice.log_at import nearest
from pyreport.choice.log_incidents import Group, LogFile, collect, describe, tell_streams
from pyreport.choice.one_event import LineMatcher
from pyreport.choice.plainly_well import judge_all, to_judge
from pyreport.choice.selection import (
    Selection,
    by_addresses,
    by_log,
    by_severity,
    by_stream,
    by_stream_with_log,
)
from pyreport.choice.worth_telling import rows_of
from pyreport.connections.reading import Reading
from pyreport.logs.logfile import Logged, read_errors
from pyreport.logs.model import LogError, Stamp
from pyreport.matching.match import Zones
from pyreport.matching.matcher import Matcher

# How many other incidents, or connections of one, a report names.
MOST_NAMED = 3


class Wanted(Struct, frozen=True):
    """What the user named, understood. At most one of ``log``, ``log_file`` and ``ends`` is given; ``stream`` may stand
    beside a log, ``at`` beside ``log_file`` only. ``candidate`` is which connection to take, from 1, where a line fits
    several; None: refuse.
    """

    log: LogError | None = None
    log_file: Path | None = None
    at: Stamp | None = None
    ends: tuple[Endpoint, Endpoint] | None = None
    stream: int | None = None
    candidate: int | None = None
    zones: Zones = field(default_factory=Zones)
    errors: Callable[[Path], Iterable[Logged]] = read_errors


class Choice(Struct, frozen=True):
    """The connection of the report, its log line, and what to say of the choice."""

    selection: Selection
    log: LogError | None = None
    notes: tuple[Claim, ...] = ()


def choose(reading: Reading, wanted: Wanted) -> Choice:
    """The connection of the report, the worst one when nothing was named.

    Raises InputError when what was named is not there, or can be more than one.
    """
    matcher = Matcher(reading.index, reading.span, wanted.zones)
    if wanted.log_file is not None and wanted.at is not None:
        return _at_time(reading, matcher, wanted, wanted.log_file, wanted.at)
    if wanted.log_file is not None:
        return _worst_of_log(reading, matcher, wanted, wanted.log_file)
    if wanted.log is not None:
        return Choice(_of_line(reading, matcher, wanted.log, wanted), wanted.log)
    if wanted.ends is not None:
        return Choice(_between(reading, *wanted.ends))
    if wanted.stream is not None:
        return Choice(by_stream(reading.index, wanted.stream))
    return Choice(_worst(reading))


def _between(reading: Reading, local: Endpoint, remote: Endpoint) -> Selection:
    """The connection of these ends; of several, the first one of `pyreport scan`, if that has any of them."""
    selection = by_addresses(reading.index, local, remote)
    if not selection.rivals:
        return selection
    ends = {selection.connection.a, selection.connection.b}
    rivals = [one for one in reading.index.connections.values() if {one.a, one.b} == ends]
    told = events_of(rows_of(judge_all(reading, rivals)))
    return replace(selection, connection=told[0].event.connections[0]) if told else selection


def _worst(reading: Reading) -> Selection:
    """The first connection of `pyreport scan`, so the one whose end is worst; else the one with most to say."""
    selection = by_severity(reading.index)
    judged = judge_all(reading, to_judge(reading))
    told = events_of(rows_of(judged))
    if told and told[0].event.connections[0] is not selection.connection:
        others = sum(len(event.rows) for event in told) - 1
        why = claim("chosen-worst-end-of-several", others=others) if others else claim("chosen-worst-end")
        selection = Selection(told[0].event.connections[0], why)
    return replace(selection, judged=next((one for one in judged if one[0].connection is selection.connection), None))


def read_log(reading: Reading, path: Path, zones: Zones) -> LogFile:
    """The errors of a log file as incidents of the capture. Raises InputError when the file cannot be read."""
    return collect(read_errors(path), Matcher(reading.index, reading.span, zones), reading)


def _of_line(reading: Reading, matcher: Matcher, log: LogError, wanted: Wanted) -> Selection:
    if wanted.stream is not None:
        return by_stream_with_log(matcher, wanted.stream, log)
    lines = LineMatcher(reading, matcher)
    match = lines.match(log) if wanted.candidate is None else lines.candidate(log, wanted.candidate)
    return by_log(matcher, log, match)


def _at_time(reading: Reading, matcher: Matcher, wanted: Wanted, path: Path, at: Stamp) -> Choice:
    logged = nearest(wanted.errors(path), at, wanted.zones, matcher.span.last_time_ns)
    note = claim("log-line-at", line=logged.line, file=path.name)
    return Choice(_of_line(reading, matcher, logged.error, wanted), logged.error, (note,))


def _worst_of_log(reading: Reading, matcher: Matcher, wanted: Wanted, path: Path) -> Choice:
    """The first line of the worst incident (of the stream's, if one is given); the other incidents are named."""
    stream = wanted.stream
    log_file = collect(wanted.errors(path), matcher, reading)
    if not log_file.groups:
        raise InputError(nothing_in(path, log_file))
    group = next((g for g in log_file.groups if stream is None or stream in g.streams), None)
    if group is None:
        raise InputError(
            f"No error in {path.name} belongs to TCP stream {stream}: name the line with --at or --log beside --stream."
        )
    of_stream = [i for i in group.incidents if i.match is not None and i.match.connection.stream == stream]
    first = (of_stream[0] if of_stream else group.first).lines[0]
    match = LineMatcher(reading, matcher).match(first.error)
    selection = by_log(matcher, first.error, match)  # tells why when it is about no connection, or can be about several
    return Choice(selection, first.error, tuple(_notes(path, log_file, group, selection, first.line)))


def _notes(path: Path, log_file: LogFile, group: Group, selection: Selection, line: int) -> Iterator[Claim]:
    yield claim("log-file-read", file=path.name, errors=log_file.inside, line=line)
    others = [stream for stream in group.streams if stream != selection.connection.stream]
    if others:
        yield claim("log-file-same-cause", count=len(others), streams=tell_streams(others, MOST_NAMED))
    rest = [other for other in log_file.groups if other is not group]
    yield from map(describe, rest[:MOST_NAMED])
    if rest:
        more = len(rest) - MOST_NAMED
        yield claim("log-file-more", more=more) if more > 0 else claim("log-file-all")
