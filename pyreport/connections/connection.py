"""Connections as the frames show them: who is who, what each side's keep-alive did, how it ended.

Pure functions and plain data: nothing is detected here, the plugin's findings are put in order and counted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pyreport.base.claim import Party
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, Finding, Frame, Level
from pyreport.knowledge.services import is_service_port, service_name


@dataclass(frozen=True, slots=True)
class SideKeepalive:
    """Keep-alive of one side, as the plugin learned it. None: cannot be told from this capture."""

    idle_ns: int | None
    cadence_ns: int | None
    interval_ns: int | None
    probes: int
    answered: int
    unanswered: int
    missed: int


@dataclass(slots=True)
class Connection:
    """One TCP connection: its frames in order. ``a`` is the client when the SYN was seen, else the first sender."""

    stream: int
    a: str
    b: str
    frames: list[Frame] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def first(self) -> Frame:
        """The first frame."""
        return self.frames[0]

    @property
    def last(self) -> Frame:
        """The last frame."""
        return self.frames[-1]

    @property
    def worst(self) -> Level:
        """The highest level of its findings; CHAT when there are none."""
        return max((finding.level for finding in self.findings), default=Level.CHAT)

    def other(self, endpoint: str) -> str:
        """The other end."""
        return self.b if endpoint == self.a else self.a

    def of(self, *ids: str, side: str | None = None) -> list[Finding]:
        """Findings with one of these ids, in frame order; only those on frames that ``side`` sent, if given."""
        return [f for f in self.findings if f.id in ids and (side is None or f.source == side)]

    def first_of(self, *ids: str) -> Finding | None:
        """The first finding with one of these ids."""
        return next((finding for finding in self.findings if finding.id in ids), None)

    def missed(self, side: str | None = None) -> list[Finding]:
        """Missed intervals, of one side only if given (the finding may stand on a frame of the other)."""
        return [finding for finding in self.of("missed") if side is None or finding.data["by"] == side]

    def unanswered(self, side: str) -> list[Finding]:
        """Unanswered probes of one side (the finding stands on a later frame, maybe the other side's)."""
        probes = {finding.frame for finding in self.of("probe", side=side)}
        return [finding for finding in self.of("unanswered") if finding.number("probe_frame") in probes]

    def frame(self, number: int) -> Frame | None:
        """The frame of this connection with this number."""
        index = bisect_left(self.frames, number, key=lambda frame: frame.number)
        return self.frames[index] if index < len(self.frames) and self.frames[index].number == number else None

    @property
    def syn(self) -> Frame | None:
        """The client's SYN, when the capture has it."""
        return next((f for f in self.frames[:4] if f.has(FLAG_SYN) and not f.has(FLAG_ACK)), None)

    def fin_of(self, side: str) -> Frame | None:
        """The first FIN of a side."""
        return next((f for f in self.frames if f.source == side and f.has(FLAG_FIN)), None)

    def last_data_before(self, time_ns: int) -> Frame | None:
        """The last frame with payload (a probe's garbage octet is none) before a time."""
        return next(
            (f for f in reversed(self.frames) if f.time_ns < time_ns and f.length and not f.found("probe")), None
        )

    def keepalive(self, side: str) -> SideKeepalive:
        """What one side's keep-alive did on this connection."""
        probes = self.of("probe", side=side)
        latest = probes[-1] if probes else None
        return SideKeepalive(
            idle_ns=latest.number("idle_time_ns") if latest else None,
            cadence_ns=latest.number("cadence_ns") if latest else None,
            interval_ns=latest.number("interval_ns") if latest else None,
            probes=len(probes),
            answered=sum(1 for probe in probes if probe.number("answer_frame")),
            unanswered=len({finding.number("probe_frame") for finding in self.unanswered(side)}),
            missed=sum(finding.number("intervals") or 0 for finding in self.missed(side)),
        )


@dataclass(frozen=True, slots=True)
class Roles:
    """Which end is called what. ``local`` is the end that the question is asked for, ``peer`` the other.

    ``why_local`` says how the local end was chosen; ``names`` gives "client", "server", or "A" and "B" when neither
    the SYN nor a service's port tells.
    """

    local: str
    peer: str
    why_local: str
    names: dict[str, str]

    def party(self, endpoint: str) -> Party:
        """What the end is called."""
        return Party(self.names[endpoint].lower())

    def name(self, endpoint: str) -> str:
        """The word for the middle of a sentence: "the client", "the server", "side A"."""
        word = self.names[endpoint]
        return f"side {word}" if len(word) == 1 else f"the {word}"

    def title(self, endpoint: str) -> str:
        """The same with a capital, for its beginning."""
        name = self.name(endpoint)
        return name[0].upper() + name[1:]


def assign_roles(connection: Connection, local: str | None = None, why_local: str = "") -> Roles:
    """Name the two ends: by the SYN, else by the port of a known service, else A and B (RFC 9293 knows no roles).

    ``local``, when given, is one of the ends (from the log line); else the client, else A.
    """
    client: str | None = None
    if connection.syn is not None:
        client = connection.syn.source
    else:
        a_serves, b_serves = is_service_port(connection.a), is_service_port(connection.b)
        if a_serves != b_serves:
            client = connection.b if a_serves else connection.a
    if client is None:
        names = {connection.a: "A", connection.b: "B"}
    else:
        names = {client: "client", connection.other(client): "server"}
    if local is None:
        local = client or connection.a
        why_local = "taken to be the local end because it is the client" if client else "taken to be the local end"
    return Roles(local, connection.other(local), why_local, names)


@dataclass(slots=True)
class CaptureIndex:
    """All connections of the capture, and when each host was seen sending.

    ``by_endpoint`` has the connections of each "address:port"; ``longest_rest`` the longest time (ns) between payload
    of an end and the next payload of the other one, by ``tcp.stream`` and that end, with the two frames: a silence in
    which that end, having replied, owed nothing. What comes after a FIN or an RST does not count.
    """

    connections: dict[int, Connection] = field(default_factory=dict)
    sent_by_host: dict[str, list[int]] = field(default_factory=dict)
    by_endpoint: dict[str, list[Connection]] = field(default_factory=dict)
    longest_rest: dict[tuple[int, str], tuple[int, int, int]] = field(default_factory=dict)

    def neighbours_of(self, connection: Connection, endpoint: str) -> Iterator[Connection]:
        """The other connections of the host that ``endpoint`` is on."""
        host = host_of(endpoint)
        for other in self.connections.values():
            if other is not connection and host in (host_of(other.a), host_of(other.b)):
                yield other

    def longest_silence_of(self, host: str, start_ns: int, end_ns: int) -> tuple[int, int]:
        """The longest stretch within [start, end] in which the capture has no frame sent by the host, as (from, to)."""
        times = self.sent_by_host.get(host, [])
        inside = times[bisect_left(times, start_ns) : bisect_right(times, end_ns)]
        edges = [start_ns, *inside, end_ns]
        return max(pairwise(edges), key=lambda gap: gap[1] - gap[0])


def build_index(frames: Iterable[Frame]) -> CaptureIndex:
    """Sort the capture's frames into connections (Wireshark's ``tcp.stream``)."""
    index = CaptureIndex()
    last_data: dict[int, Frame] = {}
    closing: set[int] = set()
    for frame in frames:
        connection = index.connections.get(frame.stream)
        if connection is None:
            connection = Connection(frame.stream, frame.source, frame.destination)
            index.connections[frame.stream] = connection
            for end in (frame.source, frame.destination):
                index.by_endpoint.setdefault(end, []).append(connection)
        if frame.length and not frame.found("probe"):
            if frame.stream not in closing:
                _note_rest(index, last_data.get(frame.stream), frame)
            last_data[frame.stream] = frame
        if frame.has(FLAG_FIN | FLAG_RST):
            closing.add(frame.stream)
        connection.frames.append(frame)
        connection.findings.extend(frame.findings)
        index.sent_by_host.setdefault(host_of(frame.source), []).append(frame.time_ns)
    for connection in index.connections.values():
        syn = connection.syn
        if syn is not None and syn.source != connection.a:
            connection.a, connection.b = connection.b, connection.a
    for times in index.sent_by_host.values():
        times.sort()
    return index


def _note_rest(index: CaptureIndex, before: Frame | None, after: Frame) -> None:
    if before is None or before.source == after.source:
        return
    key, rest_ns = (after.stream, before.source), after.time_ns - before.time_ns
    if key not in index.longest_rest or rest_ns > index.longest_rest[key][0]:
        index.longest_rest[key] = (rest_ns, before.number, after.number)


def host_of(endpoint: str) -> str:
    """The address of "address:port"."""
    return endpoint.rpartition(":")[0]


def describe_endpoint(endpoint: str) -> str:
    """The endpoint with its service, "10.0.0.5:9092 (Kafka)"."""
    name = service_name(endpoint)
    return f"{endpoint} ({name})" if name else endpoint
