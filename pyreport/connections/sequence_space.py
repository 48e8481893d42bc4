"""What is still open in each side's sequence space (RFC 9293 section 3.4) when a connection, or its capture, ends."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from pyreport.connections.connection import Connection
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import Unwrapper


class Hole(Struct, frozen=True):
    """Octets of a side that no frame of the capture has, that are not acknowledged, and that a later number follows.

    ``before`` is the last frame of the side that ends at the hole or below it (None: none does), ``beyond`` the first
    that lies above it: later octets, or an acknowledgment, which carries the number of what its sender sends next (RFC
    9293 section 3.10.7.4, SND.NXT). ``shown_by`` is the last acknowledgment of the receiver after that, which stops
    below the hole: where it is None, the capture may have lost the acknowledgments as well.
    """

    octets: int
    before: Frame | None
    beyond: Frame
    shown_by: Frame | None


class Space(Struct, frozen=True):
    """One side's sequence space at the end. ``outstanding`` are its segments, in order of time, that reach above the
    highest acknowledgment: every copy of each; ``head`` are those among them that begin at it or below, so what has to
    be acknowledged first. ``acknowledged_by`` is the frame with that acknowledgment. ``largest`` is the largest payload
    that was acknowledged, in octets, 0 without any, and ``largest_frame`` the frame with it.
    """

    side: str
    outstanding: tuple[Frame, ...]
    head: tuple[Frame, ...]
    holes: tuple[Hole, ...]
    acknowledged_by: Frame | None
    largest: int
    largest_frame: int | None


@lru_cache(maxsize=16)
def space_of(connection: Connection, side: str) -> Space:
    """The sequence space of a side. An RST acknowledges what its ACK field covers, when it has one. The octet of a
    keep-alive probe is no part of the space (RFC 1122 section 4.2.3.6). Who asked for the connection and then sends an
    ACK had its SYN acknowledged (RFC 9293 section 3.5), also where the capture lacks that.
    """
    sent: list[tuple[int, int, Frame]] = []
    counted: list[tuple[int, int, Frame]] = []
    unwrap: Unwrapper | None = None
    highest, acknowledged_by, reach, opened = 0, None, 0, 0
    early = connection.before_opening()
    for frame in connection.frames:
        if frame.number in early:
            continue
        if frame.source == side:
            if frame.has(FLAG_RST) or frame.found(Probe):
                continue
            if frame.has(FLAG_ACK) and not frame.has(FLAG_SYN):
                highest = max(highest, opened)
            if not frame.space:
                if unwrap is not None and (start := unwrap(frame.seq)) > reach:
                    counted.append((start, start, frame))
                continue
            unwrap = unwrap or Unwrapper(frame.seq)
            start = unwrap(frame.seq)
            sent.append((start, start + frame.space, frame))
            if frame.is_syn:
                opened = start + 1
            reach = max(reach, start + frame.space)
        elif unwrap is not None and frame.has(FLAG_ACK):
            ack = unwrap(frame.ack)
            if highest < ack <= reach or (ack > highest and not frame.has(FLAG_RST)):
                highest, acknowledged_by = ack, frame
    acked = [(frame.length, frame.number) for _, end, frame in sent if end <= highest and frame.length]
    largest, largest_frame = max(acked, key=lambda found: found[0], default=(0, None))
    acks = [f for f in connection.frames if f.source != side and f.has(FLAG_ACK) and not f.has(FLAG_RST)]
    outstanding = tuple(frame for _, end, frame in sent if end > highest)
    head = tuple(frame for start, end, frame in sent if start <= highest < end)
    return Space(
        side,
        outstanding,
        head,
        _holes(sent + counted, highest, acks[-1] if acks else None),
        acknowledged_by,
        largest,
        largest_frame,
    )


def _holes(sent: list[tuple[int, int, Frame]], highest: int, last_ack: Frame | None) -> tuple[Hole, ...]:
    """What lies between the highest acknowledgment and the highest octet sent and is in no frame."""
    holes: list[Hole] = []
    reached, before = highest, None
    for start, end, frame in sorted(sent, key=lambda piece: (piece[0], piece[2].number)):
        if end <= highest:
            before = frame
            continue
        if start > reached:
            beyond = min((f for at, _, f in sent if at >= start), key=lambda f: f.number)
            shown_by = last_ack if last_ack is not None and last_ack.number > beyond.number else None
            holes.append(Hole(start - reached, before, beyond, shown_by))
        if end > reached:
            reached, before = end, frame
    return tuple(holes)
