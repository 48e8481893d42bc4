"""Which packet of one capture is which packet of the other, for one direction.

Keep-alive probes and their answers all look alike but for what changes with time: timestamps (RFC 7323) and the IP
identification (RFC 6864). Where neither is there, only the time itself tells them apart, within what is known of the
clocks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct, field

from pyreport.compare.clocks import Bounds, OneWay
from pyreport.compare.packet import IDENTITY_FLAGS, CapturedPacket, Pair
from pyreport.compare.thresholds import SPARE_DELAY_NS

Look = tuple[int | None, ...]


class Pairing(Struct):
    """The packets of one direction: pairs, and those that are in one capture only.

    ``doubtful`` are the numbers of frames, at the sender and at the receiver, that can be more than one of the other's.
    """

    pairs: list[Pair] = field(default_factory=list)
    near_only: list[CapturedPacket] = field(default_factory=list)
    far_only: list[CapturedPacket] = field(default_factory=list)
    doubtful: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))


def pair_by_look(near: Sequence[CapturedPacket], far: Sequence[CapturedPacket]) -> Pairing:
    """Pair what looks like nothing else: with the IP identification where it passes unchanged, else without.

    Segments that neither take sequence space nor have a mark of their own are left for ``pair_by_time``.
    """
    stamped = _stamps_pass(near, far)
    pairs: list[Pair] = []
    for look in (
        lambda p: _look(p, stamped, with_id=True),
        lambda p: _look(p, stamped) if _has_look(p, stamped) else None,
    ):
        near, far, found = _unique(near, far, look)
        pairs += found
    return Pairing(sorted(pairs, key=lambda pair: pair.near.number), list(near), list(far))


def pair_by_time(pairing: Pairing, way: OneWay) -> Pairing:
    """Pair what looks alike by the time it must have taken, given what the sure pairs say of the clocks."""
    known = [_longest(way.delay(pair.near.time_ns, pair.far.time_ns)) for pair in pairing.pairs]
    slowest = 2 * max(known, default=0) + SPARE_DELAY_NS
    result = Pairing(list(pairing.pairs))
    senders = _groups(pairing.near_only)
    used: set[int] = set()
    for look, receivers in _groups(pairing.far_only).items():
        for packet in receivers:
            fitting = list(islice(_fitting(packet, senders.get(look, []), used, way, slowest), 2))
            if not fitting:
                result.far_only.append(packet)
                continue
            used.add(fitting[0].number)
            result.pairs.append(Pair(fitting[0], packet, is_sure=False))
            if len(fitting) > 1:
                result.doubtful[0].update(sender.number for sender in fitting)
                result.doubtful[1].add(packet.number)
    result.near_only = [packet for packet in pairing.near_only if packet.number not in used]
    result.pairs.sort(key=lambda pair: pair.near.number)
    result.far_only.sort(key=lambda packet: packet.number)
    return result


def _fitting(
    packet: CapturedPacket, senders: Sequence[CapturedPacket], used: set[int], way: OneWay, slowest_ns: int
) -> Iterator[CapturedPacket]:
    """The packets of the sender that can be this one, the latest first."""
    difference = way.at_arrival(packet.time_ns)
    least = difference.low_ns if difference.low_ns is not None else difference.middle_ns
    departs_by = packet.time_ns - least
    last = bisect_right(senders, departs_by, key=lambda sender: sender.time_ns)
    for sender in reversed(senders[:last]):
        if way.delay(sender.time_ns, packet.time_ns).closed[0] > slowest_ns:
            return
        if sender.number not in used:
            yield sender


def _longest(delay: Bounds) -> int:
    """The longest that a delay can be; with packets of one direction only, how much longer than the shortest it is."""
    return delay.high_ns if delay.is_two_sided and delay.high_ns is not None else delay.middle_ns


def _stamps_pass(near: Iterable[CapturedPacket], far: Iterable[CapturedPacket]) -> bool:
    """Whether timestamps come through unchanged: most of those that arrive were sent like that."""
    sent = {p.stamps for p in near}
    arrived = [p.stamps for p in far if p.timestamp is not None]
    return bool(arrived) and 2 * sum(1 for stamp in arrived if stamp in sent) >= len(arrived)


def _look(packet: CapturedPacket, stamped: bool, with_id: bool = False) -> Look | None:
    """What identifies a packet; None when it lacks the identification that is asked for."""
    ip_id = packet.frame.marks.ip_id
    if with_id and not ip_id:
        return None
    stamps = packet.stamps if stamped else (None, None)
    flags = packet.frame.flags & IDENTITY_FLAGS
    return packet.seq, packet.ack, packet.frame.length, flags, *stamps, ip_id if with_id else None


def _has_look(packet: CapturedPacket, stamped: bool) -> bool:
    return packet.space > 0 or (stamped and packet.timestamp is not None)


def _unique(
    near: Sequence[CapturedPacket], far: Sequence[CapturedPacket], look: Callable[[CapturedPacket], Look | None]
) -> tuple[Sequence[CapturedPacket], Sequence[CapturedPacket], list[Pair]]:
    """The pairs that are alone with their look, and the rest of both captures."""
    groups: dict[Look, tuple[list[CapturedPacket], list[CapturedPacket]]] = defaultdict(lambda: ([], []))
    for side, packets in enumerate((near, far)):
        for packet in packets:
            key = look(packet)
            if key is not None:
                groups[key][side].append(packet)
    pairs = [Pair(ours[0], theirs[0]) for ours, theirs in groups.values() if len(ours) == len(theirs) == 1]
    gone = ({pair.near.number for pair in pairs}, {pair.far.number for pair in pairs})
    rest = [[p for p in packets if p.number not in gone[side]] for side, packets in enumerate((near, far))]
    return rest[0], rest[1], pairs


def _groups(packets: Iterable[CapturedPacket]) -> dict[Look, list[CapturedPacket]]:
    groups: dict[Look, list[CapturedPacket]] = defaultdict(list)
    for packet in packets:
        look = _look(packet, stamped=False)
        if look is not None:
            groups[look].append(packet)
    return groups
