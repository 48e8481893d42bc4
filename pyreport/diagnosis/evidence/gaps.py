"""Keep-alive intervals that went by without a probe, and the probe that was not due yet."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.frames.findings import ClosedBeforeDue, Late, Missed, MissedEndedBy

#: That a missing probe closes nothing: RFC 1122 section 4.2.3.6; Linux tcp_keepalive_timer() in net/ipv4/tcp_timer.c.
NO_CAUSE = claim("keepalive-missing-closes-nothing")


def lasts_to_the_end(missed: Missed) -> bool:
    """Whether the gap reaches the end of the capture; the finding then stands on the last frame before the gap."""
    return missed.ended_by is MissedEndedBy.CAPTURE_END


def stands_before(missed: Missed) -> bool:
    """Whether the finding stands on a frame before the gap: where that ends at a hole in the capture, or at its end."""
    return missed.time_ns < missed.due_at_ns


def gap_end_ns(missed: Missed | Late) -> int:
    """When the gap ended, in ns since the epoch."""
    return missed.due_at_ns + missed.overdue_ns


def gap_frames(missed: Missed | Late) -> tuple[int, ...]:
    """The last probe before the gap and the frame that carries the finding."""
    return tuple(sorted({f for f in (missed.last_probe_frame, missed.frame) if f}))


def tell_gap(case: Case, missed: Missed) -> Claim:
    """How many intervals of whom went by, and where."""
    by = missed.by
    place = "keepalive-gap-after" if stands_before(missed) else "keepalive-gap"
    return claim(
        "keepalive-gap-to-the-end" if lasts_to_the_end(missed) else place,
        gap_frames(missed),
        who=case.roles.party(by) if by in case.roles.parties else by,
        intervals=missed.intervals,
        frame=FrameNumber(missed.frame),
    )


def tell_gaps(case: Case, missed: Sequence[Missed]) -> Claim:
    """All gaps of one side, so that the first is not taken for the only one."""
    first, by = missed[0], missed[0].by
    if len(missed) == 1:
        return tell_gap(case, first)
    return claim(
        "keepalive-gaps",
        gap_frames(first),
        who=case.roles.party(by) if by in case.roles.parties else by,
        intervals=sum(gap.intervals for gap in missed),
        gaps=len(missed),
        after=stands_before(first),
        frame=FrameNumber(first.frame),
    )


def closed_before_due(case: Case) -> ClosedBeforeDue | None:
    """That the close came before the local end's next probe was due; None when it did not."""
    return next((f for f in case.connection.of(ClosedBeforeDue) if f.by == case.local), None)


def next_probe_due(in_time: ClosedBeforeDue) -> Claim:
    """When the next probe was due after such a close, so that none was missing."""
    frames = (in_time.last_probe_frame, in_time.frame)
    return claim("keepalive-next-due", frames, margin=Duration(in_time.margin_ns))
