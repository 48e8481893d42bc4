"""A clue from a pause: the capture that stood still with a host was taken on it."""

from __future__ import annotations

from pyreport.base.claim import Duration, claim
from pyreport.base.units import NS_PER_S
from pyreport.connections.connection import Connection
from pyreport.connections.side_clock import SideClock, side_clock
from pyreport.quality.vantage.votes import Clue, Place

# Shorter than this, a host was busy, or the path slow.
PAUSED_FROM_NS = NS_PER_S


def pause_clue(connection: Connection) -> Clue | None:
    """The timestamps of one side went on much further than the capture's clock, and those of the other side did not:
    the capture and that other side have one clock, which stood.
    """
    clocks = side_clock(connection, connection.a), side_clock(connection, connection.b)
    for place, near, own, far in (
        (Place.A, connection.a, clocks[0], clocks[1]),
        (Place.B, connection.b, clocks[1], clocks[0]),
    ):
        stood_ns = _stood_ns(own, far) if own is not None and far is not None else 0
        if stood_ns:
            return Clue(place, claim("vantage-stood-still", near=near, stood=Duration(stood_ns)), is_hard=True)
    return None


def _stood_ns(own: SideClock, far: SideClock) -> int:
    for step in far.steps:
        start, end = step.before.time_ns, step.after.time_ns
        stood_ns = far.kept_ns(step)
        went_on = step.is_settled and stood_ns >= PAUSED_FROM_NS
        if went_on and own.covers(start, end) and 2 * abs(own.net_ns(start, end)) < PAUSED_FROM_NS:
            return stood_ns
    return 0
