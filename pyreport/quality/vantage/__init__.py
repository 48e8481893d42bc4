"""Where the capture of a connection was taken: at one of its ends, between them, or not determinable.

It decides what an absence means: a probe that the capture lacks was not sent when the capture was taken at the prober,
and may as well have been lost on the way when it was taken elsewhere.
"""

from __future__ import annotations

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.quality.vantage.vote import vantage_of
from pyreport.quality.vantage.votes import Clue, Place, Vantage

__all__ = ["Clue", "Place", "Vantage", "captured_at", "vantage_of"]


def captured_at(connection: Connection) -> Endpoint | None:
    """The one end at which the capture was taken, None when it was taken elsewhere or the capture does not tell."""
    return vantage_of(connection).end
