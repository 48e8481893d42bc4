"""The errors of a log file as incidents: one a connection, and those with the same cause together."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from pyreport.application.farewells import NO_WORDS
from pyreport.base.claim import Claim, claim
from pyreport.choice.last_words import last_words
from pyreport.choice.log_ends import log_ends
from pyreport.choice.one_event import LineMatcher
from pyreport.choice.severity import severity
from pyreport.connections.reading import Reading
from pyreport.diagnosis.connection import Judged, diagnose_connection
from pyreport.logs.logfile import Logged
from pyreport.matching.match import Match, Strength
from pyreport.matching.matcher import Matcher

# Errors beyond this number are counted and not matched: a log that repeats itself a million times tells no more.
MOST_ERRORS = 5_000
# So many connections of a group are named.
MOST_STREAMS = 5


class Incident(Struct):
    """One connection and the lines that are about it; ``judged`` is None when no connection could be claimed.

    ``match`` is the strongest of the lines', None when no connection fits.
    """

    lines: list[Logged]
    match: Match | None
    judged: Judged | None = None


class Group(Struct):
    """Incidents with the same cause: the same remote end and the same verdict, or, without a connection, the same
    words.
    """

    incidents: list[Incident] = field(default_factory=list)

    @property
    def first(self) -> Incident:
        """The incident that stands for the group."""
        return self.incidents[0]

    @property
    def lines(self) -> int:
        """The number of log lines."""
        return sum(len(incident.lines) for incident in self.incidents)

    @property
    def streams(self) -> list[int]:
        """The connections, by their ``tcp.stream``."""
        return [i.match.connection.stream for i in self.incidents if i.judged is not None and i.match is not None]


class LogFile(Struct):
    """What a log file holds for one capture: the groups, the worst first; how many errors lie outside the capture's
    time, and how many were too many.
    """

    groups: list[Group]
    inside: int
    outside: int
    beyond: int


def collect(errors: Iterable[Logged], matcher: Matcher, reading: Reading) -> LogFile:
    """Match each error with the capture, judge the connections, group what shares its cause."""
    incidents: dict[object, Incident] = {}
    lines = LineMatcher(reading, matcher)
    inside = outside = beyond = 0
    for logged in errors:
        if not matcher.can_be_within(logged.error):
            outside += 1
        elif inside >= MOST_ERRORS:
            beyond += 1
        else:
            inside += 1
            _add(incidents, logged, lines)
    for incident in incidents.values():
        if incident.match is not None and incident.match.strength is not Strength.AMBIGUOUS:
            incident.judged = judge(reading, incident)
    return LogFile(_grouped(incidents.values()), inside, outside, beyond)


def judge(reading: Reading, incident: Incident) -> Judged:
    """Weigh the connection of an incident, with its first line as the log line."""
    match = incident.match
    assert match is not None
    words = last_words(reading, [match.connection]).get(match.connection.stream, NO_WORDS)
    return diagnose_connection(
        reading, match.connection, local=match.local, why_local=claim("local-wrote-log"),
        log=incident.lines[0].error, match=match, words=words,
    )  # fmt: skip


def _add(incidents: dict[object, Incident], logged: Logged, lines: LineMatcher) -> None:
    match = lines.match(logged.error)
    claimed = match is not None and match.strength is not Strength.AMBIGUOUS
    key: object = match.connection.stream if match is not None and claimed else _words(logged)
    incident = incidents.get(key)
    if incident is None:
        incidents[key] = Incident([logged], match)
    else:
        incident.lines.append(logged)


def _words(logged: Logged) -> tuple[str, ...]:
    error = logged.error
    return (error.format, str(error.remote), error.peer_name, error.errno.value)


def _grouped(incidents: Iterable[Incident]) -> list[Group]:
    groups: dict[object, Group] = {}
    for incident in incidents:
        if incident.judged is None:
            key: object = _words(incident.lines[0])
        else:
            case, _, verdict = incident.judged
            key = (case.peer, verdict.kind)
        groups.setdefault(key, Group()).incidents.append(incident)
    for group in groups.values():
        group.incidents.sort(key=_worst_first)
    return sorted(groups.values(), key=_worst_group_first)


def _worst_group_first(group: Group) -> tuple[int, ...]:
    *worst, line = _worst_first(group.first)
    return (*worst, -group.lines, line)


def _worst_first(incident: Incident) -> tuple[int, ...]:
    if incident.judged is None:
        return (1, 0, 0, 0, 0, incident.lines[0].line)
    parts = severity(incident.judged[0].connection)
    return (0, *(-part for part in parts), incident.lines[0].line)


def tell_streams(streams: list[int], most: int) -> Claim:
    """Connections by their ``tcp.stream``, to be quoted; at most so many by their numbers."""
    more = max(0, len(streams) - most)
    return claim("log-streams", count=len(streams), streams=tuple(streams[:most]), more=more)


def describe(group: Group) -> Claim:
    """A group in one sentence: what its lines say, how many they are, which connections they are about."""
    error, match, streams = group.first.lines[0].error, group.first.match, group.streams
    said, ends, lines = error.error_text, log_ends(error), group.lines
    if streams:
        return claim("log-group-found", error=said, ends=ends, lines=lines, streams=tell_streams(streams, MOST_STREAMS))
    if match is not None:
        return claim("log-group-ambiguous", error=said, ends=ends, lines=lines, rivals=len(match.rivals))
    return claim("log-group-unmatched", error=said, ends=ends, lines=lines)
