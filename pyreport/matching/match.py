"""The result of a match, and what it rests on."""

from __future__ import annotations

from datetime import tzinfo
from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection


class Strength(StrEnum):
    """What the match of line and connection rests on, the strongest first."""

    EXACT = "exact"
    REVERSED = "reversed"  # both ends, but the line's local end is the one that accepted the connection
    NAMED = "named"  # by the user
    LOCAL_PORT = "local_port"  # the remote end and the local port
    IDLE_AGE = "idle_age"  # the line states how long the connection had been idle, to the millisecond
    LOCAL_TIME = "local_time"
    LOCAL_OUTCOME = "local_outcome"
    REMOTE_TIME = "remote_time"
    REMOTE_OUTCOME = "remote_outcome"
    PORT_TIME = "port_time"
    PORT_OUTCOME = "port_outcome"
    TIME_OUTCOME = "time_outcome"
    OUTCOME = "outcome"
    AMBIGUOUS = "ambiguous"

    @property
    def said(self) -> Claim:
        """What a match rests on, to be quoted: "the port and the time"."""
        return Claim(f"strength-{self.value}")


class Zones(Struct, frozen=True):
    """The zones that the user named: of the log's clock, and to show times in; None where he named none."""

    log: tzinfo | None = None
    show: tzinfo | None = None


class Match(Struct, frozen=True):
    """The connection of a line. ``moment_ns`` is when it was written, in ``zone``; both are None when not known.

    ``rivals`` are the candidates that fit as well; with any the strength is AMBIGUOUS and nothing is claimed.
    ``alike`` is how many fit to which the same happened, of which this one is the nearest in time; 0 without others.
    ``among`` is how many fit to which different things happened, of which this one is number ``rank`` in time.
    """

    strength: Strength
    connection: Connection
    local: Endpoint
    zone: tzinfo | None = None
    moment_ns: int | None = None
    rivals: tuple[Connection, ...] = ()
    alike: int = 0
    among: int = 0
    rank: int = 0
