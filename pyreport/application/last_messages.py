"""The last message each way: direction and size, which need no look into the payload."""

from __future__ import annotations

from msgspec import Struct

from pyreport.connections.connection import Connection
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_SYN, Frame
from pyreport.frames.seq import ahead


class Message(Struct, frozen=True):
    """Payload that one side sent with none of the other side in between. ``octets`` leaves out what was sent again."""

    source: str
    first_frame: int
    last_frame: int
    time_ns: int
    octets: int


def last_messages(connection: Connection, until_frame: int | None) -> dict[str, Message]:
    """The last message of each side that sent one, up to and with a frame (None: in the whole capture).

    A probe's garbage octet is no message, and what is sent again says nothing new. Octets are counted by sequence
    numbers (RFC 9293 3.4), so that a segment that was sent twice counts once.
    """
    last: dict[str, list[Frame]] = {}
    speaker = ""
    for frame in connection.frames:
        if until_frame is not None and frame.number > until_frame:
            break
        if not frame.length or frame.found(Probe) or frame.has(FLAG_SYN):
            continue
        if frame.retransmission and last:
            continue
        if frame.source != speaker:
            last[frame.source] = []
            speaker = frame.source
        last[frame.source].append(frame)
    return {side: _message(frames) for side, frames in last.items()}


def _message(frames: list[Frame]) -> Message:
    first, last = frames[0], frames[-1]
    # Distances from the first segment, taken with a sign: one that was sent again may start before it.
    starts = [ahead(frame.seq, first.seq) for frame in frames]
    ends = [start + frame.length for start, frame in zip(starts, frames, strict=True)]
    return Message(first.source, first.number, last.number, last.time_ns, max(ends) - min(starts))
