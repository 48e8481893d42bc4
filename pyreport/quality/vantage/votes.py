"""What the clues say, and what came of the vote."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim
from pyreport.base.endpoint import Endpoint


class Place(StrEnum):
    """Where a capture was taken, seen from one connection."""

    A = "a"
    B = "b"
    BETWEEN = "between"
    BOTH = "both"  # the two ends are on one host
    UNKNOWN = "not determinable"


class Clue(Struct, frozen=True):
    """One independent clue. ``place`` is what it speaks for; UNKNOWN for a remark that alone decides nothing.

    ``is_hard``: the capturing host itself marked the frames, so distance and routing play no part.
    """

    place: Place
    claim: Claim
    is_hard: bool = False

    @property
    def sentence(self) -> Claim:
        """The claim, for those who ask by this name still."""
        return self.claim


class Vantage(Struct, frozen=True):
    """The outcome. ``end`` is the one end at which the capture was taken, if it is one.

    ``is_disputed``: the clues contradict each other, whatever the outcome is.
    """

    place: Place
    end: Endpoint | None
    clues: tuple[Clue, ...]
    is_disputed: bool = False

    def is_at(self, endpoint: str) -> bool:
        """Whether the capture shows what this end really sent and received."""
        return self.place is Place.BOTH or self.end == endpoint

    def is_surely_at(self, endpoint: str) -> bool:
        """Whether the host of this end marked the frames itself. Hop limits tell only that no router lies between: a
        mirror port, a switch and the last router's own interface show the same.
        """
        marked = any(clue.is_hard and clue.place is self.place for clue in self.clues)
        return self.place is Place.BOTH or (self.is_at(endpoint) and marked)
