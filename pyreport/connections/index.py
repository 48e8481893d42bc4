"""The frames of a capture sorted into connections, and when each host was seen sending."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from msgspec import Struct, field

from pyreport.base.endpoint import Endpoint
from pyreport.connections.close import Close, close_of
from pyreport.connections.connection import Connection
from pyreport.connections.hosts import Hosts, hosts_of
from pyreport.connections.lifetimes import Lifetimes
from pyreport.connections.side_clock import SideClock, side_clock
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, Frame

T = TypeVar("T")

# How long (ns) an end's payload lay, and the two frames.
Rest = tuple[int, int, int]


TimesOf = Callable[[str], Sequence[int]]


class CaptureIndex(Struct):
    """All connections of the capture, and when each host was seen sending.

    ``times_of`` gives the times (ns since the epoch) of a host's segments, in order of time.
    ``by_endpoint`` has the connections of each "address:port"; ``longest_rest`` the longest time (ns) between payload
    of an end and the next payload of the other one, by ``tcp.stream`` and that end, with the two frames: a silence in
    which that end, having replied, owed nothing. What comes after a FIN or an RST does not count. ``closes`` has
    what each end was the first to close, in order of time, ``first_close`` the same by stream, ``hosts`` the
    connections of each host.
    """

    connections: dict[int, Connection] = field(default_factory=dict)
    times_of: TimesOf = lambda _: []
    by_endpoint: dict[str, list[Connection]] = field(default_factory=dict)
    longest_rest: dict[tuple[int, str], Rest] = field(default_factory=dict)
    hosts: Hosts = field(default_factory=Hosts)
    closes: dict[str, list[Close]] = field(default_factory=dict)
    first_close: dict[int, Close] = field(default_factory=dict)
    _clocks: dict[tuple[int, str], SideClock | None] = field(default_factory=dict)
    _known: dict[object, Any] = field(default_factory=dict)

    def once(self, key: object, find: Callable[[], T]) -> T:
        """What ``find`` finds in the whole capture, found once for each key."""
        if key not in self._known:
            self._known[key] = find()
        found: T = self._known[key]
        return found

    def clock_of(self, connection: Connection, side: str) -> SideClock | None:
        """The clock in the timestamps of a side, read once; None when it has none."""
        key = connection.stream, side
        if key not in self._clocks:
            self._clocks[key] = side_clock(connection, side)
        return self._clocks[key]

    def neighbours_of(self, connection: Connection, endpoint: Endpoint) -> Iterator[Connection]:
        """The other connections of the host that ``endpoint`` is on."""
        return (other for other in self.hosts.of(endpoint.host) if other is not connection)

    def still_served(self, service: str, since_ns: int, until_ns: int) -> list[Connection]:
        """The connections of an end that had begun at ``since_ns``, and on which it sent more than an RST at
        ``until_ns`` or after, see Lifetimes.meeting.
        """

        def heard() -> Lifetimes:
            return Lifetimes(self.by_endpoint.get(service, []), lambda one: one.outline.last_of_end(service)[1])

        return self.once(("served", service), heard).meeting(until_ns, since_ns)

    def between_at(self, one: str, other: str, start_ns: int, end_ns: int, most: int | None = None) -> list[Connection]:
        """The connections between two hosts that were there between two times, see Lifetimes.meeting."""
        pair = frozenset((one, other))
        lifetimes = self.once(("lifetimes", pair), lambda: Lifetimes(self.hosts.between(one, other)))
        return lifetimes.meeting(start_ns, end_ns, most)

    def begun_between(self, one: str, other: str, start_ns: int, end_ns: int) -> list[Connection]:
        """The connections between two hosts whose first frame is of the time between the two, both included."""
        pair = frozenset((one, other))
        begun = self.once(("begun", pair), lambda: sorted(self.hosts.between(one, other), key=_first_ns))
        return begun[bisect_left(begun, start_ns, key=_first_ns) : bisect_right(begun, end_ns, key=_first_ns)]

    def next_opened(self, service: str, after_ns: int) -> Connection | None:
        """The first connection that somebody began to open to a service after a time, None when nobody did."""
        opened = self.once(("opened", service), lambda: _opened(self.by_endpoint.get(service, []), service))
        place = bisect_right(opened, after_ns, key=_first_ns)
        return opened[place] if place < len(opened) else None

    def closes_near(self, end: str, start_ns: int, end_ns: int) -> list[Close]:
        """What an end was the first to close between two times, both included."""
        closes = self.closes.get(end, [])
        first = bisect_left(closes, start_ns, key=_close_ns)
        return closes[first : bisect_right(closes, end_ns, key=_close_ns)]

    def silence_around(self, host: str, time_ns: int) -> tuple[int, int]:
        """The last frame of a host up to a time and its next one after it (ns); the time itself where there is none."""
        times = self.times_of(host)
        after = bisect_right(times, time_ns)
        return times[after - 1] if after else time_ns, times[after] if after < len(times) else time_ns

    def longest_silence_of(self, host: str, start_ns: int, end_ns: int) -> tuple[int, int]:
        """The longest stretch within [start, end] in which the capture has no frame sent by the host, as (from, to)."""
        times = self.times_of(host)
        inside = times[bisect_left(times, start_ns) : bisect_right(times, end_ns)]
        edges = [start_ns, *inside, end_ns]
        return max(pairwise(edges), key=lambda gap: gap[1] - gap[0])


def build_index(frames: Iterable[Frame]) -> CaptureIndex:
    """Sort the capture's frames into connections (Wireshark's ``tcp.stream``)."""
    connections: dict[int, Connection] = {}
    times: dict[str, list[int]] = {}
    rests: dict[tuple[int, str], Rest] = {}
    last_data: dict[int, Frame] = {}
    closing: set[int] = set()
    for frame in frames:
        connection = connections.get(frame.stream)
        if connection is None:
            connection = connections[frame.stream] = Connection(frame.stream, frame.source, frame.destination)
        if frame.length and not frame.found(Probe):
            if frame.stream not in closing:
                _note_rest(rests, last_data.get(frame.stream), frame)
            last_data[frame.stream] = frame
        if frame.has(FLAG_FIN | FLAG_RST):
            closing.add(frame.stream)
        connection.add(frame)
        times.setdefault(frame.source.host, []).append(frame.time_ns)
    for connection in connections.values():
        if connection.syn is not None and connection.syn.source != connection.a:
            connection.turn()
    for sent in times.values():
        sent.sort()
    # An ICMP error may quote a connection, and so count it, before its first segment.
    connections = dict(sorted(connections.items()))
    return index_of(connections, lambda host: times.get(host, []), rests)


def index_of(
    connections: dict[int, Connection],
    times_of: TimesOf,
    longest_rest: dict[tuple[int, str], Rest],
    closed: Callable[[Connection], Close | None] = close_of,
) -> CaptureIndex:
    """The index of these connections, which have all that was found on them; ``closed`` tells how one was closed."""
    index = CaptureIndex(connections, times_of, longest_rest=longest_rest)
    for connection in connections.values():
        for end in (connection.a, connection.b):
            index.by_endpoint.setdefault(end, []).append(connection)
        close = closed(connection)
        if close is not None:
            index.first_close[connection.stream] = close
            index.closes.setdefault(close.source, []).append(close)
    index.hosts = hosts_of(connections.values())
    for closes in index.closes.values():
        closes.sort(key=_close_ns)
    return index


def _opened(connections: Iterable[Connection], service: str) -> list[Connection]:
    """Those with a SYN to the service, in order of time."""
    return sorted((c for c in connections if c.outline.syn_from >= 0 and c.b == service), key=_first_ns)


def _close_ns(close: Close) -> int:
    return close.time_ns


def _first_ns(connection: Connection) -> int:
    return connection.outline.first_ns


def _note_rest(rests: dict[tuple[int, str], Rest], before: Frame | None, after: Frame) -> None:
    if before is None or before.source == after.source:
        return
    key, rest_ns = (after.stream, before.source), after.time_ns - before.time_ns
    if rest_ns > rests.get(key, (0, 0, 0))[0]:
        rests[key] = (rest_ns, before.number, after.number)
