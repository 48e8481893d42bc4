"""What became of each packet, and by which frames that is known.

A packet that is in one capture only was lost on the way, or made there, or lost by a capture, or fell into a time that
the other capture does not cover. What the two hosts did afterwards tells these apart: a host that acknowledges bytes
has them (RFC 9293 section 3.4), a host that goes on after "its" RST never sent it (section 3.10.7.4: the connection is
gone), a sender that does not count a FIN in its next sequence number made none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from pyreport.base.claim import claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.flow import Flow
from pyreport.compare.only_received import fate_of_received
from pyreport.compare.only_sent import fate_of_sent
from pyreport.compare.packet import CapturedPacket, Fate, Packet
from pyreport.compare.pieces import Places, by_place, cover
from pyreport.compare.view import ENDS


def fates(alignment: Alignment) -> tuple[Packet, ...]:
    """All packets of the connection with their fates, in the order of their times on clock 0."""
    packets = [packet for sender in ENDS for packet in _of_sender(Flow(alignment, sender))]
    flawed = [bool(lacking(packets, end)) for end in ENDS]
    packets = [_weakened(alignment, packet, flawed) for packet in packets]
    return tuple(sorted(packets, key=lambda packet: time_on_first(alignment, packet)))


def lacking(packets: Iterable[Packet], end: int) -> list[Packet]:
    """The packets that the capture at an end lacks although they were there."""
    return [
        p
        for p in packets
        if (p.fate is Fate.ARRIVED_UNSEEN and p.receiver == end) or (p.fate is Fate.SENT_UNSEEN and p.sender == end)
    ]


def _weakened(alignment: Alignment, packet: Packet, flawed: Sequence[bool]) -> Packet:
    """A capture that lacks one frame may lack another: what rests on nothing but its silence is not told then."""
    silent_end = {Fate.LOST: packet.receiver, Fate.NOT_SENT: packet.sender}.get(packet.fate)
    if silent_end is None or packet.is_proven or any(packet.proof) or not flawed[silent_end]:
        return packet
    why = claim("capture-lacks-this-and-others", who=alignment.parties[silent_end])
    return replace(packet, fate=Fate.UNKNOWN, why=(why,))


def time_on_first(alignment: Alignment, packet: Packet) -> tuple[int, int]:
    """Sort key: when the packet was at end 0 (or as near to it as is known), on clock 0, then its frame number."""
    captured = packet.at(0)
    if captured is not None:
        return captured.time_ns, captured.number
    other = packet.at(1)
    assert other is not None
    difference = alignment.clocks.bounds_at_other(other.time_ns).middle_ns if alignment.clocks else 0
    return other.time_ns - difference, other.number


def _of_sender(flow: Flow) -> Iterator[Packet]:
    """The packets of one sender, in no order."""
    pairing = flow.pairing
    near_places, far_places = by_place(pairing.near_only), by_place(pairing.far_only)
    for pair in pairing.pairs:
        is_proven = pair.near.number not in pairing.doubtful[0]
        yield Packet(flow.sender, pair.near, pair.far, Fate.ARRIVED, is_proven=is_proven)
    joined: set[int] = set()
    for captured in pairing.near_only:
        pieces = _pieces(flow, captured, far_places, is_near=True)
        joined.update(piece.number for piece in pieces)
        if pieces:
            yield Packet(flow.sender, captured, pieces[0], Fate.ARRIVED_IN_PIECES)
        else:
            yield fate_of_sent(flow, captured)
    for captured in pairing.far_only:
        if captured.number not in joined and not _pieces(flow, captured, near_places, is_near=False):
            yield fate_of_received(flow, captured)


def _pieces(flow: Flow, captured: CapturedPacket, places: Places, is_near: bool) -> list[CapturedPacket]:
    """The unpaired packets of the other capture that together have all bytes of this one; none when some are absent."""
    if flow.way is None or captured.space < 2:
        return []
    return cover(captured, places, *(flow.arrival(captured) if is_near else flow.departure(captured)))
