"""Who is who: client and server, the local end and its peer."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pyreport.base.claim import Claim, Party, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.knowledge.services import is_ephemeral_port, is_service_port


class Roles(Struct, frozen=True):
    """Which end is what. ``local`` is the end that the question is asked for, ``peer`` the other.

    ``parties`` says what each end is called: A and B when neither the SYN nor a port tells. ``why_local``
    says how the local end was chosen, None when whoever asked did not say.
    """

    local: Endpoint
    peer: Endpoint
    parties: Mapping[str, Party]
    why_local: Claim | None = None

    def party(self, endpoint: str) -> Party:
        """What the end is called. The addresses of a frame may be those of neither end, in a tunnel whose outer ones
        change: then the port tells.
        """
        known = self.parties.get(endpoint)
        if known is not None:
            return known
        port = Endpoint(endpoint).port
        return next(party for end, party in self.parties.items() if Endpoint(end).port == port)

    def end_of(self, party: Party) -> Endpoint | None:
        """The end that is called so, None when no end is."""
        return next((end for end in (self.local, self.peer) if self.parties[end] is party), None)


def assign_roles(connection: Connection, local: Endpoint | None = None, why_local: Claim | None = None) -> Roles:
    """Name the two ends: by the SYN, else by their ports, else A and B (RFC 9293 knows no roles).

    ``local``, when given, is one of the ends (from the log line); else the client, else A.
    """
    client = client_of(connection)
    parties: dict[str, Party]
    if client is None:
        parties = {connection.a: Party.A, connection.b: Party.B}
    else:
        parties = {client: Party.CLIENT, connection.other(client): Party.SERVER}
    if local is None:
        local = client or connection.a
        why_local = claim("local-is-client" if client else "local-is-taken")
    return Roles(local, connection.other(local), parties, why_local)


def client_of(connection: Connection) -> Endpoint | None:
    """The end that sent the SYN, else the one whose peer has a known service's port, else the one that alone has a port
    which kernels give to clients; None when nothing tells.
    """
    if connection.outline.syn_from >= 0:
        return connection.a
    for is_servers, of_a, of_b in (
        (True, is_service_port(connection.a), is_service_port(connection.b)),
        (False, is_ephemeral_port(connection.a), is_ephemeral_port(connection.b)),
    ):
        if of_a != of_b:
            return connection.b if of_a is is_servers else connection.a
    return None
