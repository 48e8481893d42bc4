"""What an error says when the connection that was named is not there, or can be more than one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyreport.base.endpoint import Endpoint
from pyreport.base.units import count_words
from pyreport.choice.log_incidents import LogFile
from pyreport.choice.severity import severity
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.logs.model import LogError
from pyreport.matching.matcher import Matcher


def ambiguous(log: LogError, rivals: tuple[Connection, ...]) -> str:
    """A log line that fits several connections equally well, or one by too little to claim it."""
    if len(rivals) == 1:
        return (
            f"The log line may be about {_some(rivals)}, and too little says so ({_ends(log)}). "
            "If it is, say so with --candidate 1, or with --stream beside --log."
        )
    return (
        f"The log line fits {len(rivals)} connections of this capture equally well ({_ends(log)}): "
        f"{_some(rivals)}. Name one with --stream beside --log, or give the log's time zone with --log-tz."
    )


def no_match(matcher: Matcher, log: LogError) -> str:
    """A log line that fits no connection."""
    index = matcher.index
    if log.local.is_whole and log.remote.is_whole:
        return not_there(index, log.local.endpoint, log.remote.endpoint)
    reachable = [c for c in index.connections.values() if str(log.remote) in (c.a, c.b)]
    if reachable:
        return (
            f"No connection to {log.remote} in this capture ended in a way and at a time that make a program log "
            f"“{log.error_text}”. Come close (to the same remote end): {_some(reachable)}. "
            "Name one with --stream beside --log, or check the log's time zone (--log-tz)."
        )
    return (
        f"No connection of this capture fits the log line ({_ends(log)}, “{log.error_text}”): neither by its ends "
        "nor by how and when it ended. Name one with --stream beside --log, or check the log's time zone (--log-tz)."
    )


def not_there(index: CaptureIndex, local: Endpoint, remote: Endpoint) -> str:
    """Two ends without a connection, with those that come close: the same remote end, else the same two hosts, else
    the same remote port.
    """
    connections = list(index.connections.values())
    same_remote = [c for c in connections if remote in (c.a, c.b)]
    same_hosts = [c for c in connections if {c.a.host, c.b.host} == {local.host, remote.host}]
    same_local = [c for c in connections if local in (c.a, c.b)]
    same_port = [c for c in connections if remote.port in (c.a.port, c.b.port)]
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


def nothing_in(path: Path, log_file: LogFile) -> str:
    """A log file without an error that can be one of this capture."""
    if log_file.outside:
        return (
            f"{path.name} has {count_words(log_file.outside, 'error')} of connections, but none of this capture's "
            "time: check --tz and --log-tz, or take the log of that time."
        )
    return (
        f"{path.name} holds no error of a connection that can be understood: name the connection with --connection "
        "'A:P->B:P'."
    )


def _ends(log: LogError) -> str:
    if log.local and log.remote:
        return f"{log.local} → {log.remote}"
    if log.local or log.remote:
        return f"to {log.remote}" if log.remote else f"from {log.local}"
    return "it names no end"


def _some(connections: Iterable[Connection], limit: int = 3) -> str:
    listed = sorted(connections, key=severity, reverse=True)
    text = ", ".join(f"{c.a}->{c.b} (stream {c.stream})" for c in listed[:limit])
    more = len(listed) - limit
    return f"{text} and {more} more" if more > 0 else text
