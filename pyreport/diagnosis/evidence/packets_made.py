"""How many packets a side made in a stretch of time, by its packet counter, against how many the capture has.

Linux numbers the packets of a connected socket one by one (net/ipv4/ip_output.c ip_select_ident_segs(), before the
packet filter and the queues), so what was dropped inside the host has a number too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from pyreport.base.claim import Claim, claim
from pyreport.connections.connection import Connection
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.likeness import is_counter
from pyreport.diagnosis.thresholds import NEW_COUNTER
from pyreport.frames.frame import FLAG_RST, Frame

# So many frames on either side of a stretch tell whether a counter ran there.
NEAR = 200


@dataclass(frozen=True, slots=True)
class Made:
    """``absent`` packets that a side made between two of its frames (their numbers) and that the capture lacks."""

    absent: int
    before: int
    after: int

    @property
    def frames(self) -> tuple[int, int]:
        """The two frames."""
        return self.before, self.after


def made_between(connection: Connection, side: str, start_ns: int, end_ns: int) -> Made | None:
    """What the counter says of the stretch (ns since the epoch); None when the side has no counter that could be
    trusted, or none of its frames stands on both sides of the stretch.
    """
    sent, times = _counted(connection, side)
    first, last = bisect_right(times, start_ns), bisect_left(times, end_ns)
    if not first or last == len(sent) or first < last:
        return None
    before, after = sent[max(first - NEAR, 0) : first], sent[max(first, last) : max(first, last) + NEAR]
    if not is_counter([f.marks.ip_id or 0 for f in before]) and not is_counter([f.marks.ip_id or 0 for f in after]):
        return None
    step = ((after[0].marks.ip_id or 0) - (before[-1].marks.ip_id or 0)) % 2**16
    return Made(step - 1, before[-1].number, after[0].number) if 1 <= step <= NEW_COUNTER else None


@lru_cache(maxsize=16)
def _counted(connection: Connection, side: str) -> tuple[list[Frame], list[int]]:
    """The frames of a side with its counter, by their time, and these times."""
    sent = [f for f in connection.frames if f.source == side and f.marks.ip_id and not f.has(FLAG_RST)]
    sent.sort(key=lambda frame: frame.time_ns)
    return sent, [frame.time_ns for frame in sent]


def made_unseen(case: Case, side: str, made: Made) -> Claim:
    """That a side's kernel made packets that are not in the capture."""
    return claim("packets-made-unseen", made.frames, who=case.roles.party(side), packets=made.absent)
