"""The headline where a process of the peer ended with all its connections: the event, and this close as one of many."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.spread import Cause, Spread, tell_together, together
from pyreport.diagnosis.result import ExplanationId
from pyreport.diagnosis.verdict.basis import Weighed
from pyreport.frames.findings import Fin


def one_of_many(case: Case, weighed: Weighed, opening: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The claims with which the verdict begins in place of ``opening``, of which the first tells the close alone. As
    it is, with what else shows the end of the process, where this close is the only one of its moment.
    """
    batch = _batch(case)
    first = case.ending.first
    if batch is None or first is None or batch.ages_ns is None:
        return (*opening, weighed[ExplanationId.PEER_RESTART].weightiest)
    headline = claim(
        "close-one-of-many",
        batch.frames,
        who=case.roles.party(first.source),
        close="fin" if isinstance(first, Fin) else "rst",
        frame=FrameNumber(first.frame),
        closes=len(batch.closes),
        within=Duration(batch.moments_ns),
    )
    youngest, oldest = map(Duration, batch.ages_ns)
    ages = claim("close-of-any-age", batch.frames, youngest=youngest, oldest=oldest)
    return (headline, ages, *opening[1:])


def others_closed_too(case: Case, weighed: Weighed) -> Claim:
    """What stands against an end of this connection alone."""
    batch = _batch(case)
    if batch is None:
        return weighed[ExplanationId.PEER_RESTART].weightiest
    return claim(
        "closed-together",
        batch.frames,
        service=case.peer,
        closes=len(batch.closes),
        within=Duration(batch.moments_ns),
    )


def closed_with_another(case: Case, fin: Fin) -> Claim | None:
    """That the peer closed one other connection at the moment of its FIN, of another age: no idle limit closed both."""
    batch = together(case.index, case.peer, fin)
    return tell_together(batch, case.peer) if batch.cause is Cause.PAIR else None


def _batch(case: Case) -> Spread | None:
    """The closes that were one event, with that of this connection among them."""
    first = case.ending.first
    if first is None:
        return None
    batch = together(case.index, case.peer, first)
    return batch if _is_event_of(batch, first.frame) else None


def _is_event_of(batch: Spread, frame: int) -> bool:
    return batch.cause is Cause.EVENT and frame in batch.frames
