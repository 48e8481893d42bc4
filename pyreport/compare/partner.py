"""A connection of the other capture that can be the given one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.compare.view import NO_SHIFT, Shift
from pyreport.connections.connection import Connection


class Partner(Struct, frozen=True):
    """A connection of capture 1 that can be the given one of capture 0.

    ``hits`` counts the segments that both have; ``source`` of capture 0 is ``partner_source`` of capture 1. ``shift``
    is by the sender, that of ``source`` first.
    """

    connection: Connection
    source: Endpoint
    partner_source: Endpoint
    hits: int
    shift: Shift = NO_SHIFT
    same_ends: bool = False

    def partner_of(self, endpoint: str) -> Endpoint:
        """What an endpoint of capture 0 is called in capture 1."""
        return self.partner_source if endpoint == self.source else self.connection.other(self.partner_source)

    def turned(self, connection: Connection) -> Partner:
        """The same seen from capture 1; ``connection`` is the given one of capture 0."""
        return Partner(connection, self.partner_source, self.source, self.hits, self.shift.negated(), self.same_ends)

    @property
    def weight(self) -> tuple[int, bool]:
        """Sort key, the best highest."""
        return self.hits, self.same_ends


def is_ambiguous(partners: Sequence[Partner]) -> bool:
    """Whether the best two of several partners are equally good."""
    return len(partners) > 1 and partners[0].weight == partners[1].weight


def has_same_ends(connection: Connection, source: str, partner_source: str) -> bool:
    """Whether one of the two ends is called the same in both captures."""
    return source == partner_source or connection.other(source) == partner_source
