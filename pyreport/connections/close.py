"""The close of one connection: who was the first to end it, when, and how old its last payload was."""

from __future__ import annotations

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.ending import age_of
from pyreport.frames.findings import Fin, Reset


class Close(Struct, frozen=True):
    """How an end, ``source``, closed one connection: the frame, and its time. ``data_idle_ns`` is the age of the last
    payload then as the closer knew it (``age_of``), ``last_data_ns`` that of the last payload of anybody; both are
    None where the capture does not tell. ``is_unprompted``: it came by itself; the moment of an RST that answers a
    segment is the asker's.
    """

    connection: Connection
    frame: int
    time_ns: int
    source: Endpoint
    data_idle_ns: int | None
    last_data_ns: int | None
    is_unprompted: bool

    @property
    def finding(self) -> Fin | Reset:
        """What was found."""
        found = _finding_of(self.connection)
        assert found is not None
        return found


def close_of(connection: Connection) -> Close | None:
    """The first close of a connection, None when it was not closed."""
    first = _finding_of(connection)
    if first is None:
        return None
    is_unprompted = isinstance(first, Fin) or first.cause_frame is None
    return Close(connection, first.frame, first.time_ns, first.source, age_of(first), first.data_idle_ns, is_unprompted)


def _finding_of(connection: Connection) -> Fin | Reset | None:
    return connection.first_of(Fin) or connection.first_of(Reset)
