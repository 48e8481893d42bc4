"""What became of each packet, and by which frames that is known.

A packet that is in one capture only was lost on the way, or made there, or lost by a capture, or fell into a time that
the other capture does not cover. What the two hosts did afterwards tells these apart: a host that acknowledges octets
has them (RFC 9293 section 3.4), a host that goes on after "its" RST never sent it (section 3.10.7.4: the connection is
gone), a sender that does not count a FIN in its next sequence number made none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyreport.base.units import NS_PER_MS, format_duration
from pyreport.compare.lineup import Lineup
from pyreport.compare.model import ENDS, Fate, Packet, Passage
from pyreport.compare.numbers import MODULUS, ahead
from pyreport.quality import RestsOn, assess

#: An acknowledgment of data may wait so long (RFC 9293 3.8.6.3); an ACK that comes so soon after another segment may be
#: the one for that.
DELAYED_ACK_NS = 500 * NS_PER_MS
#: A counter of IP identifications that jumps further is not that of one connection.
FARTHEST_ID = 1_000
FEWEST_HOP_LIMITS = 3
#: Sequence space is searched in parts of the longest that an IP packet can carry.
PART = 2**16

#: Why a packet was not sent by the one that it names.
WENT_ON = "its alleged sender went on as if it had never sent it"

Proof = tuple[tuple[int, ...], tuple[int, ...]]
NO_PROOF: Proof = ((), ())


def fates(lineup: Lineup) -> tuple[Passage, ...]:
    """All packets of the connection with their fates, in the order of their times on clock 0."""
    passages = [passage for sender in ENDS for passage in _Judge(lineup, sender).passages()]
    flawed = [bool(lacking(passages, end)) for end in ENDS]
    passages = [_weakened(passage, flawed) for passage in passages]
    return tuple(sorted(passages, key=lambda passage: time_on_first(lineup, passage)))


def lacking(passages: Iterable[Passage], end: int) -> list[Passage]:
    """The packets that the capture at an end lacks although they were there."""
    return [
        p
        for p in passages
        if (p.fate is Fate.ARRIVED_UNSEEN and p.receiver == end) or (p.fate is Fate.SENT_UNSEEN and p.sender == end)
    ]


def _weakened(passage: Passage, flawed: Sequence[bool]) -> Passage:
    """A capture that lacks one frame may lack another: what rests on nothing but its silence is not told then."""
    silent_end = {Fate.LOST: passage.receiver, Fate.NOT_SENT: passage.sender}.get(passage.fate)
    if silent_end is None or passage.is_proven or any(passage.proof) or not flawed[silent_end]:
        return passage
    why = "the capture at the other end lacks it, and lacks other packets that were there"
    return replace(passage, fate=Fate.UNKNOWN, why=why)


def time_on_first(lineup: Lineup, passage: Passage) -> tuple[int, int]:
    """Sort key: when the packet was at end 0 (or as near to it as is known), on clock 0, then its frame number."""
    packet = passage.at(0)
    if packet is not None:
        return packet.time_ns, packet.number
    other = passage.at(1)
    assert other is not None
    difference = lineup.clocks.bounds_at_other(other.time_ns).middle_ns if lineup.clocks else 0
    return other.time_ns - difference, other.number


class _Judge:
    """The packets of one sender."""

    def __init__(self, lineup: Lineup, sender: int) -> None:
        self.lineup, self.sender, self.receiver = lineup, sender, 1 - sender
        self.pairing = lineup.pairings[sender]
        self.way = lineup.way(sender)
        self.sent = lineup.sent(sender)
        self.replies = lineup.sent(self.receiver)
        self.near_pieces, self.far_pieces = _by_place(self.pairing.near_only), _by_place(self.pairing.far_only)
        self.copies = {(pair.near.seq, pair.near.end): pair.far for pair in reversed(self.pairing.pairs)}
        self.slowest_ns = _slowest(lineup, sender)
        self.usual_hop_limit = _usual_hop_limit([pair.far for pair in self.pairing.pairs])
        self.flawed = (
            [_is_flawed(lineup, end) for end in ENDS] if self.pairing.near_only or self.pairing.far_only else []
        )
        self.arrived_replies = {pair.far.number: pair.near for pair in lineup.pairings[self.receiver].pairs}

    def passages(self) -> Iterator[Passage]:
        """The passages, in no order."""
        doubtful = self.pairing.doubtful[0]
        for pair in self.pairing.pairs:
            yield Passage(self.sender, pair.near, pair.far, Fate.ARRIVED, is_proven=pair.near.number not in doubtful)
        joined: set[int] = set()
        for packet in self.pairing.near_only:
            pieces = self._pieces(packet)
            if pieces:
                joined.update(piece.number for piece in pieces)
                yield Passage(self.sender, packet, pieces[0], Fate.ARRIVED_IN_PIECES)
            else:
                yield self._left(packet)
        for packet in self.pairing.far_only:
            if packet.number not in joined and not self._is_joined(packet):
                yield self._came(packet)

    # --- in the sender's capture only ---

    def _left(self, packet: Packet) -> Passage:
        def passage(fate: Fate, why: str, proof: Proof = NO_PROOF, is_proven: bool = True) -> Passage:
            return Passage(self.sender, packet, None, fate, why, proof, is_proven)

        if self.way is None:
            return passage(Fate.UNKNOWN, "not one packet is surely in both captures", is_proven=False)
        if packet.number in self.pairing.doubtful[0]:
            return passage(Fate.UNKNOWN, "it looks like others, and which of them arrived cannot be told")
        uncovered = self._uncovered(self.receiver, *self._arrival(packet))
        if uncovered:
            return passage(Fate.NOT_COVERED, uncovered, is_proven=False)
        reaction = self._reaction(packet)
        if reaction is not None:
            why = "the receiver reacted to it, so it arrived, and only the capture there lacks it"
            return passage(Fate.ARRIVED_UNSEEN, why, self._frames(reaction))
        answer = self._unexplained_answer(packet)
        if answer is not None:
            why = "its sender got an answer, and the capture at the other end has neither this packet nor that answer"
            proof = ((answer.number,), ()) if self.sender == 0 else ((), (answer.number,))
            return passage(Fate.UNKNOWN, why, proof, is_proven=False)
        silence = self._silence(packet)
        if silence is None and self.flawed[self.receiver]:
            why = "the capture at the other end lacks it, and lacks frames that did arrive as well"
            return passage(Fate.UNKNOWN, why, is_proven=False)
        if silence is None:
            return passage(Fate.LOST, "the capture at the other end covers the time and lacks it", is_proven=False)
        return passage(Fate.LOST, silence[0], silence[1], bool(packet.frame.found("probe") or any(silence[1])))

    def _reaction(self, packet: Packet) -> Packet | None:
        """A packet in the receiver's own capture that it would not have sent without this one."""
        assert self.way is not None
        earliest = packet.time_ns + self.way.at_departure(packet.time_ns).closed[0]
        if packet.frame.found("probe"):
            return self._answer_to_probe(packet)
        if packet.space and not self._copy_arrived(packet):
            start = bisect_left(self.replies, earliest, key=lambda reply: reply.time_ns)
            return next((reply for reply in self.replies[start:] if reply.acknowledges(packet.end)), None)
        return None

    def _answer_to_probe(self, packet: Packet) -> Packet | None:
        """The answer that the plugin found, if the receiver sent it and had no other reason to."""
        found = packet.frame.found("probe")
        answer = self.arrived_replies.get(found.number("answer_frame") or 0) if found else None
        if answer is None or answer.space or answer.frame.found("probe"):
            return None
        heard = [pair.far.time_ns for pair in self.pairing.pairs]
        before = bisect_right(heard, answer.time_ns)
        if before and answer.time_ns - heard[before - 1] < DELAYED_ACK_NS:
            return None
        return answer

    def _unexplained_answer(self, packet: Packet) -> Packet | None:
        """A packet that reached the sender, is not in the capture at the other end, and acknowledges this one."""
        back = self.lineup.pairings[self.receiver].far_only
        if found := packet.frame.found("probe"):
            return next((p for p in back if p.number == found.number("answer_frame")), None)
        if packet.space and not self._copy_arrived(packet):
            return next((p for p in back if p.time_ns >= packet.time_ns and p.acknowledges(packet.end)), None)
        return None

    def _copy_arrived(self, packet: Packet) -> bool:
        """Whether the same octets arrived with another packet."""
        return any(
            ahead(pair.near.end, packet.seq) > 0 and ahead(packet.end, pair.near.seq) > 0 for pair in self.pairing.pairs
        )

    def _silence(self, packet: Packet) -> tuple[str, Proof] | None:
        """What the receiver did, or did not do, that it would not after this packet; None when that says nothing."""
        assert self.way is not None
        earliest, latest = self._arrival(packet)
        start = bisect_left(self.replies, latest, key=lambda reply: reply.time_ns)
        later = [reply for reply in self.replies[start:] if not reply.is_reset]
        if packet.is_reset:
            if not later:
                return None
            return "the receiver went on after it", self._frames(later[0], later[-1])
        if packet.frame.found("probe"):
            answered = self._anything(earliest, latest + DELAYED_ACK_NS)
            return None if answered else ("the receiver sent no answer either", NO_PROOF)
        if packet.space:
            if not later:
                return "the receiver did not acknowledge it", NO_PROOF
            if not later[0].acknowledges(packet.end):
                return "the receiver later acknowledged less than that", self._frames(later[0])
            return self._only_after_copy(packet, latest)
        return None

    def _only_after_copy(self, packet: Packet, latest_ns: int) -> tuple[str, Proof] | None:
        """The receiver acknowledged the octets, but not before they had arrived with another packet."""
        reply = next((reply for reply in self.replies if reply.acknowledges(packet.end)), None)
        copy = self.copies.get((packet.seq, packet.end))
        if reply is None or copy is None or not latest_ns + DELAYED_ACK_NS <= copy.time_ns <= reply.time_ns:
            return None
        return "the receiver acknowledged it only when a later copy had arrived", self._frames(reply)

    def _anything(self, start_ns: int, end_ns: int) -> bool:
        first = bisect_left(self.replies, start_ns, key=lambda reply: reply.time_ns)
        return first < len(self.replies) and self.replies[first].time_ns <= end_ns

    # --- in the receiver's capture only ---

    def _came(self, packet: Packet) -> Passage:
        def passage(fate: Fate, why: str, proof: Proof = NO_PROOF, is_proven: bool = True) -> Passage:
            return Passage(self.sender, None, packet, fate, why, proof, is_proven)

        if self.way is None:
            return passage(Fate.UNKNOWN, "not one packet is surely in both captures", is_proven=False)
        if packet.number in self.pairing.doubtful[1]:
            return passage(Fate.UNKNOWN, "it looks like others, and which of them it is cannot be told")
        departure = self._departure(packet)
        uncovered = self._uncovered(self.sender, *departure)
        if not uncovered and self._has_its_number(packet):
            return passage(Fate.SENT_UNSEEN, "its IP identification is the one that the sender left out")
        counted = packet.space and next((p for p in self.sent if ahead(p.seq, packet.end) >= 0), None)
        if counted and not uncovered:
            return passage(Fate.SENT_UNSEEN, "its sender went on as having sent it", self._frames(counted))
        start = bisect_right(self.sent, departure[1], key=lambda sent: sent.time_ns)
        later = [sent for sent in self.sent[start:] if not sent.is_reset]
        signs = self._foreign_signs(packet)
        if later and not uncovered and (packet.is_reset or packet.space):
            return passage(Fate.NOT_SENT, "; ".join([WENT_ON, *signs]), self._frames(later[0], later[-1]))
        if signs:
            return passage(Fate.NOT_SENT, "; ".join([*signs, *([uncovered] if uncovered else [])]), is_proven=False)
        if uncovered:
            return passage(Fate.NOT_COVERED, uncovered, is_proven=False)
        if self.flawed[self.sender] or not (packet.is_reset or packet.space):
            return passage(Fate.UNKNOWN, "made on the way, or the capture at its sender's end lost it", is_proven=False)
        why = "the capture at its alleged sender's end covers the time and lacks it"
        return passage(Fate.NOT_SENT, why, is_proven=False)

    def _has_its_number(self, packet: Packet) -> bool:
        """Whether its IP identification fills a gap in its sender's counter (see pyreport.quality.packet_counter)."""
        ip_id = packet.frame.marks.ip_id
        same = [pair.near.frame.marks.ip_id == pair.far.frame.marks.ip_id for pair in self.pairing.pairs]
        if not ip_id or not same or not all(same):
            return False
        departure = self._departure(packet)
        place = bisect_right(self.sent, departure[1], key=lambda sent: sent.time_ns)
        around = [p.frame.marks.ip_id for p in self.sent[max(0, place - 1) : place + 1]]
        if len(around) < 2 or not all(around):
            return False
        gap, step = ((number - (around[0] or 0)) % 2**16 for number in (around[1] or 0, ip_id))
        return 0 < step < gap <= FARTHEST_ID

    def _foreign_signs(self, packet: Packet) -> list[str]:
        """What shows that something else than the sender made it."""
        signs = []
        ttl, usual = packet.frame.ttl, self.usual_hop_limit
        if usual is not None and ttl != usual:
            signs.append(f"its hop limit is {ttl}, that of all other packets from there {usual}")
        turnaround = self._turnaround(packet)
        if turnaround is not None:
            took, least = turnaround
            signs.append(
                f"it came {format_duration(took)} after what drew it, and the way there and back takes at least "
                f"{format_duration(least)}"
            )
        return signs

    def _turnaround(self, packet: Packet) -> tuple[int, int] | None:
        """(time from its cause, least time there and back) when it came in less than half of what is possible."""
        assert self.lineup.clocks is not None
        found = packet.frame.found("reset", "post_fin_reset")
        cause = self.lineup.views[self.receiver].connection.frame(found.number("cause_frame") or 0) if found else None
        uncertainty = self.way.at_arrival(packet.time_ns).uncertainty_ns if self.way else None
        if cause is None or uncertainty is None or cause.source == packet.frame.source:
            return None
        took = packet.time_ns - cause.time_ns
        return (took, 2 * uncertainty) if 0 <= took < uncertainty else None

    # --- what both need ---

    def _arrival(self, packet: Packet) -> tuple[int, int]:
        """When a packet must have arrived, at the earliest and at the latest, on the receiver's clock."""
        assert self.way is not None
        low, high = self.way.at_departure(packet.time_ns).closed
        return packet.time_ns + low, packet.time_ns + high + self.slowest_ns

    def _departure(self, packet: Packet) -> tuple[int, int]:
        """When a packet must have left, at the earliest and at the latest, on the sender's clock."""
        assert self.way is not None
        low, high = self.way.at_arrival(packet.time_ns).closed
        return packet.time_ns - high - self.slowest_ns, packet.time_ns - low

    def _uncovered(self, end: int, earliest_ns: int, latest_ns: int) -> str:
        """Why the capture at an end cannot be asked about a time on its clock; "" when it can."""
        view = self.lineup.views[end]
        if earliest_ns < view.starts_ns:
            return f"the capture there has its first frame {format_duration(view.starts_ns - earliest_ns)} later"
        if latest_ns > view.ends_ns:
            return f"the capture there has its last frame {format_duration(latest_ns - view.ends_ns)} earlier"
        return ""

    def _pieces(self, packet: Packet) -> list[Packet]:
        """The unpaired packets at the receiver that together have all octets of this one; none when some are absent."""
        if self.way is None or packet.space < 2:
            return []
        return _cover(packet, self.far_pieces, *self._arrival(packet))

    def _is_joined(self, packet: Packet) -> bool:
        """Whether this packet at the receiver is made of unpaired ones of the sender."""
        if self.way is None or packet.space < 2:
            return False
        return bool(_cover(packet, self.near_pieces, *self._departure(packet)))

    def _frames(self, *packets: Packet) -> Proof:
        """Frames of packets, by capture."""
        proof: tuple[list[int], list[int]] = ([], [])
        for packet in packets:
            proof[packet.sender].append(packet.number)  # `sent` and `replies` are from the capture at their sender
        return tuple(proof[0]), tuple(proof[1])


