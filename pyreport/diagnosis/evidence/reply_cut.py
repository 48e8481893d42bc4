"""A reply, or a record of TLS, that the close cut off: its own header announced more than had been sent."""

from __future__ import annotations

from pyreport.application.tls_records import CutRecord
from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.diagnosis.case import Case

#: What tells of it.
CUT = ("reply-cut", "reply-cut-chunked", "record-cut")


def tell_cut(case: Case) -> Claim | None:
    """How much of it had been sent when who closed; None where no reply was cut off, or none could be read."""
    cut, first = case.cut, case.ending.first
    if cut is None or first is None:
        return None
    who, closer = case.roles.party(cut.by), case.roles.party(first.source)
    frames, frame = (cut.began, first.frame), FrameNumber(cut.began)
    if isinstance(cut, CutRecord):
        return claim("record-cut", frames, who=who, closer=closer, frame=frame, promised=cut.promised, came=cut.came)
    if cut.promised is None:
        return claim("reply-cut-chunked", frames, who=who, closer=closer, frame=frame)
    return claim("reply-cut", frames, who=who, closer=closer, frame=frame, promised=cut.promised, came=cut.came)
