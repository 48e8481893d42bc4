"""The place of a capture that a connection does not tell, told by others of the same two hosts: it is one capture."""

from __future__ import annotations

from collections import defaultdict

from pyreport.base.claim import claim
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.quality.vantage.vote import vantage_of
from pyreport.quality.vantage.votes import Clue, Place, Vantage

#: So many others are asked.
ASKED = 3


def vantage_in(connection: Connection, index: CaptureIndex) -> Vantage:
    """The place by the connection's own frames; where these are of one end only (a SYN that nobody answers), and tell
    nothing, by those of other connections of its two hosts, if they agree.
    """
    own = vantage_of(connection)
    if own.place is not Place.UNKNOWN or own.is_disputed or connection.outline.is_two_sided:
        return own
    told = [(other, vantage_of(other)) for other in _of_same_hosts(connection, index)]
    known = [(other, found) for other, found in told if found.end is not None]
    hosts = {found.end.host for _, found in known if found.end is not None}
    if len(hosts) != 1 or any(found.is_disputed or found.place is Place.BETWEEN for _, found in told):
        return own
    (host,), (other, found) = hosts, known[0]
    place, end = (Place.A, connection.a) if connection.a.host == host else (Place.B, connection.b)
    is_hard = any(clue.is_hard and clue.place is found.place for clue in found.clues)
    clue = Clue(place, claim("vantage-borrowed", (other.first.number,), near=host), is_hard)
    return Vantage(place, end, (*own.clues, clue))


def _of_same_hosts(connection: Connection, index: CaptureIndex) -> list[Connection]:
    pairs = index.once("host pairs", lambda: _by_hosts(index))
    return pairs.get(frozenset((connection.a.host, connection.b.host)), [])


def _by_hosts(index: CaptureIndex) -> dict[frozenset[str], list[Connection]]:
    """The first connections of each two hosts on which both were heard."""
    found: dict[frozenset[str], list[Connection]] = defaultdict(list)
    for connection in index.connections.values():
        pair = frozenset((connection.a.host, connection.b.host))
        if connection.outline.is_two_sided and len(found[pair]) < ASKED:
            found[pair].append(connection)
    return found
