"""Second copies of the same packet: a mirror port that sends both directions twice, or a capture on all interfaces."""

from __future__ import annotations

from pyreport.base.units import NS_PER_MS
from pyreport.connections.connection import Connection
from pyreport.frames.frame import FLAG_FIN, FLAG_SYN, Frame

# The copies are made by one device, within microseconds; no retransmission comes so soon (RFC 6298: RTO of 1 s at
# least; Linux TCP_RTO_MIN 200 ms), and a fast one carries a new IP identification.
AT_ONCE_NS = 5 * NS_PER_MS

Key = tuple[str, int, int, int, int, int | None, int | None]


def copies(connection: Connection) -> tuple[int, ...]:
    """The numbers of the frames that are a second copy of an earlier one.

    Without an IP identification that tells packets apart (IPv6, or zero), equal empty segments may well be two: only
    such as carry sequence space count then.
    """
    seen: dict[Key, int] = {}
    found: list[int] = []
    for frame in connection.frames:
        if not frame.marks.ip_id and not frame.length and not frame.has(FLAG_SYN | FLAG_FIN):
            continue
        key = _key(frame)
        before_ns = seen.get(key)
        if before_ns is not None and 0 <= frame.time_ns - before_ns <= AT_ONCE_NS:
            found.append(frame.number)
        seen[key] = frame.time_ns
    return tuple(found)


def _key(frame: Frame) -> Key:
    """What two copies have in common; a segment that is sent again has a later timestamp (RFC 7323 section 3.2)."""
    marks = frame.marks
    return frame.source, frame.seq, frame.ack, frame.length, frame.flags, marks.ip_id, marks.timestamp
