"""Which connection the report is about: named by the log line, the addresses or the stream, else the worst one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from pyreport.errors import InputError
from pyreport.frames import CaptureSpan, Level
from pyreport.incident import CaptureIndex, Connection, host_of
from pyreport.logline import LogError, log_time, possible_zones
from pyreport.services import port_of
from pyreport.units import NS_PER_S

# A log line may be written this long after the capture's last frame and still belong to it.
LOG_AFTER_CAPTURE_NS = 10 * 60 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Selection:
    """The connection, its local end if something named it, and why this one, as a sentence for the reader."""

    connection: Connection
    local: str | None
    why_local: str
    why: str


def severity(connection: Connection) -> tuple[int, int, int, int]:
    """Sort key, the worst highest: level, what broke the connection, Warn findings, all findings but Chat."""
    breaks = {"post_fin_reset": 3, "gave_up": 3, "reset": 2, "post_fin_write": 2, "missed": 1, "unanswered": 1}
    return (
        int(connection.worst),
        max((breaks.get(f.id, 0) for f in connection.findings if f.level >= Level.WARN), default=0),
        sum(1 for f in connection.findings if f.level >= Level.WARN),
        sum(1 for f in connection.findings if f.level >= Level.NOTE),
    )


def worst_first(index: CaptureIndex) -> list[Connection]:
    """All connections, the worst first; of equals, the one that comes first in the capture."""
    return sorted(index.connections.values(), key=lambda c: (*(-part for part in severity(c)), c.first.number))


def by_stream(index: CaptureIndex, stream: int) -> Selection:
    """The connection with this ``tcp.stream``. Raises InputError when there is none."""
    connection = index.connections.get(stream)
    if connection is None:
        last = max(index.connections, default=-1)
        raise InputError(
            f"There is no TCP stream {stream} in the capture: its streams are 0 to {last} (see pyreport scan)."
        )
    return Selection(connection, None, "", f"TCP stream {stream}, as asked for")


def by_addresses(index: CaptureIndex, local: str, remote: str, near_ns: int | None = None) -> Selection:
    """The connection between two ends; of several (a reused port), the one that is alive nearest to ``near_ns``.

    Raises InputError when there is none; the message says which come close.
    """
    wanted = {local, remote}
    matches = [c for c in index.connections.values() if {c.a, c.b} == wanted]
    if not matches:
        raise InputError(_not_there(index, local, remote))
    chosen = min(matches, key=lambda c: _distance(c, near_ns)) if near_ns is not None else max(matches, key=severity)
    why = f"named by its addresses {local} and {remote}"
    if len(matches) > 1:
        how = "the one alive nearest to the time of the log line" if near_ns is not None else "the worst of them"
        why += f"; the capture has {len(matches)} connections between them, this is {how}"
    return Selection(chosen, local, "named first, so it is the end that reports the error", why)


def by_severity(index: CaptureIndex) -> Selection:
    """The worst connection of the capture. Raises InputError when there is no TCP at all."""
    connections = worst_first(index)
    if not connections:
        raise InputError("There is no TCP in this capture: check the capture filter and the interface.")
    worst = connections[0]
    more = sum(1 for c in connections if c.worst >= Level.WARN) - 1
    if worst.worst < Level.WARN:
        why = "no connection was named, and nothing in this capture is an incident; this is the one with most to say"
    elif more > 0:
        plural = "s have" if more > 1 else " has"
        why = (
            f"no connection was named; this one has the worst findings ({more} other connection{plural} warnings too, "
            "see pyreport scan)"
        )
    else:
        why = "no connection was named; this one has the worst findings of the capture"
    return Selection(worst, None, "", why)


def infer_zone(log: LogError, connection: Connection, span: CaptureSpan) -> tzinfo | None:
    """The offset from UTC at which the log line falls after the trouble and near the capture; None when none does, or
    when more than one does equally well.

    An error is logged after its cause: the candidate with the smallest delay behind the connection's first close or
    warning is taken, if no other lies inside the capture's time as well.
    """
    trouble = next((f for f in connection.findings if f.id in ("fin", "reset", "gave_up")), None)
    earliest = trouble.time_ns if trouble else connection.first.time_ns
    latest = span.last_time_ns + LOG_AFTER_CAPTURE_NS
    fitting = []
    for zone in possible_zones():
        moment = log_time(log, zone)
        if moment is not None and earliest <= moment <= latest:
            fitting.append((moment - earliest, zone))
    if not fitting:
        return None
    return min(fitting, key=lambda candidate: candidate[0])[1] if len(fitting) == 1 else None


def _distance(connection: Connection, near_ns: int) -> int:
    if connection.first.time_ns > near_ns:
        return connection.first.time_ns - near_ns
    return max(0, near_ns - connection.last.time_ns)


def _not_there(index: CaptureIndex, local: str, remote: str) -> str:
    """Say which connections come close: the same remote end, else the same two hosts, else the same remote port."""
    connections = list(index.connections.values())
    same_remote = [c for c in connections if remote in (c.a, c.b)]
    same_hosts = [c for c in connections if {host_of(c.a), host_of(c.b)} == {host_of(local), host_of(remote)}]
    same_local = [c for c in connections if local in (c.a, c.b)]
    same_port = [c for c in connections if port_of(remote) in (port_of(c.a), port_of(c.b))]
    for close, what in (
        (same_local, "from the same local end"),
        ([c for c in same_remote if c in same_hosts], "between the same hosts, to the same port"),
        (same_remote, "to the same remote end"),
        (same_hosts, "between the same hosts"),
        (same_port, "to the same port"),
    ):
        if close:
            return (
                f"The connection {local}->{remote} is not in this capture. Come close ({what}): {_some(close)}. "
                "Name one with --stream, or capture on the host that wrote the log."
            )
    return (
        f"The connection {local}->{remote} is not in this capture, and nothing comes close: "
        "capture on the host that wrote the log, or check for address translation on the way."
    )


def _some(connections: Iterable[Connection], limit: int = 3) -> str:
    listed = sorted(connections, key=severity, reverse=True)
    text = ", ".join(f"{c.a}->{c.b} (stream {c.stream})" for c in listed[:limit])
    more = len(listed) - limit
    return f"{text} and {more} more" if more > 0 else text
