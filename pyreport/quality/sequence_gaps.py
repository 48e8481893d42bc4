"""Octets that a side's peer acknowledged and that the capture never saw: frames that the capture lost."""

from __future__ import annotations

from msgspec import Struct

from pyreport.connections.connection import Connection
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST
from pyreport.frames.seq import Unwrapper

# No window is larger (RFC 7323 section 2.3), so an ACK further ahead is not to be believed.
LARGEST_WINDOW = 2**30


class Unseen(Struct, frozen=True):
    """A stretch of sequence space of ``side``, in octets, and the frame of the other side that acknowledges it."""

    side: str
    octets: int
    acked_in: int


def unseen(connection: Connection, side: str) -> tuple[Unseen, ...]:
    """The stretches of a side's sequence space that were acknowledged but are in no frame of the capture, in order.

    SYN and FIN count one (RFC 9293 3.4). What lies before the side's first captured frame is not looked at: the capture
    may have started later. ACKs of RST segments are not believed. Nothing when no frame of the side was captured.
    """
    early = connection.before_opening()
    frames = [f for f in connection.frames if f.number not in early] if early else connection.frames
    base = next((frame for frame in frames if frame.source == side and not frame.has(FLAG_RST)), None)
    if base is None:
        return ()
    covered: list[tuple[int, int]] = []
    acks: list[tuple[int, int]] = []
    unwrap = Unwrapper(base.seq)
    if not base.space or base.found(Probe):
        # An empty first frame may be a probe, which repeats the number before the next (RFC 1122 4.2.3.6).
        covered.append((0, 1))
    highest = sent = 0
    for frame in frames:
        flags = frame.flags
        if flags & FLAG_RST:
            continue
        if frame.source == side:
            start = unwrap(frame.seq)
            end = start + frame.space
            # Most frames begin where the one before them ended: one stretch.
            if covered and covered[-1][1] == start:
                covered[-1] = (covered[-1][0], end)
            else:
                covered.append((start, end))
            if end > sent:
                sent = end
        elif flags & FLAG_ACK:
            ack = unwrap(frame.ack)
            if highest < ack <= sent + LARGEST_WINDOW:
                highest = ack
                acks.append((ack, frame.number))
    return tuple(
        Unseen(side, end - start, next(number for ack, number in acks if ack > start))
        for start, end in _holes(covered, highest)
    )


def _holes(covered: list[tuple[int, int]], highest: int) -> list[tuple[int, int]]:
    """The stretches between 0 and ``highest`` that nothing covers."""
    holes: list[tuple[int, int]] = []
    reached = 0
    for start, end in sorted(covered):
        if start >= highest:
            break
        if start > reached:
            holes.append((reached, start))
        reached = max(reached, end)
    if reached < highest:
        holes.append((reached, highest))
    return holes
