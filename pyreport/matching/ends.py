"""What the ends that a log line names say for a connection."""

from __future__ import annotations

from enum import IntEnum

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.roles import client_of
from pyreport.knowledge.services import service_name
from pyreport.logs.ends import is_address
from pyreport.logs.model import LogError, NamedEnd
from pyreport.matching.match import Strength


class EndsRank(IntEnum):
    """What is left of the ends, the strongest first."""

    LOCAL_PORT = 0  # the remote end and the local port
    LOCAL = 1
    REMOTE = 2
    BOTH_PORTS = 3
    ONE_PORT = 4
    SERVICE = 5  # the port of the service that the format belongs to
    NOTHING = 6


#: What a match rests on when the line has a time, and when it has none.
STRENGTHS = {
    EndsRank.LOCAL_PORT: (Strength.LOCAL_PORT, Strength.LOCAL_PORT),
    EndsRank.LOCAL: (Strength.LOCAL_TIME, Strength.LOCAL_OUTCOME),
    EndsRank.REMOTE: (Strength.REMOTE_TIME, Strength.REMOTE_OUTCOME),
    EndsRank.BOTH_PORTS: (Strength.PORT_TIME, Strength.PORT_OUTCOME),
    EndsRank.ONE_PORT: (Strength.PORT_TIME, Strength.PORT_OUTCOME),
    EndsRank.SERVICE: (Strength.PORT_TIME, Strength.PORT_OUTCOME),
    EndsRank.NOTHING: (Strength.TIME_OUTCOME, Strength.OUTCOME),
}


def rank_ends(log: LogError, connection: Connection, local: Endpoint, hosts: set[str]) -> EndsRank | None:
    """What the line's ends say for this connection, if ``local`` wrote the line; None when they speak against it.

    ``hosts`` are the addresses that the capture has.
    """
    if log.beside and str(log.beside) in (connection.a, connection.b):
        return None  # the line is about the proxy's other connection
    remote = connection.other(local)
    far, near = _agree(log.remote, remote, hosts), _agree(log.local, local, hosts)
    if far is None or near is None:
        return None
    if far == (True, True) and near[1]:
        return EndsRank.LOCAL_PORT
    if near == (True, True):
        return EndsRank.LOCAL
    if far[0]:
        return EndsRank.REMOTE
    if far[1] or near[1]:
        return EndsRank.BOTH_PORTS if far[1] and near[1] else EndsRank.ONE_PORT
    if log.remote.port is not None:
        return None  # an end that nothing here looks like
    serving = local if log.by_server else remote
    if log.service and service_name(serving) == log.service:
        return EndsRank.SERVICE
    return EndsRank.NOTHING


def possible_writers(log: LogError, connection: Connection) -> tuple[Endpoint, ...]:
    """The ends that can have written the line, the likelier first: a service's format says which side it is."""
    client = client_of(connection) or connection.a
    server = connection.other(client)
    if log.by_server:
        return (server,)
    return (client,) if log.service or log.beside or log.by_client else (client, server)


def exact_strength(log: LogError, connection: Connection) -> Strength:
    """The strength of a match by both ends: the format, or custom, says which end writes such a line."""
    client = client_of(connection)
    is_expected = client is None or (str(log.local) == client) is not log.by_server
    return Strength.EXACT if is_expected else Strength.REVERSED


def _agree(named: NamedEnd, actual: Endpoint, hosts: set[str]) -> tuple[bool, bool] | None:
    """Whether host and port of an end are those that the line names; None when they cannot be.

    An address that the capture has elsewhere is not translated on the way, so it has to agree. One that the capture
    has nowhere may be translated, its port too. A name says nothing of the address.
    """
    translated = host_agrees = False
    if named.host and is_address(named.host):
        host_agrees = named.host == actual.host
        translated = not host_agrees
        if translated and named.host in hosts:
            return None
    port_agrees = named.port == actual.port
    if named.port is not None and not port_agrees and not translated:
        return None
    return host_agrees, port_agrees
