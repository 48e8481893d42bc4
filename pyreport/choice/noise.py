"""What a capture has of resets, unanswered probes and the like, whether or not any of it broke something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyreport.connections.index import CaptureIndex
from pyreport.diagnosis.result import Kind, Verdict
from pyreport.frames.findings import Missed, PostFinWrite, Unanswered

#: What a verdict on a closed connection says of a request without its reply.
NO_REPLY = {"health-no-reply", "reply-outstanding", "peer-stalled-no-reply"}
CLOSED = {Kind.LOCAL_CLOSED, Kind.PEER_CLOSED, Kind.PEER_CLOSED_IDLE, Kind.PEER_STALLED}


@dataclass(frozen=True, slots=True)
class Noise:
    """How many connections have an RST, a probe without an answer, a missed interval, a write after a FIN, how many
    were closed before a request had its reply, and how many are neither healthy nor told: the capture does not show
    enough of them.
    """

    resets: int = 0
    unanswered: int = 0
    missed: int = 0
    writes: int = 0
    unreplied: int = 0
    untold: int = 0

    @property
    def is_none(self) -> bool:
        """Whether there is literally nothing of the kind."""
        return self == Noise()


def noise_of(index: CaptureIndex, verdicts: Iterable[Verdict]) -> Noise:
    """Count what the connections of a capture have, by their frames, findings and ``verdicts``; a connection without a
    verdict is plainly well.
    """
    known = list(verdicts)
    connections = index.connections.values()
    return Noise(
        sum(1 for c in connections if c.outline.has_reset),
        sum(1 for c in connections if Unanswered.id in c.found_ids),
        sum(1 for c in connections if Missed.id in c.found_ids),
        sum(1 for c in connections if PostFinWrite.id in c.found_ids),
        sum(1 for verdict in known if _left_a_request(verdict)),
        sum(1 for verdict in known if verdict.kind is Kind.UNDETERMINED),
    )


def _left_a_request(verdict: Verdict) -> bool:
    """Whether the connection was closed before a request had its reply."""
    return verdict.kind in CLOSED and any(claim.id in NO_REPLY for claim in verdict.claims)
