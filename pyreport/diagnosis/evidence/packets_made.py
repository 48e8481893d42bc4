"""How many packets a side made in a stretch of time, by its packet counter, against how many the capture has.

Linux numbers the packets of a connected socket one by one (net/ipv4/ip_output.c ip_select_ident_segs(), before the
packet filter and the queues), so what was dropped inside the host has a number too.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.base.claim import Claim, claim
from pyreport.connections.connection import Connection
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.likeness import is_counter
from pyreport.diagnosis.thresholds import NEW_COUNTER
from pyreport.frames.frame import FLAG_RST


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
    sent = [f for f in connection.frames if f.source == side and f.marks.ip_id and not f.has(FLAG_RST)]
    before = [frame for frame in sent if frame.time_ns <= start_ns]
    after = [frame for frame in sent if frame.time_ns >= end_ns]
    inside = len(sent) - len(before) - len(after)
    if not before or not after or inside:
        return None
    if not is_counter([f.marks.ip_id or 0 for f in before]) and not is_counter([f.marks.ip_id or 0 for f in after]):
        return None
    step = ((after[0].marks.ip_id or 0) - (before[-1].marks.ip_id or 0)) % 2**16
    return Made(step - 1, before[-1].number, after[0].number) if 1 <= step <= NEW_COUNTER else None


def made_unseen(case: Case, side: str, made: Made) -> Claim:
    """That a side's kernel made packets that are not in the capture."""
    return claim("packets-made-unseen", made.frames, who=case.roles.party(side), packets=made.absent)
