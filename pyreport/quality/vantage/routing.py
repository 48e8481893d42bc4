"""The clue of the hop limits."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from pyreport.base.claim import claim
from pyreport.connections.connection import Connection
from pyreport.frames.frame import Frame
from pyreport.quality.vantage.votes import Clue, Place

# What hosts start the hop limit at: Linux, BSD and macOS 64, Windows 128, routers and Solaris 255.
INITIAL_HOP_LIMITS = (64, 128, 255)


class IpVersion(StrEnum):
    """What the hop limit is called by: TTL in IPv4, hop limit in IPv6."""

    V4 = "v4"
    V6 = "v6"


def hop_limit_clue(connection: Connection) -> Clue | None:
    """Frames of the near end still have the hop limit that hosts start with; those of the far end passed a router,
    which takes one off (RFC 791, RFC 8200 section 3).
    """
    limits = {side: _usual(connection, side) for side in (connection.a, connection.b)}
    if not all(limit for limit, _ in limits.values()):
        return None
    frames = tuple(sorted(frame.number for _, frame in limits.values() if frame is not None))
    version = IpVersion.V6 if connection.a.is_ipv6 else IpVersion.V4
    fresh = [side for side, (limit, _) in limits.items() if limit in INITIAL_HOP_LIMITS]
    if len(fresh) == 1:
        near, far = fresh[0], connection.other(fresh[0])
        told = claim(
            "vantage-hop-limit-fresh", frames, version=version, near=near, near_limit=limits[near][0], far=far,
            far_limit=limits[far][0],
        )  # fmt: skip
        return Clue(Place.A if near == connection.a else Place.B, told)
    if not fresh:
        told = claim(
            "vantage-hop-limits-lowered", frames, version=version, one=connection.a, one_limit=limits[connection.a][0],
            other=connection.b, other_limit=limits[connection.b][0],
        )  # fmt: skip
        return Clue(Place.BETWEEN, told)
    return None


def _usual(connection: Connection, side: str) -> tuple[int, Frame | None]:
    """The usual hop limit of a side's frames and the first frame that has it; 0 without any."""
    sent = [frame for frame in connection.frames if frame.source == side]
    counted = Counter(frame.ttl for frame in sent)
    if not counted:
        return 0, None
    limit = counted.most_common(1)[0][0]
    return limit, next(frame for frame in sent if frame.ttl == limit)
