"""An event: connections to which the same thing happened, told once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, Moment, Party, claim
from pyreport.connections.connection import Connection
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_end_ns
from pyreport.diagnosis.evidence.neighbours import neighbours
from pyreport.diagnosis.evidence.periodic import periodic_of
from pyreport.diagnosis.evidence.same_service import is_same_age
from pyreport.diagnosis.evidence.spread import together
from pyreport.diagnosis.evidence.waits import open_wait
from pyreport.diagnosis.result import Confidence, Kind, Verdict
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, TOGETHER_NS
from pyreport.frames.findings import GaveUp


class Common(StrEnum):
    """What the connections of an event have in common beside what happened to them."""

    ALONE = "alone"  # it is one connection
    MOMENT = "moment"
    AGE = "age"  # of the last payload
    SILENCE = "silence"  # of their host
    KIND = "kind"  # nothing


class Event(Struct, frozen=True):
    """What happened, between which two ends (a client is a host, "" for ``hosts`` of them, a server a host and port, or
    a host where it is about many ports), and to which connections, the worst first. ``silence_ns`` is how long the host
    sent nothing (SILENCE), ``age_ns`` the age (AGE).
    """

    kind: Kind
    confidence: Confidence
    common: Common
    near: str
    far: str
    connections: tuple[Connection, ...]
    first_ns: int
    last_ns: int
    age_ns: int = 0
    silence_ns: int = 0
    hosts: int = 1

    @property
    def streams(self) -> tuple[int, ...]:
        """Wireshark's numbers of the connections."""
        return tuple(connection.stream for connection in self.connections)

    @property
    def ends(self) -> Claim:
        """Which connections."""
        if self.common is Common.ALONE:
            return claim("event-connection", near=self.near, far=self.far)
        count = len(self.connections)
        if self.common is Common.SILENCE:
            return claim("event-connections-of-host", count=count, near=self.near)
        if self.hosts > 1:
            return claim("event-connections-of-hosts", count=count, hosts=self.hosts, far=self.far)
        return claim("event-connections", count=count, near=self.near, far=self.far)

    @property
    def happened(self) -> Claim:
        """What happened to all of them, and when."""
        return claim(
            "event-happened",
            kind=self.kind,
            common=self.common,
            within=Duration(self.last_ns - self.first_ns),
            age=Duration(self.age_ns),
            silence=Duration(self.silence_ns),
            first=Moment(self.first_ns),
            last=Moment(self.last_ns),
        )


Row = tuple[Case, Verdict]


def event_of(case: Case, verdict: Verdict) -> Event | None:
    """The event that a connection belongs to; None when nothing else in the capture is of it."""
    first = case.ending.first
    if verdict.kind is Kind.HOST_FROZEN:
        return _of_silent_host(case, verdict)
    if first is None or isinstance(first, GaveUp) or first.source != case.peer:
        return None
    rule = periodic_of(case.index, case.connection)
    if rule is not None:
        connections = tuple(case.index.connections[stream] for stream in rule.streams)
        times = [rule.closes[0].time_ns, rule.closes[-1].time_ns]
        return _with_peer(case, verdict, Common.AGE, connections, times, rule.age_ns)
    batch = together(case.index, case.peer, first)
    if not batch.may_be_event:
        return None
    connections = tuple(close.connection for close in batch.closes)
    return _with_peer(case, verdict, Common.MOMENT, connections, [close.time_ns for close in batch.closes])


def _with_peer(
    case: Case,
    verdict: Verdict,
    common: Common,
    connections: tuple[Connection, ...],
    times: Sequence[int],
    age_ns: int = 0,
) -> Event:
    """The event of connections that the peer closed at these times; no one host is named where several had them."""
    near, far = ends_of(case)
    hosts, moments = _hosts(case, connections), (min(times), max(times))
    near = near if hosts == 1 else ""
    return Event(verdict.kind, verdict.confidence, common, near, far, connections, *moments, age_ns, hosts=hosts)


