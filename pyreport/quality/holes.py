"""Time in which the file shows no frame of anybody (the plugin's `capture_hole`), as one connection meets it."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.base.claim import Claim, Duration, claim
from pyreport.connections.connection import Connection
from pyreport.frames.findings import CaptureHole
from pyreport.frames.frame import FLAG_RST, CaptureSpan


def holes_of(connection: Connection, span: CaptureSpan) -> list[CaptureHole]:
    """The holes while the connection was open for all that is known, in the order of the capture."""
    ended = next((frame.time_ns for frame in connection.frames if frame.has(FLAG_RST)), None)
    if ended is None and connection.fin_of(connection.a) and connection.fin_of(connection.b):
        ended = connection.last.time_ns
    return [
        hole
        for hole in span.holes
        if hole.time_ns > connection.first.time_ns and (ended is None or hole.time_ns - hole.length_ns < ended)
    ]


def tell_holes(holes: Sequence[CaptureHole]) -> Claim:
    """How many holes there are, at least one, and the longest."""
    longest = max(holes, key=lambda hole: hole.length_ns)
    return claim(
        "quality-capture-hole",
        (longest.last_frame_frame, longest.frame),
        count=len(holes),
        longest=Duration(longest.length_ns),
    )
