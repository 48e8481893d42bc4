"""What the hosts of a capture did on all their connections, to be asked without going over all connections."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.frames.finding import Finding
from pyreport.frames.findings import Late, Missed, Probe, Unanswered

TOLD = {Probe.id, Missed.id, Late.id}


class _Told(Struct):
    """The keep-alive probes of a host, in order of time, and what it missed or was late with, in order of streams; each
    with its stream.
    """

    probes: list[tuple[int, Probe]] = field(default_factory=list)
    lapses: list[tuple[int, Missed | Late]] = field(default_factory=list)


class Hosts(Struct):
    """The connections of each host and of each pair of hosts, in the order of their streams. What was found on them is
    looked at when it is asked for: until then, many of them may have been loaded, with all their findings.
    """

    _of_host: dict[str, list[Connection]] = field(default_factory=dict)
    _of_pair: dict[tuple[str, str], list[Connection]] = field(default_factory=dict)
    _told: dict[str, _Told] = field(default_factory=dict)
    _unanswered: dict[tuple[str, str], list[tuple[int, Unanswered]]] = field(default_factory=dict)

    def of(self, host: str) -> Sequence[Connection]:
        """The connections of a host."""
        return self._of_host.get(host, ())

    def between(self, one: str, other: str) -> Sequence[Connection]:
        """The connections between two hosts."""
        return self._of_pair.get(_pair(one, other), ())

    def probes(self, host: str, start_ns: int, end_ns: int) -> list[tuple[int, Probe]]:
        """The probes of a host between two times, both included, each with its stream, in order of streams."""
        probes = self._told_of(host).probes
        first = bisect_left(probes, start_ns, key=_time_of)
        return sorted(probes[first : bisect_right(probes, end_ns, key=_time_of)], key=lambda entry: entry[0])

    def lapses(self, host: str) -> Sequence[tuple[int, Missed | Late]]:
        """The probes that a host missed or was late with, each with its stream."""
        return self._told_of(host).lapses

    def unanswered(self, one: str, other: str, start_ns: int, end_ns: int) -> list[tuple[int, Unanswered]]:
        """The probes between two hosts that were found to be unanswered between two times, both included, each with its
        stream, in order of time.
        """
        pair = _pair(one, other)
        if pair not in self._unanswered:
            told = (
                (connection.stream, found) for connection in self.between(*pair) for found in connection.of(Unanswered)
            )
            self._unanswered[pair] = sorted(told, key=_time_of)
        found = self._unanswered[pair]
        return found[bisect_left(found, start_ns, key=_time_of) : bisect_right(found, end_ns, key=_time_of)]

    def _told_of(self, host: str) -> _Told:
        if host not in self._told:
            told = self._told[host] = _Told()
            for connection in self.of(host):
                for finding in connection.findings if connection.found_ids & TOLD else ():
                    if isinstance(finding, Probe) and finding.source.host == host:
                        told.probes.append((connection.stream, finding))
                    elif isinstance(finding, Missed | Late) and _by(finding).host == host:
                        told.lapses.append((connection.stream, finding))
            told.probes.sort(key=_time_of)
        return self._told[host]


def hosts_of(connections: Iterable[Connection]) -> Hosts:
    """The hosts of these connections."""
    hosts = Hosts()
    for connection in connections:
        ends = (connection.a.host, connection.b.host)
        for host in dict.fromkeys(ends):
            hosts._of_host.setdefault(host, []).append(connection)
        hosts._of_pair.setdefault(_pair(*ends), []).append(connection)
    return hosts


def _by(lapse: Missed | Late) -> Endpoint:
    return lapse.by if isinstance(lapse, Missed) else lapse.source


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _time_of(entry: tuple[int, Finding]) -> int:
    return entry[1].time_ns
