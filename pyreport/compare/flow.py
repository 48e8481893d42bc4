"""The packets of one sender in both captures: when they left and arrived, and what each capture can be asked."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

from pyreport.base.claim import Claim, Duration, claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.packet import NO_FRAMES, CapturedPacket, Fate, Frames, Packet
from pyreport.compare.pieces import overlap
from pyreport.compare.thresholds import FEWEST_HOP_LIMITS, SOON_NS
from pyreport.compare.view import ENDS
from pyreport.frames.frame import Frame
from pyreport.quality import RestsOn, assess


def nothing_in_common() -> Claim:
    """That the two captures cannot be held against each other."""
    return claim("compare-nothing-in-common")


class Flow:
    """The packets of one sender. ``sent`` and ``replies`` are from the capture at their own sender, in order.

    Only where the clocks are known, times of one capture can be told on the clock of the other.
    """

    def __init__(self, alignment: Alignment, sender: int) -> None:
        self.alignment, self.sender, self.receiver = alignment, sender, 1 - sender
        self.who, self.whom = alignment.parties[sender], alignment.parties[1 - sender]
        self.pairing = alignment.pairings[sender]
        self.way = alignment.way(sender)
        self.sent, self.replies = alignment.sent(sender), alignment.sent(1 - sender)
        self.slowest_ns = _slowest(alignment, sender)
        is_whole = not (self.pairing.near_only or self.pairing.far_only)
        self.elsewhere: dict[int, dict[tuple[int, int, int], list[Frame]]] = {}
        self.flawed = [not is_whole and _is_flawed(alignment, end) for end in ENDS]

    def arrival(self, captured: CapturedPacket) -> tuple[int, int]:
        """When a packet must have arrived, at the earliest and at the latest, on the receiver's clock."""
        assert self.way is not None
        low, high = self.way.at_departure(captured.time_ns).closed
        return captured.time_ns + low, captured.time_ns + high + self.slowest_ns

    def departure(self, captured: CapturedPacket) -> tuple[int, int]:
        """When a packet must have left, at the earliest and at the latest, on the sender's clock."""
        assert self.way is not None
        low, high = self.way.at_arrival(captured.time_ns).closed
        return captured.time_ns - high - self.slowest_ns, captured.time_ns - low

    def uncovered(self, end: int, time: tuple[int, int]) -> Claim | None:
        """Why the capture at an end cannot be asked about a time (from, to) on its clock; None when it can."""
        view, who = self.alignment.views[end], self.alignment.parties[end]
        earliest_ns, latest_ns = time
        if earliest_ns < view.starts_ns:
            if latest_ns >= view.starts_ns:
                return claim("capture-may-have-begun-later", who=who)
            return claim("capture-began-later", who=who, later=Duration(view.starts_ns - latest_ns))
        if latest_ns > view.ends_ns:
            if earliest_ns <= view.ends_ns:
                return claim("capture-may-have-ended-before", who=who)
            return claim("capture-ended-before", who=who, earlier=Duration(earliest_ns - view.ends_ns))
        return None

    @cached_property
    def usual_hop_limit(self) -> int | None:
        """The hop limit of all packets but RSTs where they arrive; None when they differ or are few."""
        arrived = [pair.far for pair in self.pairing.pairs]
        counted = [one.frame.ttl for one in arrived if not one.is_reset and one.frame.ttl]
        return counted[0] if len(set(counted)) == 1 and len(counted) >= FEWEST_HOP_LIMITS else None

    @cached_property
    def least_round_trip_ns(self) -> int | None:
        """The least time that a packet to the sender and the next one back were on their way, both ways together. The
        difference of the clocks falls out of it, so what is not known of the clocks plays no part. None when no packet
        there and back were measured.
        """
        there = sorted(self.alignment.pairings[self.receiver].pairs, key=lambda pair: pair.far.time_ns)
        back = sorted(self.pairing.pairs, key=lambda pair: pair.near.time_ns)
        least: int | None = None
        for pair in there:
            place = bisect_left(back, pair.far.time_ns, key=lambda one: one.near.time_ns)
            if place == len(back) or not (pair.is_sure and back[place].is_sure):
                continue
            answer = back[place]
            waited = answer.near.time_ns - pair.far.time_ns
            took = answer.far.time_ns - pair.near.time_ns - waited
            if waited <= SOON_NS and took >= 0 and (least is None or took < least):
                least = took
        return least

    @cached_property
    def keeps_ip_ids(self) -> bool:
        """Whether each packet arrives with the IP ID with which it was sent."""
        same = [pair.near.frame.marks.ip_id == pair.far.frame.marks.ip_id for pair in self.pairing.pairs]
        return bool(same) and all(same)

    @cached_property
    def arrived_replies(self) -> dict[int, CapturedPacket]:
        """The replies that are in both captures, by their frame at this sender."""
        return {pair.far.number: pair.near for pair in self.alignment.pairings[self.receiver].pairs}

    @cached_property
    def arrived_copies(self) -> dict[tuple[int, int], CapturedPacket]:
        """Where they arrived: the first packets with the bytes from one sequence number to another."""
        return {(pair.near.seq, pair.near.end): pair.far for pair in reversed(self.pairing.pairs)}

    def copy_arrived(self, captured: CapturedPacket) -> bool:
        """Whether bytes of a packet arrived with another one."""
        return any(overlap(pair.near, captured) for pair in self.pairing.pairs)

    def near(
        self, captured: CapturedPacket, fate: Fate, why: Claim, proof: Frames = NO_FRAMES, is_proven: bool = False
    ) -> Packet:
        """A packet that only the sender's capture has, with its fate."""
        return Packet(self.sender, captured, None, fate, (why,), proof, is_proven)

    def far(
        self, captured: CapturedPacket, fate: Fate, *why: Claim, proof: Frames = NO_FRAMES, is_proven: bool = False
    ) -> Packet:
        """A packet that only the receiver's capture has, with its fate."""
        return Packet(self.sender, None, captured, fate, why, proof, is_proven)


def frames_of(*captured: CapturedPacket) -> Frames:
    """The frames of packets that are from the capture at their sender."""
    first, second = ([one.number for one in captured if one.sender == end] for end in ENDS)
    return tuple(first), tuple(second)


def _slowest(alignment: Alignment, sender: int) -> int:
    """The longest time that a packet of this sender was seen to take, in ns."""
    way = alignment.way(sender)
    if way is None:
        return 0
    return max(
        (way.delay(p.near.time_ns, p.far.time_ns).closed[0] for p in alignment.pairings[sender].pairs if p.is_sure),
        default=0,
    )


def _is_flawed(alignment: Alignment, end: int) -> bool:
    """Whether the capture at an end is known to lack frames."""
    view = alignment.views[end]
    quality = assess(view.connection, view.reading.index, view.reading.span, drops=view.reading.drops)
    return bool(quality.against(RestsOn.ABSENCE))
