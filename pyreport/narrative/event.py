"""The event that the connection is of, and the connections that it is of with it."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, Moment, Value, claim
from pyreport.connections.close import close_of
from pyreport.connections.connection import Connection
from pyreport.diagnosis.event import Common, Event
from pyreport.narrative.model import EventRow, EventTable

MOST_ROWS = 8


def event_table(event: Event | None) -> EventTable | None:
    """What happened to all of them, and eight of them with their closes, or nine where one would be left out; None when
    the connection stands alone. Of connections that were not closed, there is no more to say than their streams.
    """
    if event is None:
        return None
    connections = sorted(event.connections, key=lambda connection: connection.stream)
    told = claim("event-told", ends=event.ends, happened=event.happened)
    if event.common is Common.SILENCE:
        streams = tuple(connection.stream for connection in connections)
        return EventTable(told, (), claim("event-streams", streams=streams))
    more = len(connections) - MOST_ROWS
    if more == 1:  # the line that says so is as long as a row
        more = 0
    return EventTable(
        told=told,
        rows=tuple(map(_row, connections[: len(connections) - max(more, 0)])),
        more=claim("event-more", count=more) if more > 0 else None,
    )


def _row(connection: Connection) -> EventRow:
    close = close_of(connection)
    ends = f"{connection.a} → {connection.b}"
    if close is None:
        return EventRow(connection.stream, ends, claim("event-not-closed"), claim("event-no-age"))
    age = close.data_idle_ns
    closed = claim("event-closed", (close.frame,), time=Moment(close.time_ns))
    return EventRow(connection.stream, ends, closed, _age(age))


def _age(age_ns: int | None) -> Value | Claim:
    return claim("event-no-age") if age_ns is None else Duration(age_ns)
