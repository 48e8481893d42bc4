"""A time in which a connection stood still because data did not get through, until they were acknowledged."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import first_copy_arrived, waits
from pyreport.diagnosis.thresholds import FEWEST_REPEATS


def made_good(case: Case) -> Claim | None:
    """The longest wait of data that were acknowledged after more copies than ordinary loss takes (RFC 6298 section
    5.5); None where there was none. Copies of what had arrived at once tell of its acknowledgment alone.
    """
    found = [
        (wait.answer.time_ns - wait.start_ns, wait, wait.answer)
        for wait in waits(case)
        if wait.is_data and not wait.is_opening and not wait.is_bare_fin and wait.answer is not None
        if not wait.is_refused and len(wait.asks) > FEWEST_REPEATS and not first_copy_arrived(wait)
    ]
    longest = max(found, key=lambda one: one[0], default=None)
    if longest is None:
        return None
    took_ns, wait, answer = longest
    return claim(
        "data-made-good",
        (*wait.frames, answer.number),
        who=case.roles.party(wait.asker),
        other=case.roles.party(wait.silent),
        frame=FrameNumber(wait.frames[0]),
        repeats=wait.repeats,
        took=Duration(took_ns),
    )
