"""How far the reading of a capture is, for who waits for it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct


class Step(StrEnum):
    """What is being done. The reader and tshark both go through a capture twice: to judge it, and to give its rows."""

    RECEIVING = "receiving"
    JOINING = "joining"
    JUDGING = "judging"
    TAKING = "taking"


class HowFar(Struct, frozen=True):
    """``read`` bytes of ``size`` (0: not known, as of a pipe) in this step; the frames and connections so far (0: not
    known).
    """

    step: Step
    read: int
    size: int = 0
    frames: int = 0
    connections: int = 0


#: Is told now and then, from any thread.
Watch = Callable[[HowFar], None]


def unwatched(_: HowFar) -> None:
    """When nobody waits."""
