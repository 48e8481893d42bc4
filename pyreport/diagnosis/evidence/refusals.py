"""A device on the way says by ICMP that it did not pass segments of the connection on (RFC 792, RFC 4443, RFC 1812)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.case import Case
from pyreport.frames.findings import RefusedBy, RefusedByReason

# Path MTU discovery lives on this one (RFC 1191): it refuses a size, not the connection.
OF_SIZE = RefusedByReason.TOO_BIG


def refusals(case: Case) -> tuple[RefusedBy, ...]:
    """The ICMP errors that quote a segment of the connection and come from a device, not from an end of it."""
    ends = (case.local, case.peer)
    return tuple(
        found
        for found in case.span.refusals
        if found.reason is not OF_SIZE
        and found.sender in ends
        and found.device not in (case.local.host, case.peer.host)
        and (found.segment_frame is None or case.connection.frame(found.segment_frame) is not None)
    )


def tell_refusals(case: Case) -> Iterator[Claim]:
    """One claim for each device and reason, with the ICMP errors and the segments that they quote."""

    def kind(found: RefusedBy) -> tuple[str, str, str]:
        return found.device, found.reason, found.sender

    for _, group in groupby(sorted(refusals(case), key=kind), key=kind):
        found = list(group)
        numbers = {number for one in found for number in (one.segment_frame, one.frame) if number is not None}
        yield claim(
            "refused-by-device",
            tuple(sorted(numbers)),
            device=found[0].device,
            sender=case.roles.party(found[0].sender),
            count=len(found),
            reason=found[0].reason,
            icmp_type=found[0].icmp_type,
            icmp_code=found[0].icmp_code,
        )
