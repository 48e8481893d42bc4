"""What the hosts of a capture did on all their connections, to be asked without going over all connections."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyreport.connections.connection import Connection
from pyreport.frames.findings import Late, Missed, Probe

TOLD = {Probe.id, Missed.id, Late.id}


@dataclass(slots=True)
class Hosts:
    """The connections of each host and of each pair of hosts, in the order of their streams, and the keep-alive probes
    of each host, in order of time, with what it missed or was late with, in order of streams.
    """

    _of_host: dict[str, list[Connection]] = field(default_factory=dict)
    _of_pair: dict[tuple[str, str], list[Connection]] = field(default_factory=dict)
    _probes: dict[str, list[tuple[int, Probe]]] = field(default_factory=dict)
    _lapses: dict[str, list[tuple[int, Missed | Late]]] = field(default_factory=dict)

    def of(self, host: str) -> Sequence[Connection]:
        """The connections of a host."""
        return self._of_host.get(host, ())

    def between(self, one: str, other: str) -> Sequence[Connection]:
        """The connections between two hosts."""
        return self._of_pair.get(_pair(one, other), ())

    def probes(self, host: str, start_ns: int, end_ns: int) -> list[tuple[int, Probe]]:
        """The probes of a host between two times, both included, each with its stream, in order of streams."""
        probes = self._probes.get(host, [])
        first = bisect_left(probes, start_ns, key=_time_of)
        return sorted(probes[first : bisect_right(probes, end_ns, key=_time_of)], key=lambda entry: entry[0])

    def lapses(self, host: str) -> Sequence[tuple[int, Missed | Late]]:
        """The probes that a host missed or was late with, each with its stream."""
        return self._lapses.get(host, ())


def hosts_of(connections: Iterable[Connection]) -> Hosts:
    """The hosts of these connections, which have all their frames."""
    hosts = Hosts()
    for connection in connections:
        ends = (connection.a.host, connection.b.host)
        for host in dict.fromkeys(ends):
            hosts._of_host.setdefault(host, []).append(connection)
        hosts._of_pair.setdefault(_pair(*ends), []).append(connection)
        if not connection.found_ids & TOLD:
            continue
        for finding in connection.findings:
            if isinstance(finding, Probe):
                hosts._probes.setdefault(finding.source.host, []).append((connection.stream, finding))
            elif isinstance(finding, Missed | Late):
                by = finding.by if isinstance(finding, Missed) else finding.source
                hosts._lapses.setdefault(by.host, []).append((connection.stream, finding))
    for probes in hosts._probes.values():
        probes.sort(key=_time_of)
    return hosts


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _time_of(entry: tuple[int, Probe]) -> int:
    return entry[1].time_ns