def _by_place(packets: Iterable[Packet]) -> dict[int, list[Packet]]:
    """The packets that take sequence space, by the part of the sequence space in which they begin."""
    found: dict[int, list[Packet]] = defaultdict(list)
    for packet in packets:
        if packet.space:
            found[packet.seq // PART].append(packet)
    return found


def _cover(packet: Packet, pieces: dict[int, list[Packet]], earliest_ns: int, latest_ns: int) -> list[Packet]:
    """The pieces of a time that have octets of a packet, if they have all of them; else nothing."""
    parts = (packet.seq // PART + step for step in range(-1, packet.space // PART + 2))
    near = [piece for part in parts for piece in pieces.get(part % (MODULUS // PART), ())]
    inside = [
        piece
        for piece in near
        if earliest_ns <= piece.time_ns <= latest_ns
        if ahead(piece.end, packet.seq) > 0 and ahead(packet.end, piece.seq) > 0
        if None in (piece.options.tsval, packet.options.tsval) or piece.options.tsval == packet.options.tsval
    ]
    reached = 0
    for piece in sorted(inside, key=lambda piece: ahead(piece.seq, packet.seq)):
        if ahead(piece.seq, packet.seq) > reached:
            return []
        reached = max(reached, ahead(piece.end, packet.seq))
    return inside if reached >= packet.space else []


def _slowest(lineup: Lineup, sender: int) -> int:
    """The longest time that a packet of this sender was seen to take, in ns."""
    way = lineup.way(sender)
    if way is None:
        return 0
    return max(
        (way.delay(p.near.time_ns, p.far.time_ns).closed[0] for p in lineup.pairings[sender].pairs if p.is_sure),
        default=0,
    )


def _is_flawed(lineup: Lineup, end: int) -> bool:
    """Whether the capture at an end is known to lack frames."""
    view = lineup.views[end]
    quality = assess(view.connection, view.reading.index, view.reading.span, drops=view.reading.drops)
    return bool(quality.against(RestsOn.ABSENCE))


def _usual_hop_limit(arrived: Sequence[Packet]) -> int | None:
    """The hop limit of all packets but RSTs where they arrive; None when they differ or are few."""
    counted = Counter(packet.frame.ttl for packet in arrived if not packet.is_reset and packet.frame.ttl)
    return next(iter(counted)) if len(counted) == 1 and counted.total() >= FEWEST_HOP_LIMITS else None
