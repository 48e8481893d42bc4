"""Checks of a balancer or a monitor: it opens a connection to see that somebody listens, and drops it at once."""

from __future__ import annotations

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.diagnosis.thresholds import CHECK_OVER_NS
from pyreport.frames.frame import FLAG_FIN, FLAG_RST


def health_checks(index: CaptureIndex, connection: Connection) -> tuple[Connection, ...]:
    """The checks of one service that a connection belongs to, in order of time; empty when it is none. Several of them
    are a habit; one may be anything, as a port scan.
    """
    service = checked_service(connection)
    if service is None:
        return ()

    def checks() -> tuple[Connection, ...]:
        alike = [other for other in index.by_endpoint.get(service, []) if checked_service(other) == service]
        return tuple(sorted(alike, key=lambda other: other.first.time_ns))

    return index.once(("checks", service), checks)


def checked_service(connection: Connection) -> Endpoint | None:
    """The server, when its client opened the connection and reset it soon, and nobody sent payload or closed in order;
    else None.
    """
    outline = connection.outline
    if not outline.has_reset or not outline.is_two_sided or outline.syn_from < 0:
        return None
    syn, last = connection.syn, connection.last
    if syn is None:
        return None
    if any(frame.length or frame.has(FLAG_FIN) for frame in connection.frames):
        return None
    resets = [frame for frame in connection.frames if frame.has(FLAG_RST)]
    if not resets or any(frame.source != syn.source for frame in resets):
        return None
    return syn.destination if last.time_ns - syn.time_ns <= CHECK_OVER_NS else None
