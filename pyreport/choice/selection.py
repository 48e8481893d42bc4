"""Which connection the report is about: named by the log line, the addresses or the stream, else the worst one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyreport.base.errors import InputError
from pyreport.connections.connection import CaptureIndex, Connection, host_of
from pyreport.frames.frame import Level
from pyreport.knowledge.services import port_of
from pyreport.logs.model import LogError
from pyreport.matching.match import Match, Strength
from pyreport.matching.matcher import Matcher, distance


@dataclass(frozen=True, slots=True)
class Selection:
    """The connection, its local end if something named it, and why this one, as a sentence for the reader.

    ``match`` says how the log line led to it, None without a log line.
    """

    connection: Connection
    local: str | None
    why_local: str
    why: str
    match: Match | None = None


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
    chosen = min(matches, key=lambda c: distance(c, near_ns)) if near_ns is not None else max(matches, key=severity)
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


def by_log(matcher: Matcher, log: LogError) -> Selection:
    """The connection that a log line is about. Raises InputError when none is it, or when more than one can be it; the
    message names those.
    """
    match = matcher.match(log)
    if match is None:
        raise InputError(_no_match(matcher, log))
    if match.strength is Strength.AMBIGUOUS:
        raise InputError(
            f"The log line fits {len(match.rivals)} connections of this capture equally well ({told_ends(log)}): "
            f"{_some(match.rivals)}. Name one with --stream beside --log, or give the log's time zone with --log-tz."
        )
    between = matcher.exact(log)
    why = f"named by its addresses {log.local} and {log.remote}" if between else f"matched by {match.strength.value}"
    if len(between) > 1:
        why += f"; the capture has {len(between)} connections between them, this is the one that fits the line best"
    why_local = "named first, so it is the end that reports the error" if between else "the end that wrote the log line"
    return Selection(match.connection, match.local, why_local, why, match)


def by_stream_with_log(matcher: Matcher, stream: int, log: LogError) -> Selection:
    """The connection with this ``tcp.stream``, which the user says that the log line is about.

    Raises InputError when there is none.
    """
    connection = by_stream(matcher.index, stream).connection
    local = matcher.local_end(log, connection)
    strength = Strength.EXACT if connection in matcher.exact(log) else Strength.NAMED
    match = matcher.named(log, connection, local, strength)
    return Selection(connection, local, "the end that wrote the log line", f"TCP stream {stream}, as asked for", match)


def told_ends(log: LogError) -> str:
    """What the line says of the ends, "10.0.0.1:40000 → 10.0.0.5:9092", for a sentence."""
    if log.local and log.remote:
        return f"{log.local} → {log.remote}"
    if log.local or log.remote:
        return f"to {log.remote}" if log.remote else f"from {log.local}"
    return "it names no end"


def _no_match(matcher: Matcher, log: LogError) -> str:
    index = matcher.index
    if log.local.is_whole and log.remote.is_whole:
        return _not_there(index, str(log.local), str(log.remote))
    reachable = [c for c in index.connections.values() if str(log.remote) in (c.a, c.b)]
    if reachable:
        return (
            f"No connection to {log.remote} in this capture ended in a way and at a time that make a program log "
            f"“{log.error_text}”. Come close (to the same remote end): {_some(reachable)}. "
            "Name one with --stream beside --log, or check the log's time zone (--log-tz)."
        )
    return (
        f"No connection of this capture fits the log line ({told_ends(log)}, “{log.error_text}”): neither by its ends "
        "nor by how and when it ended. Name one with --stream beside --log, or check the log's time zone (--log-tz)."
    )


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
