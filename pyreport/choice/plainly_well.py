"""Connections on which nothing can have broken, so that nobody has to weigh their frames.

A judgement costs as much as the connection has frames, and nearly all connections of a large capture are well. The fast
reader tells which are quiet (reader/quiet.lua); what only the whole capture or the services tell is asked here. All is
stricter than the judgement: what is plainly well would have nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from pyreport.application.farewells import NO_WORDS
from pyreport.application.mqtt_keepalive import PORT
from pyreport.choice.last_words import last_words, telling_streams
from pyreport.choice.severity import worst_first
from pyreport.connections.connection import Connection
from pyreport.connections.ending import farewell_of
from pyreport.connections.index import CaptureIndex
from pyreport.connections.reading import Reading
from pyreport.connections.roles import client_of
from pyreport.diagnosis.connection import Judged, diagnose_connection
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, LATE_NS, TOGETHER_NS
from pyreport.frames.findings import Answer, Fin, FinAck, Probe
from pyreport.frames.frame import CaptureSpan

EVERYDAY = {Probe.id, Answer.id, Fin.id, FinAck.id}


def to_judge(reading: Reading) -> Iterator[Connection]:
    """The connections that are not plainly well."""
    telling = telling_streams(reading)
    for connection in reading.index.connections.values():
        if connection.stream in telling or not is_plainly_well(reading.index, reading.span, connection):
            yield connection


def judge_all(
    reading: Reading, connections: Iterable[Connection], known: Mapping[int, Judged] = MappingProxyType({})
) -> list[Judged]:
    """These connections weighed and judged, the worst first; ``known`` are judgements by stream that hold already, of
    more connections or of the same.
    """
    by_stream = {connection.stream: connection for connection in connections}
    by_stream |= {stream: reading.index.connections[stream] for stream in known}
    reading.load(by_stream.values())  # before they are put in order: the frames bring the findings
    ordered = worst_first(by_stream.values())
    words = last_words(reading, [connection for connection in ordered if connection.stream not in known])
    return [
        known.get(c.stream) or diagnose_connection(reading, c, words=words.get(c.stream, NO_WORDS)) for c in ordered
    ]


def is_plainly_well(index: CaptureIndex, span: CaptureSpan, connection: Connection) -> bool:
    """Whether nothing can have broken on a connection, by its outline and by what was found."""
    if not connection.outline.is_quiet or span.holes or span.refusals or span.steps_back:
        return False
    if not connection.found_ids <= EVERYDAY:
        return False
    may_tell = _may_owe_a_reply(index, span, connection) or _turned_away(index, connection)
    may_tell = may_tell or _was_held_to_a_keepalive(index, connection)
    return not may_tell and not _closed_with_others(index, connection)


def _turned_away(index: CaptureIndex, connection: Connection) -> bool:
    """Whether the server closed before anybody had said anything, without having waited for long."""
    close, client = index.first_close.get(connection.stream), client_of(connection)
    if close is None or client is None or connection.outline.payload_from >= 0:
        return False
    return close.source != client and close.time_ns - connection.outline.first_ns < IDLE_FROM_NS


def _was_held_to_a_keepalive(index: CaptureIndex, connection: Connection) -> bool:
    """Whether an MQTT server closed, which may be for the silence of a client that had named a keep-alive."""
    close = index.first_close.get(connection.stream)
    return close is not None and close.source.port == PORT


def _may_owe_a_reply(index: CaptureIndex, span: CaptureSpan, connection: Connection) -> bool:
    """Whether the client spoke last, and waited in vain, or for longer than it had waited for a reply before."""
    outline = connection.outline
    if outline.payload_from < 0:
        return False
    client = client_of(connection)
    sender = (outline.source, outline.destination)[outline.payload_from]
    if client is not None and sender != client:
        return False
    close = index.first_close.get(connection.stream)
    if close is not None:
        # What has no reply by then gets none; a farewell asks for none.
        return close.source != sender or farewell_of(close.finding) is None
    habit_ns, *_ = index.longest_rest.get((connection.stream, sender), (0, 0, 0))
    return span.last_time_ns - outline.payload_ns > max(LATE_NS, habit_ns)


def _closed_with_others(index: CaptureIndex, connection: Connection) -> bool:
    """Whether the end that closed it closed another connection at the same time: that may be one event."""
    close = index.first_close.get(connection.stream)
    if close is None:
        return False
    return len(index.closes_near(close.source, close.time_ns - TOGETHER_NS, close.time_ns + TOGETHER_NS)) > 1
