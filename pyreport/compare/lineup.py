"""Line both captures up: order of the captures, clocks, pairs of packets, and the fate of what is in one only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from pyreport.compare.clocks import Clocks, Difference, OneWay, fit_clocks, resolution_ns
from pyreport.compare.model import ENDS, Packet, Pair, Shift, View
from pyreport.compare.numbers import shifted
from pyreport.compare.pairing import Pairing, pair_by_look, pair_by_time
from pyreport.quality.copies import copies

#: So much of the evidence has to agree on which capture was nearer to the client.
MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Lineup:
    """Both views with their packets (by capture, both senders), the pairings (by sender) and the clocks, None when not
    one packet is surely in both. Capture 0 is the one at end 0 if ``order`` is not None, which says how that is known.
    """

    views: tuple[View, View]
    packets: tuple[tuple[Packet, ...], tuple[Packet, ...]]
    pairings: tuple[Pairing, Pairing]
    clocks: Clocks | None
    was_swapped: bool = False
    order: str | None = None

    def way(self, sender: int) -> OneWay | None:
        """The way of one sender's packets."""
        return OneWay(self.clocks, sender) if self.clocks else None

    def sent(self, sender: int) -> tuple[Packet, ...]:
        """The packets of a sender in the capture at its end, in order."""
        return tuple(packet for packet in self.packets[sender] if packet.sender == sender)

    def pairs(self) -> list[Pair]:
        """The pairs of both directions."""
        return [pair for pairing in self.pairings for pair in pairing.pairs]


def line_up(views: tuple[View, View], shift: Shift) -> Lineup:
    """Line up two views of one connection. ``shift`` is by end, what capture 1's numbers are ahead of capture 0's.

    When the packets show that the captures were given in the other order, they are taken in the right one.
    """
    lineup = _by_look(views, shift)
    is_swapped, order = _is_swapped(lineup)
    if is_swapped:
        back = Shift(tuple(-number for number in shift.by_sender))  # type: ignore[arg-type]
        lineup = _by_look((views[1], views[0]), back)
    clocks = _clocks(lineup)
    pairings = lineup.pairings
    if clocks is not None:
        first, second = (pair_by_time(pairings[end], OneWay(clocks, end)) for end in ENDS)
        pairings = (first, second)
    return Lineup(lineup.views, lineup.packets, pairings, clocks, is_swapped, order)


def _by_look(views: tuple[View, View], shift: Shift) -> Lineup:
    first = tuple(_packets(views[0], Shift()))
    second = tuple(_packets(views[1], shift))
    captures = (first, second)
    pairings = [
        pair_by_look(
            [p for p in captures[sender] if p.sender == sender], [p for p in captures[1 - sender] if p.sender == sender]
        )
        for sender in ENDS
    ]
    return Lineup(views, captures, (pairings[0], pairings[1]), None)


def _packets(view: View, shift: Shift) -> Iterable[Packet]:
    """The frames of a connection without second copies, in the numbers of capture 0."""
    second_copies = set(copies(view.connection))
    for frame in view.connection.frames:
        if frame.number in second_copies:
            continue
        sender = view.sender_of(frame)
        seq = shifted(frame.seq, -shift.by_sender[sender])
        ack = shifted(frame.ack, -shift.by_sender[1 - sender]) if frame.ack else 0
        options = view.options.get(frame.number)
        yield Packet(frame, sender, seq, ack, options) if options else Packet(frame, sender, seq, ack)


def _clocks(lineup: Lineup) -> Clocks | None:
    """The clocks by the sure pairs. A stamp is cut off to the unit of its file, so it may be that much late."""
    units = [resolution_ns(packet.time_ns for packet in packets) for packets in lineup.packets]
    spare = sum(unit for unit in units if unit > 1)
    forward, back = ([p for p in pairing.pairs if p.is_sure] for pairing in lineup.pairings)
    return fit_clocks(
        [Difference(p.near.time_ns, p.far.time_ns - p.near.time_ns + spare) for p in forward],
        [Difference(p.far.time_ns, p.near.time_ns - p.far.time_ns - spare) for p in back],
    )


def _is_swapped(lineup: Lineup) -> tuple[bool, str | None]:
    """Whether capture 1 is the one at end 0, and what tells; None when nothing does."""
    for votes, why in ((_time_votes(lineup), "the times of the packets"), (_hop_votes(lineup), "the hop limits")):
        for_this, for_other = votes.count(True), votes.count(False)
        if for_this + for_other and max(for_this, for_other) >= MOSTLY * (for_this + for_other):
            return for_other > for_this, why
    return False, None


def _time_votes(lineup: Lineup) -> list[bool]:
    """A packet there and one back soon after: clock 1 minus clock 0 must be greater for the one that went there, by the
    time that both were on their way. In the wrong order it is smaller.
    """
    units = [resolution_ns(packet.time_ns for packet in packets) for packets in lineup.packets]
    there = [(p.near.time_ns, p.far.time_ns - p.near.time_ns, 0) for p in lineup.pairings[0].pairs]
    back = [(p.far.time_ns, p.near.time_ns - p.far.time_ns, 1) for p in lineup.pairings[1].pairs]
    votes = []
    for (_, value, sender), (_, next_value, next_sender) in pairwise(sorted(there + back)):
        difference = value - next_value if sender == 0 else next_value - value
        if sender != next_sender and abs(difference) > sum(units):
            votes.append(difference > 0)
    return votes


def _hop_votes(lineup: Lineup) -> list[bool]:
    """Routers lower the hop limit (RFC 791): it is higher at the end that sent the packet."""
    return [
        pair.near.frame.ttl > pair.far.frame.ttl
        for pair in lineup.pairs()
        if pair.near.frame.ttl != pair.far.frame.ttl and pair.near.frame.ttl and pair.far.frame.ttl
    ]
