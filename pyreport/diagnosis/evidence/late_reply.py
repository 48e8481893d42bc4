"""A reply that came when its asker no longer took it: the asker had closed right behind its request."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import refused_from_elsewhere
from pyreport.diagnosis.evidence.replies import open_request
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, LATE_NS, LATE_ROUND_TRIPS
from pyreport.frames.findings import Fin, PostFinResetCauseKind


def came_too_late(case: Case, fin: Fin) -> Claim | None:
    """That the peer's reply took long, and drew an RST. A FIN right behind a request may be a half-close, which waits
    for the reply (RFC 9293 section 3.6), as well as a close, which does not; a reply that takes longer than any before
    may be why the asker gave up.
    """
    reset, request = case.ending.post_fin_reset, open_request(case)
    if reset is None or request is None or reset.source != fin.source or request.request.source != fin.source:
        return None
    reply = case.connection.frame(reset.cause_frame)
    asked = request.request
    if reply is None or reset.cause_kind is not PostFinResetCauseKind.WRITE or fin.time_ns - asked.time_ns > LATE_NS:
        return None
    waited = reply.time_ns - asked.time_ns
    if not request.turns or request.owes_nothing or refused_from_elsewhere(case, reset):
        return None
    if waited < max(IDLE_FROM_NS, LATE_ROUND_TRIPS * request.habit_ns):
        return None
    frames, who, other = (asked.number, reply.number, reset.frame), case.local_party, case.peer_party
    frame, took = FrameNumber(reply.number), Duration(waited)
    return claim("reply-came-too-late", frames, who=who, other=other, frame=frame, waited=took)