def _hosts(case: Case, connections: Sequence[Connection]) -> int:
    """How many hosts had these connections with the peer's."""
    ends = {end.host for connection in connections for end in (connection.a, connection.b)}
    return len(ends - {case.peer.host}) or 1


def _of_silent_host(case: Case, verdict: Verdict) -> Event | None:
    """The connections of the local host that lack probes at the same time."""
    missed = case.connection.missed(case.local)
    if not missed:
        return None
    start, end = missed[0].due_at_ns, max(map(gap_end_ns, missed))
    streams = sorted({stream for stream, _ in neighbours(case, start, end).lapses} - {case.connection.stream})
    if not streams:
        return None
    connections = (case.connection, *(case.index.connections[stream] for stream in streams))
    return _silent_event(case, verdict, connections, start, end)


def _silent_event(case: Case, verdict: Verdict, connections: tuple[Connection, ...], start: int, end: int) -> Event:
    host = case.local.host
    from_ns, to_ns = case.index.longest_silence_of(host, _last_sent(case, host, start), end)
    common = Common.SILENCE if len(connections) > 1 else Common.ALONE
    near, far = (host, "") if common is Common.SILENCE else ends_of(case, alone=True)
    return Event(
        verdict.kind, verdict.confidence, common, near, far, connections, from_ns, to_ns, silence_ns=to_ns - from_ns
    )


def _last_sent(case: Case, host: str, before_ns: int) -> int:
    times = case.index.times_of(host)
    place = bisect_right(times, before_ns)
    return times[place - 1] if place else before_ns


def group(rows: Sequence[Row]) -> Event:
    """The event of connections with one kind of verdict between the same ends, in the order given."""
    case, verdict = rows[0]
    connections = tuple(one.connection for one, _ in rows)
    if verdict.kind is Kind.HOST_FROZEN:
        lapses = [missed for one, _ in rows for missed in one.connection.missed(one.local)]
        if lapses:
            start, end = min(found.due_at_ns for found in lapses), max(map(gap_end_ns, lapses))
            return _silent_event(case, verdict, connections, start, end)
    moments = sorted(moment_of(one) for one, _ in rows)
    near, far = ends_of(case, alone=len(rows) == 1)
    hosts = len({one.local.host for one, _ in rows})
    if hosts > 1:
        near = ""
    elif len({ends_of(one) for one, _ in rows}) > 1:
        near, far = case.local.host, case.peer.host
    ages = sorted(age for one, _ in rows if (age := one.ending.data_idle_ns) is not None)
    common, age_ns = _common(len(rows), moments, ages)
    return Event(
        verdict.kind, verdict.confidence, common, near, far, connections, moments[0], moments[-1], age_ns, hosts=hosts
    )


def _common(count: int, moments: Sequence[int], ages: Sequence[int]) -> tuple[Common, int]:
    if count == 1:
        return Common.ALONE, 0
    if moments[-1] - moments[0] <= TOGETHER_NS:
        return Common.MOMENT, 0
    if len(ages) == count and ages[0] >= IDLE_FROM_NS and is_same_age(ages[0], ages[-1]):
        return Common.AGE, ages[count // 2]
    return Common.KIND, 0


def moment_of(case: Case) -> int:
    """When it happened: the close, else the first segment that was never answered, else the last one of all."""
    first, wait = case.ending.first, open_wait(case)
    if first is not None:
        return first.time_ns
    missed = case.connection.missed(case.local)
    if missed:
        return missed[0].due_at_ns
    return wait.start_ns if wait is not None else case.connection.last.time_ns


def ends_of(case: Case, *, alone: bool = False) -> tuple[str, str]:
    """The local end and the peer: whole for one connection, else a client, whose port changes, by its host alone."""
    if alone:
        return str(case.local), str(case.peer)
    server = case.roles.end_of(Party.SERVER)
    near, far = (str(end) if end == server else end.host for end in (case.local, case.peer))
    return near, far
