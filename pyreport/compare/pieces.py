"""Packets that were cut or joined on the way, or by a network card: the same bytes in other packets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyreport.compare.packet import CapturedPacket
from pyreport.frames.seq import MODULUS, ahead

#: Sequence space is searched in parts of the longest that an IP packet can carry.
PART = 2**16

Places = dict[int, list[CapturedPacket]]


def by_place(packets: Iterable[CapturedPacket]) -> Places:
    """The packets that take sequence space, by the part of the sequence space in which they begin."""
    found: Places = defaultdict(list)
    for packet in packets:
        if packet.space:
            found[packet.seq // PART].append(packet)
    return found


def overlap(one: CapturedPacket, other: CapturedPacket) -> bool:
    """Whether two packets of one sender have bytes in common."""
    return ahead(one.end, other.seq) > 0 and ahead(other.end, one.seq) > 0


def cover(packet: CapturedPacket, places: Places, earliest_ns: int, latest_ns: int) -> list[CapturedPacket]:
    """The packets of a time that have bytes of a packet, if together they have all of them; else nothing."""
    parts = (packet.seq // PART + step for step in range(-1, packet.space // PART + 2))
    near = [piece for part in parts for piece in places.get(part % (MODULUS // PART), ())]
    inside = [
        piece
        for piece in near
        if earliest_ns <= piece.time_ns <= latest_ns
        if overlap(piece, packet)
        if None in (piece.timestamp, packet.timestamp) or piece.timestamp == packet.timestamp
    ]
    reached = 0
    for piece in sorted(inside, key=lambda piece: ahead(piece.seq, packet.seq)):
        if ahead(piece.seq, packet.seq) > reached:
            return []
        reached = max(reached, ahead(piece.end, packet.seq))
    return inside if reached >= packet.space else []
