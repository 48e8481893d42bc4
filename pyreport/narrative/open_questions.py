"""What cannot be told from this capture, and what would tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.refusals import refusals
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import IDLE_FROM_NS
from pyreport.frames.frame import FLAG_RST


def not_told(case: Case, explanations: Sequence[Explanation]) -> tuple[Claim, ...]:
    """The questions that stay open, each with what would answer it."""
    return tuple(_open_questions(case, {e.id: e for e in explanations}))


def _open_questions(case: Case, weighed: Mapping[ExplanationId, Explanation]) -> Iterator[Claim]:
    first = case.ending.first
    if first is not None and first.source == case.peer and not case.is_at_peer:
        no_device = weighed[ExplanationId.MIDDLEBOX_CLOSE].status is Status.RULED_OUT
        question = "open-which-program-closed" if no_device else "open-who-sent-the-close"
        yield claim(question, (first.frame,), peer=case.peer_party)
    age = close_age(case)
    data_idle = None if age is None else age.ns
    if weighed[ExplanationId.PEER_IDLE_CLOSE].status is Status.SUPPORTED and data_idle is not None:
        yield claim("open-which-limit", peer=case.peer_party, age=Duration(data_idle))
    # Who waits for a reply, or closes itself, owes no explanation.
    may_have_stalled = weighed[ExplanationId.APPLICATION_STALLED].status in (Status.SUPPORTED, Status.POSSIBLE)
    if data_idle is not None and data_idle >= IDLE_FROM_NS and may_have_stalled:
        yield claim("open-why-silent", who=case.local_party, age=Duration(data_idle))
    reset = case.ending.post_fin_reset
    after_fin = reset.after_fin_ns if reset is not None else None
    if reset is not None and after_fin is not None and _may_be_foreign(weighed):
        yield claim("open-why-forgotten", (reset.frame,), who=case.peer_party, after=Duration(after_fin))
    if case.ending.gave_up is not None and not refusals(case):
        yield claim("open-what-was-lost")
    if first is None and never_opened(case.connection):
        yield from _who_did_not_accept(case)
    elif first is None:
        yield claim("open-how-it-ended")


def _who_did_not_accept(case: Case) -> Iterator[Claim]:
    """What became of a SYN beyond this capture."""
    if case.is_at_peer or case.connection.b != case.peer:
        return
    refused = next((frame for frame in case.connection.frames if frame.has(FLAG_RST)), None)
    if refused is None:
        yield claim("open-did-the-syn-arrive", peer=case.peer_party)
    else:
        yield claim("open-who-refused", (refused.number,), peer=case.peer_party)


def _may_be_foreign(weighed: Mapping[ExplanationId, Explanation]) -> bool:
    return weighed[ExplanationId.MIDDLEBOX_CLOSE].status is Status.POSSIBLE
