"""No verdict is surer than the best of the explanations that its kind stands for.

What is proven beside it makes it no surer: that a host stood still explains why a connection was silent, and not that a
timer of the other end ran out. Such a proof has its own explanation, its own status and its share.
"""

from __future__ import annotations

from msgspec.structs import replace

from pyreport.diagnosis.result import Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.verdict.basis import Weighed

#: The explanations that a kind of verdict stands for. The kinds that are not here say who sent which frame, and rest on
#: the frame.
EXPLAINED_BY = {
    Kind.PEER_CLOSED_IDLE: (ExplanationId.PEER_IDLE_CLOSE,),
    Kind.PEER_RESTARTED: (ExplanationId.PEER_RESTART,),
    Kind.PEER_STALLED: (ExplanationId.PEER_APPLICATION_STALLED,),
    Kind.LOCAL_STALLED: (ExplanationId.APPLICATION_STALLED,),
    Kind.MIDDLEBOX_CLOSED: (ExplanationId.MIDDLEBOX_CLOSE, ExplanationId.IDLE_STATE_FORGOTTEN),
    Kind.PATH_LOST: (
        *(ExplanationId.PATH_LOSS, ExplanationId.MTU_BLACK_HOLE, ExplanationId.IDLE_STATE_FORGOTTEN),
        ExplanationId.RETRANSMISSION_TIMEOUT,
    ),
    Kind.KEEPALIVE_GAVE_UP: (ExplanationId.KEEPALIVE_GAVE_UP,),
    Kind.HOST_FROZEN: (ExplanationId.HOST_FROZEN_HERE, ExplanationId.HOST_FROZEN_THERE),
}


def not_surer(weighed: Weighed, verdict: Verdict) -> Verdict:
    """The verdict, "possible" at most when none of its explanations is supported."""
    explained = EXPLAINED_BY.get(verdict.kind)
    if explained is None or any(weighed[e].status is Status.SUPPORTED for e in explained):
        return verdict
    if verdict.confidence not in (Confidence.CONFIRMED, Confidence.LIKELY):
        return verdict
    return replace(verdict, confidence=Confidence.POSSIBLE)
