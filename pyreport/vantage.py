"""At which end of a connection the capture was taken.

It decides what an absence means: a probe that the capture lacks was not sent when the capture was taken at the prober,
and may as well have been lost on the way when it was taken elsewhere.
"""

from __future__ import annotations

from collections import Counter

from pyreport.frames import FLAG_ACK, FLAG_SYN
from pyreport.incident import Connection
from pyreport.units import NS_PER_MS

# What hosts start the hop limit at: Linux, BSD and macOS 64, Windows 128, routers and Solaris 255.
INITIAL_HOP_LIMITS = (64, 128, 255)
# The handshake tells only when the path is long against the time in which a host answers, and the two clearly differ.
SHORTEST_PATH_NS = 1 * NS_PER_MS
CLEARLY = 5


def captured_at(connection: Connection) -> str | None:
    """The end at which the capture was taken, None when the capture does not tell.

    Frames of the near end still have the hop limit that hosts start with, frames of the far end have passed a router.
    Where no router is between, the handshake tells: the far end's SYN-ACK, or ACK, takes the round trip.
    """
    limits = {side: _hop_limit(connection, side) for side in (connection.a, connection.b)}
    fresh = [side for side, limit in limits.items() if limit in INITIAL_HOP_LIMITS]
    if len(fresh) == 1 and limits[connection.other(fresh[0])]:
        return fresh[0]
    return _by_handshake(connection)


def _hop_limit(connection: Connection, side: str) -> int:
    """The usual hop limit of a side's frames; 0 without any."""
    counted = Counter(frame.ttl for frame in connection.frames if frame.source == side)
    return counted.most_common(1)[0][0] if counted else 0


def _by_handshake(connection: Connection) -> str | None:
    opening = connection.frames[:3]
    flags = [(frame.has(FLAG_SYN), frame.has(FLAG_ACK)) for frame in opening]
    if flags != [(True, False), (True, True), (False, True)]:
        return None
    syn, syn_ack, ack = opening
    to_server, to_client = syn_ack.time_ns - syn.time_ns, ack.time_ns - syn_ack.time_ns
    if max(to_server, to_client) < SHORTEST_PATH_NS:
        return None
    if to_server >= CLEARLY * to_client:
        return syn.source
    return syn_ack.source if to_client >= CLEARLY * to_server else None
