"""The frames of a capture sorted into connections, and when each host was seen sending."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pyreport.base.endpoint import Endpoint
from pyreport.connections.close import Close, close_of
from pyreport.connections.connection import Connection
from pyreport.connections.side_clock import SideClock, side_clock
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, Frame


@dataclass(slots=True)
class CaptureIndex:
    """All connections of the capture, and when each host was seen sending.

    ``by_endpoint`` has the connections of each "address:port"; ``longest_rest`` the longest time (ns) between payload
    of an end and the next payload of the other one, by ``tcp.stream`` and that end, with the two frames: a silence in
    which that end, having replied, owed nothing. What comes after a FIN or an RST does not count. ``closes`` has
    what each end was the first to close, in order of time.
    """

    connections: dict[int, Connection] = field(default_factory=dict)
    sent_by_host: dict[str, list[int]] = field(default_factory=dict)
    by_endpoint: dict[str, list[Connection]] = field(default_factory=dict)
    longest_rest: dict[tuple[int, str], tuple[int, int, int]] = field(default_factory=dict)
    closes: dict[str, list[Close]] = field(default_factory=dict)
    _clocks: dict[tuple[int, str], SideClock | None] = field(default_factory=dict, repr=False)

    def clock_of(self, connection: Connection, side: str) -> SideClock | None:
        """The clock in the timestamps of a side, read once; None when it has none."""
        key = connection.stream, side
        if key not in self._clocks:
            self._clocks[key] = side_clock(connection, side)
        return self._clocks[key]

    def neighbours_of(self, connection: Connection, endpoint: Endpoint) -> Iterator[Connection]:
        """The other connections of the host that ``endpoint`` is on."""
        host = endpoint.host
        for other in self.connections.values():
            if other is not connection and host in (other.a.host, other.b.host):
                yield other

    def closes_near(self, end: str, start_ns: int, end_ns: int) -> list[Close]:
        """What an end was the first to close between two times, both included."""
        closes = self.closes.get(end, [])
        first = bisect_left(closes, start_ns, key=lambda close: close.finding.time_ns)
        return closes[first : bisect_right(closes, end_ns, key=lambda close: close.finding.time_ns)]

    def silence_around(self, host: str, time_ns: int) -> tuple[int, int]:
        """The last frame of a host up to a time and its next one after it (ns); the time itself where there is none."""
        times = self.sent_by_host.get(host, [])
        after = bisect_right(times, time_ns)
        return times[after - 1] if after else time_ns, times[after] if after < len(times) else time_ns

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
        if frame.length and not frame.found(Probe):
            if frame.stream not in closing:
                _note_rest(index, last_data.get(frame.stream), frame)
            last_data[frame.stream] = frame
        if frame.has(FLAG_FIN | FLAG_RST):
            closing.add(frame.stream)
        connection.frames.append(frame)
        connection.findings.extend(frame.findings)
        index.sent_by_host.setdefault(frame.source.host, []).append(frame.time_ns)
    for connection in index.connections.values():
        syn = connection.syn
        if syn is not None and syn.source != connection.a:
            connection.a, connection.b = connection.b, connection.a
        close = close_of(connection)
        if close is not None:
            index.closes.setdefault(close.finding.source, []).append(close)
    for times in index.sent_by_host.values():
        times.sort()
    for closes in index.closes.values():
        closes.sort(key=lambda close: close.finding.time_ns)
    return index


def _note_rest(index: CaptureIndex, before: Frame | None, after: Frame) -> None:
    if before is None or before.source == after.source:
        return
    key, rest_ns = (after.stream, before.source), after.time_ns - before.time_ns
    if key not in index.longest_rest or rest_ns > index.longest_rest[key][0]:
        index.longest_rest[key] = (rest_ns, before.number, after.number)
