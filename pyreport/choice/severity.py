"""Which connection is worse than another, by what the plugin found on it."""

from __future__ import annotations

from collections.abc import Iterable

from pyreport.connections.connection import Connection
from pyreport.frames.finding import Level
from pyreport.frames.findings import GaveUp, Missed, PostFinReset, PostFinWrite, Reset, Unanswered

BREAKS = {PostFinReset: 3, GaveUp: 3, Reset: 2, PostFinWrite: 2, Missed: 1, Unanswered: 1}


def severity(connection: Connection) -> tuple[int, int, int, int]:
    """Sort key, the worst highest: level, what broke the connection, Warn findings, all findings but Chat."""
    return (
        int(connection.worst),
        max((BREAKS.get(type(f), 0) for f in connection.findings if f.level >= Level.WARN), default=0),
        sum(1 for f in connection.findings if f.level >= Level.WARN),
        sum(1 for f in connection.findings if f.level >= Level.NOTE),
    )


def worst_first(connections: Iterable[Connection]) -> list[Connection]:
    """The worst first; of equals, the one that comes first in the capture."""
    return sorted(connections, key=lambda c: (*(-part for part in severity(c)), c.outline.first))
