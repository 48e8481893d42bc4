"""Both captures aligned: their order, their clocks, and which packet of one is which packet of the other."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from pyreport.base.claim import Party
from pyreport.compare.clocks import Clocks, Difference, OneWay, fit_clocks, resolution_ns
from pyreport.compare.packet import CapturedPacket, Pair
from pyreport.compare.pairing import Pairing, pair_by_look, pair_by_time
from pyreport.compare.thresholds import ORDER_MOSTLY
from pyreport.compare.view import ENDS, NO_SHIFT, Shift, View
from pyreport.frames.seq import shifted
from pyreport.quality.copies import copies


class Order(StrEnum):
    """What tells which capture is nearer to the client."""

    TIMES = "times"
    HOP_LIMITS = "hop_limits"


class Alignment(Struct, frozen=True):
    """Both views with their packets (by capture, both senders), the pairings (by sender) and the clocks, None when not
    one packet is surely in both. Capture 0 is the one at end 0 if ``order`` is not None, which says how that is known.
    ``parties`` is what the ends are called, ``shift`` what capture 1's numbers are ahead of capture 0's.
    """

    views: tuple[View, View]
    captured: tuple[tuple[CapturedPacket, ...], tuple[CapturedPacket, ...]]
    pairings: tuple[Pairing, Pairing]
    clocks: Clocks | None
    parties: tuple[Party, Party]
    shift: Shift
    was_swapped: bool = False
    order: Order | None = None

    def way(self, sender: int) -> OneWay | None:
        """The way of one sender's packets."""
        return OneWay(self.clocks, sender) if self.clocks else None

    def sent(self, sender: int) -> tuple[CapturedPacket, ...]:
        """The packets of a sender in the capture at its end, in order."""
        return tuple(packet for packet in self.captured[sender] if packet.sender == sender)

    def pairs(self) -> list[Pair]:
        """The pairs of both directions."""
        return [pair for pairing in self.pairings for pair in pairing.pairs]

    @property
    def told_at_ns(self) -> int:
        """The time (clock 0) that the difference of the clocks is told for: the last packet that is surely in both."""
        sure = [pair for pair in self.pairs() if pair.is_sure]
        return max(((pair.near if pair.near.sender == 0 else pair.far).time_ns for pair in sure), default=0)


def align(views: tuple[View, View], shift: Shift, parties: tuple[Party, Party]) -> Alignment:
    """Align two views of one connection. ``shift`` is by end, what capture 1's numbers are ahead of capture 0's.

    When the packets show that the captures were given in the other order, they are taken in the right one.
    """
    alignment = _by_look(views, shift, parties)
    is_swapped, order = _is_swapped(alignment)
    if is_swapped:
        alignment = _by_look((views[1], views[0]), shift.negated(), parties)
    clocks, pairings = _clocks(alignment), alignment.pairings
    if clocks is not None:
        first, second = (pair_by_time(pairings[end], OneWay(clocks, end)) for end in ENDS)
        pairings = (first, second)
    return replace(alignment, pairings=pairings, clocks=clocks, was_swapped=is_swapped, order=order)


def _by_look(views: tuple[View, View], shift: Shift, parties: tuple[Party, Party]) -> Alignment:
    first = tuple(_packets(views[0], NO_SHIFT))
    second = tuple(_packets(views[1], shift))
    captured = (first, second)
    pairings = [
        pair_by_look(
            [p for p in captured[sender] if p.sender == sender], [p for p in captured[1 - sender] if p.sender == sender]
        )
        for sender in ENDS
    ]
    return Alignment(views, captured, (pairings[0], pairings[1]), None, parties, shift)


def _packets(view: View, shift: Shift) -> Iterable[CapturedPacket]:
    """The frames of a connection without second copies, in the numbers of capture 0."""
    second_copies = set(copies(view.connection))
    for frame in view.connection.frames:
        if frame.number in second_copies:
            continue
        sender = view.sender_of(frame)
        seq = shifted(frame.seq, -shift.by_sender[sender])
        ack = shifted(frame.ack, -shift.by_sender[1 - sender]) if frame.ack else 0
        yield CapturedPacket(frame, sender, seq, ack)


def _clocks(alignment: Alignment) -> Clocks | None:
    """The clocks by the sure pairs. A stamp is cut off to the unit of its file, so it may be that much late."""
    units = [resolution_ns(packet.time_ns for packet in packets) for packets in alignment.captured]
    spare = sum(unit for unit in units if unit > 1)
    forward, back = ([p for p in pairing.pairs if p.is_sure] for pairing in alignment.pairings)
    return fit_clocks(
        [Difference(p.near.time_ns, p.far.time_ns - p.near.time_ns + spare) for p in forward],
        [Difference(p.far.time_ns, p.near.time_ns - p.far.time_ns - spare) for p in back],
    )


def _is_swapped(alignment: Alignment) -> tuple[bool, Order | None]:
    """Whether capture 1 is the one at end 0, and what tells; None when nothing does."""
    for votes, why in ((_time_votes(alignment), Order.TIMES), (_hop_votes(alignment), Order.HOP_LIMITS)):
        for_this, for_other = votes.count(True), votes.count(False)
        if for_this + for_other and max(for_this, for_other) >= ORDER_MOSTLY * (for_this + for_other):
            return for_other > for_this, why
    return False, None


def _time_votes(alignment: Alignment) -> list[bool]:
    """A packet there and one back soon after: clock 1 minus clock 0 must be greater for the one that went there, by the
    time that both were on their way. In the wrong order it is smaller.
    """
    units = [resolution_ns(packet.time_ns for packet in packets) for packets in alignment.captured]
    there = [(p.near.time_ns, p.far.time_ns - p.near.time_ns, 0) for p in alignment.pairings[0].pairs]
    back = [(p.far.time_ns, p.near.time_ns - p.far.time_ns, 1) for p in alignment.pairings[1].pairs]
    votes = []
    for (_, value, sender), (_, next_value, next_sender) in pairwise(sorted(there + back)):
        difference = value - next_value if sender == 0 else next_value - value
        if sender != next_sender and abs(difference) > sum(units):
            votes.append(difference > 0)
    return votes


def _hop_votes(alignment: Alignment) -> list[bool]:
    """Routers lower the hop limit (RFC 791): it is higher at the end that sent the packet."""
    return [
        pair.near.frame.ttl > pair.far.frame.ttl
        for pair in alignment.pairs()
        if pair.near.frame.ttl != pair.far.frame.ttl and pair.near.frame.ttl and pair.far.frame.ttl
    ]
