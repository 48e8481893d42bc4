"""The result of a match, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from pyreport.connections.connection import Connection


class Strength(StrEnum):
    """What the match of line and connection rests on, the strongest first."""

    EXACT = "exact tuple"
    REVERSED = "reversed"  # both ends, but the line's local end is the one that accepted the connection
    NAMED = "named by hand"
    LOCAL_PORT = "remote end and local port"
    LOCAL_TIME = "local end and time"
    LOCAL_OUTCOME = "local end and outcome"
    REMOTE_TIME = "remote end and time"
    REMOTE_OUTCOME = "remote end and outcome"
    PORT_TIME = "port and time"
    PORT_OUTCOME = "port and outcome"
    TIME_OUTCOME = "time and outcome"
    OUTCOME = "outcome alone"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones that the user named: of the log's clock, and to show times in; None where he named none."""

    log: tzinfo | None = None
    show: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The connection of a line. ``moment_ns`` is when it was written, in ``zone``; both are None when not known.

    ``rivals`` are the candidates that fit as well; with any the strength is AMBIGUOUS and nothing is claimed.
    """

    strength: Strength
    connection: Connection
    local: str
    zone: tzinfo | None = None
    moment_ns: int | None = None
    rivals: tuple[Connection, ...] = ()
