"""What may have happened before a capture that starts in the middle of a connection."""

from __future__ import annotations

from pyreport.connections.connection import Connection
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, FLAG_SYN


def has_beginning(connection: Connection) -> bool:
    """Whether the capture has a SYN of the connection."""
    return any(frame.has(FLAG_SYN) for frame in connection.frames)


def may_have_closed_before(connection: Connection, side: str) -> bool:
    """Whether a side may have sent its FIN before the capture began. A side whose SYN, payload or FIN is in the capture
    had not: after its FIN a side sends no payload (RFC 9293 section 3.6), and its FIN is its last.
    """
    if has_beginning(connection):
        return False
    return not any(
        frame.source == side
        and not frame.has(FLAG_RST)
        and ((frame.length and not frame.found(Probe)) or frame.has(FLAG_FIN))
        for frame in connection.frames
    )
