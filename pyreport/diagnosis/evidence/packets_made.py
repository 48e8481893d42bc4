"""How many packets a side made in a stretch of time, by its packet counter, against how many the capture has.

Linux numbers the packets of a connected socket one by one (net/ipv4/ip_output.c ip_select_ident_segs(), before the
packet filter and the queues), so what was dropped inside the host has a number too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from pyreport.base.claim import Claim, claim
from pyreport.connections.connection import Connection
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.likeness import is_counter
from pyreport.diagnosis.thresholds import NEW_COUNTER
from pyreport.frames.frame import FLAG_RST
from pyreport.frames.seq import id_since

# So many frames on either side of a stretch tell whether a counter ran there.
NEAR = 200


class Made(Struct, frozen=True):
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
    counted = _counted(connection, side)
    place = bisect_right(counted.times, start_ns)
    if not 0 < place < len(counted.times) or bisect_left(counted.times, end_ns) > place:
        return None
    before, after = counted.ids[max(place - NEAR, 0) : place], counted.ids[place : place + NEAR]
    if not is_counter(before) and not is_counter(after):
        return None
    step = id_since(after[0], before[-1])
    return Made(step - 1, *counted.numbers[place - 1 : place + 1]) if 1 <= step <= NEW_COUNTER else None


class _Counted(NamedTuple):
    """The frames of a side that have its counter, in order of time."""

    times: tuple[int, ...]
    numbers: tuple[int, ...]
    ids: tuple[int, ...]


@lru_cache(maxsize=16)
def _counted(connection: Connection, side: str) -> _Counted:
    sent = [f for f in connection.frames if f.source == side and not f.has(FLAG_RST)]
    rows = [(f.time_ns, f.number, f.marks.ip_id) for f in sent if f.marks.ip_id]
    times, numbers, ids = zip(*sorted(rows), strict=True) if rows else ((), (), ())
    return _Counted(times, numbers, ids)


def made_unseen(case: Case, side: str, made: Made) -> Claim:
    """That a side's kernel made packets that are not in the capture."""
    return claim("packets-made-unseen", made.frames, who=case.roles.party(side), packets=made.absent)
