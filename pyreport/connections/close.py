"""The close of one connection: who was the first to end it, when, and how old its last payload was."""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.connections.connection import Connection
from pyreport.connections.ending import age_of
from pyreport.frames.findings import Fin, Reset


@dataclass(frozen=True, slots=True)
class Close:
    """How an end closed one connection: the finding, and the age of the last payload then (ns, None unknown)."""

    connection: Connection
    finding: Fin | Reset

    @property
    def data_idle_ns(self) -> int | None:
        """The age of the last payload."""
        return age_of(self.finding)

    @property
    def is_unprompted(self) -> bool:
        """Whether it came by itself: the moment of an RST that answers a segment is the asker's."""
        return isinstance(self.finding, Fin) or self.finding.cause_frame is None


def close_of(connection: Connection) -> Close | None:
    """The first close of a connection, None when it was not closed."""
    first = connection.first_of(Fin) or connection.first_of(Reset)
    return None if first is None else Close(connection, first)
