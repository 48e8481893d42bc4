"""Packets of the connection that the other capture has in another of its streams: there a translator on the way (NAT)
gave them other addresses or ports than before, or no longer gave them any.
"""

from __future__ import annotations

from collections import defaultdict

from pyreport.base.claim import FrameNumber, claim
from pyreport.compare.flow import Flow
from pyreport.compare.packet import IDENTITY_FLAGS, CapturedPacket, Fate, Packet
from pyreport.frames.frame import FLAG_ACK, Frame
from pyreport.frames.seq import shifted

Key = tuple[int, int, int]


def found_elsewhere(flow: Flow, captured: CapturedPacket, *, is_near: bool) -> Packet | None:
    """A packet that one paired stream lacks (``is_near``: the one at its receiver), with its counterpart in another
    stream of that capture; None when there is none, or more than one.
    """
    if flow.way is None or not (captured.space or captured.is_reset):
        return None
    end = flow.receiver if is_near else flow.sender
    earliest, latest = flow.arrival(captured) if is_near else flow.departure(captured)
    fitting = [
        frame
        for frame in _by_look(flow, end).get(_key(captured), [])
        if earliest <= frame.time_ns <= latest and _is_alike(flow, frame, captured)
    ]
    if len(fitting) != 1:
        return None
    (frame,) = fitting
    other = CapturedPacket(frame, captured.sender, captured.seq, captured.ack)
    near, far = (captured, other) if is_near else (other, captured)
    why = claim(
        "packet-is-in-another-stream",
        who=flow.alignment.parties[end],
        frame=FrameNumber(frame.number),
        source=frame.source,
        destination=frame.destination,
    )
    return Packet(flow.sender, near, far, Fate.ARRIVED, (why,))


def _by_look(flow: Flow, end: int) -> dict[Key, list[Frame]]:
    """The frames of the other connections of a capture that can be of this sender, by what a translator leaves alone,
    in the numbers of capture 0.
    """
    known = flow.elsewhere.get(end)
    if known is not None:
        return known
    view, shift = flow.alignment.views[end], flow.alignment.shift.by_sender[flow.sender] if end == 1 else 0
    frames: dict[Key, list[Frame]] = defaultdict(list)
    for connection in view.reading.index.connections.values():
        if connection is not view.connection:
            for frame in connection.frames:
                key = shifted(frame.seq, -shift), frame.length, frame.flags & IDENTITY_FLAGS
                frames[key].append(frame)
    flow.elsewhere[end] = frames
    return frames


def _key(captured: CapturedPacket) -> Key:
    return captured.seq, captured.frame.length, captured.frame.flags & IDENTITY_FLAGS


def _is_alike(flow: Flow, frame: Frame, captured: CapturedPacket) -> bool:
    """Whether what need not be the same in every packet is the same as well: an identification that passes unchanged,
    timestamps, and one of the two ports or addresses.
    """
    own, other = captured.frame, frame
    if flow.keeps_ip_ids and own.marks.ip_id and other.marks.ip_id != own.marks.ip_id:
        return False
    if own.has(FLAG_ACK) != other.has(FLAG_ACK) or own.marks.timestamp != other.marks.timestamp:
        return False
    return own.source.port == other.source.port or own.destination.port == other.destination.port
