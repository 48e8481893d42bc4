"""The connections that have something to say as events, the worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pyreport.base.claim import Claim, FrameNumber, Party, claim
from pyreport.choice.loss import level_of, lost
from pyreport.choice.severity import severity
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.event import Common, Event, Row, ends_of, group, moment_of
from pyreport.diagnosis.evidence.gaps import gap_end_ns
from pyreport.diagnosis.evidence.lost_at_a_stroke import STROKE
from pyreport.diagnosis.evidence.reply_cut import CUT
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.diagnosis.result import Kind, Verdict
from pyreport.diagnosis.thresholds import MANY_CLIENTS, MANY_PORTS, TOGETHER_NS
from pyreport.frames.finding import Level

#: What happens to many connections at one moment: at another moment it is another event.
MOMENTARY = (Kind.PEER_RESTARTED, Kind.HOST_FROZEN)


class Told(Struct, frozen=True):
    """An event and its connections as judged, in the order of the event."""

    event: Event
    rows: tuple[Row, ...]

    @property
    def worst(self) -> Level:
        """The level of what was lost on its connections, or of their worst finding, whichever is worse."""
        return max(level_of(row) for row in self.rows)

    @property
    def happened(self) -> Claim:
        """What happened: of one connection, what its verdict says first."""
        is_own = self.event.common is Common.ALONE and self.event.kind is not Kind.HOST_FROZEN
        if is_own:
            return _with_why(*self.rows[0])
        happened, stroke = self.event.happened, self.rows[0][1].told(STROKE)
        if stroke is None:
            return happened
        between = {name: stroke.values[name] for name in ("last", "first")}
        return claim("event-at-a-stroke", stroke.frames, happened=happened, **between)


def _with_why(case: Case, verdict: Verdict) -> Claim:
    """The first claim of a verdict, with what an end said of it, or left unsaid."""
    first, cut, said = verdict.claims[0], verdict.told(*CUT), case.said
    if cut is not None:
        return claim("event-and-why", (*first.frames, *cut.frames), first=first, why=cut)
    if said is None or not said.is_complaint:
        return first
    frames, who, frame = (*first.frames, said.frame), case.roles.party(said.by), FrameNumber(said.frame)
    return claim("event-and-words", frames, first=first, who=who, frame=frame, said=said.text)


def events_of(rows: Sequence[Row]) -> tuple[Told, ...]:
    """The rows by what happened and between whom. First comes where data was lost, then by the level, then by the
    number of connections; the everyday noise of closing comes last.
    """
    alike: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        alike[_key(row)].append(row)
    parts = (part for together in alike.values() for of_port in _by_port(together) for part in _by_moment(of_port))
    told = [_told(part) for part in _of_many_clients(parts)]
    return tuple(sorted(told, key=_rank))


def _key(row: Row) -> tuple[object, ...]:
    case, verdict = row
    near, far = ends_of(case)
    if verdict.kind is Kind.HOST_FROZEN:
        return verdict.kind, case.local.host
    if never_opened(case.connection):
        return verdict.kind, case.local.host, case.peer.host, True
    if verdict.kind is Kind.PEER_RESTARTED:  # one process ended, or all of one host, whoever its clients were
        return verdict.kind, case.peer.host
    return verdict.kind, near, far, False


def _by_port(rows: list[Row]) -> Iterator[list[Row]]:
    """What did not open, by the port that was asked for; on many ports of one host it is one event: a port scan, or a
    host on which nothing runs. Other rows stay together.
    """
    if not never_opened(rows[0][0].connection):
        yield rows
        return
    by_ends: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_ends[ends_of(row[0])].append(row)
    if len(by_ends) >= MANY_PORTS:
        yield rows
    else:
        yield from by_ends.values()


def _of_many_clients(parts: Iterable[list[Row]]) -> Iterator[list[Row]]:
    """The parts, and as one what did not open to one service from many hosts: what they have in common is the service,
    that it is asked by a flood (RFC 4987) or answers nobody.
    """
    of_service: dict[str, list[list[Row]]] = defaultdict(list)
    for part in parts:
        _, far = ends_of(part[0][0])
        is_one = part[0][1].kind is Kind.NEVER_OPENED and len({ends_of(case) for case, _ in part}) == 1
        if is_one and part[0][0].local_party is Party.CLIENT:
            of_service[far].append(part)
        else:
            yield part
    for asked in of_service.values():
        if len(asked) >= MANY_CLIENTS:
            yield [row for part in asked for row in part]
        else:
            yield from asked


def _by_moment(rows: list[Row]) -> Iterator[list[Row]]:
    """The rows of each moment, where the moment is what makes the event; else all of them."""
    if rows[0][1].kind not in MOMENTARY:
        yield rows
        return
    part: list[Row] = []
    until = 0
    for row in sorted(rows, key=lambda row: moment_of(row[0])):
        if part and moment_of(row[0]) > until + TOGETHER_NS:
            yield part
            part = []
        part.append(row)
        until = max(until, _until(row[0]))
    yield part


def _until(case: Case) -> int:
    """Until when what happened to a connection lasted."""
    return max((gap_end_ns(missed) for missed in case.connection.missed(case.local)), default=moment_of(case))


def _told(rows: list[Row]) -> Told:
    ordered = sorted(rows, key=_worst_first)
    return Told(group(ordered), tuple(ordered))


def _worst_first(row: Row) -> tuple[int, ...]:
    connection = row[0].connection
    return (not lost(row), *(-part for part in severity(connection)), connection.first.number)


def _rank(told: Told) -> tuple[bool, bool, int, int, int]:
    cases = [case for case, _ in told.rows]
    everyday = all(verdict.is_everyday for _, verdict in told.rows)
    has_lost = any(lost(row) for row in told.rows)
    return everyday, not has_lost, -told.worst, -len(cases), min(case.connection.first.number for case in cases)
