"""What a capture of one direction leaves open: no trace of something there is no sign that it did not happen."""

from __future__ import annotations

from msgspec.structs import replace

from pyreport.base.claim import claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Explanation, ExplanationId, Status

X = ExplanationId
#: What shows in segments of both ends only: whether something arrived, and whether it was answered.
OF_BOTH = frozenset(
    (
        *(X.CLOSE_RACE, X.PEER_APPLICATION_STALLED, X.HOST_FROZEN_THERE, X.IDLE_STATE_FORGOTTEN),
        *(X.PATH_LOSS, X.MTU_BLACK_HOLE, X.RETRANSMISSION_TIMEOUT, X.KEEPALIVE_GAVE_UP),
    )
)
#: What shows in segments of the local end only.
OF_LOCAL = frozenset((X.PROBE_NOT_SENT, X.HOST_FROZEN_HERE, X.WRITE_ON_HALF_CLOSED, X.APPLICATION_STALLED))
UNTOLD = claim("one-direction-untold")


def as_far_as_told(case: Case, explanation: Explanation) -> Explanation:
    """The explanation; where nothing speaks for it, and its traces would be in the other direction: that this cannot be
    told.
    """
    rests_on = OF_BOTH | OF_LOCAL if case.unseen == case.local else OF_BOTH
    if case.unseen is None or explanation.status is not Status.NO_EVIDENCE or explanation.id not in rests_on:
        return explanation
    return replace(explanation, evidence=(UNTOLD,), against=())
