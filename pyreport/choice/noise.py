"""What a capture has of resets, unanswered probes and the like, whether or not any of it broke something."""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.connections.index import CaptureIndex
from pyreport.frames.findings import Missed, PostFinWrite, Unanswered


@dataclass(frozen=True, slots=True)
class Noise:
    """How many connections have an RST, a probe without an answer, a missed interval, a write after a FIN, and how many
    are neither healthy nor told: the capture does not show enough of them.
    """

    resets: int = 0
    unanswered: int = 0
    missed: int = 0
    writes: int = 0
    untold: int = 0

    @property
    def is_none(self) -> bool:
        """Whether there is literally nothing of the kind."""
        return not (self.resets or self.unanswered or self.missed or self.writes or self.untold)


def noise_of(index: CaptureIndex, untold: int) -> Noise:
    """Count what the connections of a capture have, by their frames and findings."""
    connections = index.connections.values()
    return Noise(
        sum(1 for c in connections if c.outline.has_reset),
        sum(1 for c in connections if Unanswered.id in c.found_ids),
        sum(1 for c in connections if Missed.id in c.found_ids),
        sum(1 for c in connections if PostFinWrite.id in c.found_ids),
        untold,
    )
