"""From two captures that were read to the comparison of one connection in both."""

from __future__ import annotations

from msgspec import Struct

from pyreport.base.claim import Claim, Party
from pyreport.base.endpoint import Endpoint
from pyreport.choice.choose import Wanted
from pyreport.compare.alignment import Alignment, align
from pyreport.compare.changes import Change, changes
from pyreport.compare.conclude import conclude
from pyreport.compare.conclusion import Conclusion
from pyreport.compare.fate import fates
from pyreport.compare.in_both import Chosen, choose_in_both
from pyreport.compare.packet import Packet
from pyreport.compare.partner import Partner
from pyreport.compare.view import Shift, View
from pyreport.compare.warnings import warnings
from pyreport.connections.connection import Connection
from pyreport.connections.reading import Reading
from pyreport.connections.roles import assign_roles


class Comparison(Struct, frozen=True):
    """One connection in both captures; capture 0 is the one at the client's end (side A's)."""

    chosen: Chosen
    alignment: Alignment
    packets: tuple[Packet, ...]
    changes: tuple[Change, ...]
    conclusions: tuple[Conclusion, ...]
    warnings: tuple[Claim, ...]


def compare(readings: tuple[Reading, Reading], wanted: Wanted, second_stream: int | None) -> Comparison:
    """Compare the connection that was named, else the worst one that is in both captures.

    ``wanted.stream`` is of the first capture. Raises InputError when it is not in both, or can be more than one there.
    """
    chosen = choose_in_both(readings, wanted, second_stream)
    connection, partner = chosen.connection, chosen.partner
    client, parties = _client(connection, partner)
    endpoints = (client, connection.other(client))
    partners = (partner.partner_of(endpoints[0]), partner.partner_of(endpoints[1]))
    by_end = partner.shift.by_sender if partner.source == client else partner.shift.by_sender[::-1]
    views = (View(readings[0], connection, endpoints), View(readings[1], partner.connection, partners))
    alignment = align(views, Shift((by_end[0], by_end[1])), parties)
    packets = fates(alignment)
    return Comparison(
        chosen,
        alignment,
        packets,
        changes(alignment),
        conclude(alignment, packets),
        (*chosen.notes, *warnings(alignment, packets)),
    )


def _client(connection: Connection, partner: Partner) -> tuple[Endpoint, tuple[Party, Party]]:
    """The endpoint of capture 0 that is end 0, and what the ends are called, by the SYN or the port in either."""
    ends = (connection.a, connection.b)
    own, other = assign_roles(connection), assign_roles(partner.connection)
    for end in ends:
        if own.party(end) is Party.CLIENT:
            return end, (Party.CLIENT, Party.SERVER)
    for end in ends:
        if other.party(partner.partner_of(end)) is Party.CLIENT:
            return end, (Party.CLIENT, Party.SERVER)
    return connection.a, (Party.A, Party.B)
