"""How long the local end kept its socket after the peer's FIN: one number and one claim for all who tell of it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, Party, claim
from pyreport.diagnosis.case import Case


class Until(StrEnum):
    """What ended it."""

    OWN_FIN = "own_fin"
    RESET = "reset"
    CAPTURE_END = "capture_end"


class CloseWait(Struct, frozen=True):
    """The time from the peer's FIN to the end of the socket, and the frames at both."""

    who: Party
    peer: Party
    kept_ns: int
    until: Until
    frames: tuple[int, ...]

    @property
    def claim(self) -> Claim:
        """As a sentence."""
        kept = Duration(self.kept_ns)
        return claim("close-wait", self.frames, who=self.who, peer=self.peer, kept=kept, until=self.until)


def close_wait(case: Case) -> CloseWait | None:
    """None when the peer did not close first."""
    kept, fin, ending = case.close_wait_ns, case.ending.fin, case.ending
    if kept is None or fin is None:
        return None
    ends = [frame for frame in (ending.answering_fin, ending.dead) if frame is not None]
    end = min(ends, key=lambda frame: frame.time_ns, default=None)
    until = Until.CAPTURE_END if end is None else Until.OWN_FIN if end is ending.answering_fin else Until.RESET
    frames = (fin.frame,) if end is None else (fin.frame, end.number)
    return CloseWait(case.local_party, case.peer_party, kept, until, frames)
