"""Gaps in a sender's own packet counter: packets that its kernel made and that the capture does not have.

Linux counts the IP identification of a connected TCP socket up by one for each segment (net/ipv4/ip_output.c
ip_select_ident_segs(), inet_id). Other systems count for the whole host, or not at all, so the counter is used only
when it proves itself: it went up by one from frame to frame while the same host sent frames on other connections.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import islice, pairwise

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.frames.frame import FLAG_RST, Frame
from pyreport.frames.seq import IDENTIFICATIONS, id_since

# So many steps of one across frames of other connections: a counter for the whole host would have moved each time.
PROOFS = 4
# Of all steps, so many must be of one: a counter that jumps about tells nothing.
MOSTLY = 0.8
# A jump further than this is a new counter, not lost frames.
FARTHEST = 1_000


class CounterGap(Struct, frozen=True):
    """``packets`` of the side between two of its frames (their numbers) are not in the capture."""

    side: str
    before: int
    after: int
    packets: int


def counter_gaps(connection: Connection, side: Endpoint, index: CaptureIndex) -> tuple[CounterGap, ...]:
    """The gaps in the side's counter; none when the counter is not provably the connection's own.

    Frames that a card cuts into several (larger than the smallest MSS announced, RFC 9293 3.7.1) take as many numbers
    as they make packets, which is not known here exactly: steps after them are not judged. Numbers that come out of
    order are not absent.
    """
    sent = [f for f in connection.frames if f.source == side and not f.has(FLAG_RST) and f.marks.ip_id]
    largest = min((f.marks.mss for f in connection.frames if f.marks.mss), default=1_220)
    steps = [(before, after, _step(before, after)) for before, after in pairwise(sent) if before.length <= largest]
    moved = [(before, after, step) for before, after, step in steps if step != 0]
    if not moved or sum(1 for *_, step in moved if step == 1) < MOSTLY * len(moved):
        return ()
    times = index.times_of(side.host)
    own = [frame.time_ns for frame in sent]
    next_to = ((before, after) for before, after, step in moved if step == 1)
    proofs = (1 for before, after in next_to if _others_between(times, own, before.time_ns, after.time_ns))
    if sum(islice(proofs, PROOFS)) < PROOFS:
        return ()
    seen = {0, *(frame.marks.ip_id for frame in sent)}  # frames with 0 were left out above
    gaps = []
    for before, after, step in moved:
        if 1 < step <= FARTHEST:
            start = before.marks.ip_id or 0
            absent = sum(1 for number in range(start + 1, start + step) if number % IDENTIFICATIONS not in seen)
            if absent:
                gaps.append(CounterGap(side, before.number, after.number, absent))
    return tuple(gaps)


def _step(before: Frame, after: Frame) -> int:
    return id_since(after.marks.ip_id or 0, before.marks.ip_id or 0)


def _others_between(times: Sequence[int], own: list[int], start_ns: int, end_ns: int) -> bool:
    """Whether the host sent a frame on another connection strictly between two times."""

    def count(moments: Sequence[int]) -> int:
        return bisect_left(moments, end_ns) - bisect_right(moments, start_ns)

    return count(times) > count(own)
