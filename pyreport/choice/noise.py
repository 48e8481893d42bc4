"""What a capture has of resets, unanswered probes and the like, whether or not any of it broke something."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from pyreport.connections.index import CaptureIndex
from pyreport.diagnosis.connection import Judged
from pyreport.diagnosis.result import Explanation, ExplanationId, Kind, Status, Verdict
from pyreport.frames.findings import Missed, PostFinWrite, Unanswered

#: What a verdict on a closed connection says of a request without its reply.
NO_REPLY = {"health-no-reply", "reply-outstanding", "peer-stalled-no-reply"}
#: What the path did to packets, whether or not the connection outlived it.
BY_THE_PATH = {ExplanationId.PATH_LOSS, ExplanationId.MTU_BLACK_HOLE}
CLOSED = {Kind.LOCAL_CLOSED, Kind.PEER_CLOSED, Kind.PEER_CLOSED_IDLE, Kind.PEER_STALLED}


class Noise(Struct, frozen=True):
    """How many connections have an RST, a probe without an answer, a missed interval, a write after a FIN, how many
    were closed before a request had its reply, on how many packets got lost or were refused for a while, on how many a
    program did not read for a while, and how many are neither healthy nor told: the capture does not show enough of
    them.
    """

    resets: int = 0
    unanswered: int = 0
    missed: int = 0
    writes: int = 0
    unreplied: int = 0
    lost: int = 0
    unread: int = 0
    untold: int = 0

    @property
    def is_none(self) -> bool:
        """Whether there is literally nothing of the kind."""
        return self == Noise()


def noise_of(index: CaptureIndex, judged: Iterable[Judged]) -> Noise:
    """Count what the connections of a capture have, by their frames, their findings and as they were ``judged``; a
    connection that was not is plainly well.
    """
    known = list(judged)
    connections = index.connections.values()
    return Noise(
        sum(1 for c in connections if c.outline.has_reset),
        sum(1 for c in connections if Unanswered.id in c.found_ids),
        sum(1 for c in connections if Missed.id in c.found_ids),
        sum(1 for c in connections if PostFinWrite.id in c.found_ids),
        sum(1 for _, _, verdict in known if _left_a_request(verdict)),
        sum(1 for _, explanations, _ in known if any(map(_is_by_the_path, explanations))),
        sum(1 for _, _, verdict in known if verdict.told("window-reopened") is not None),
        sum(1 for _, _, verdict in known if verdict.kind is Kind.UNDETERMINED),
    )


def _left_a_request(verdict: Verdict) -> bool:
    """Whether the connection was closed before a request had its reply."""
    return verdict.kind in CLOSED and verdict.told(*NO_REPLY) is not None


def _is_by_the_path(explanation: Explanation) -> bool:
    return explanation.id in BY_THE_PATH and explanation.status is Status.SUPPORTED
