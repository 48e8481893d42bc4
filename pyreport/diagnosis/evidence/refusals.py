"""A device on the way says by ICMP that it did not pass segments of the connection on (RFC 792, RFC 4443, RFC 1812)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pyreport.base.claim import Claim, Value, claim
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import Wait
from pyreport.frames.findings import RefusedBy, RefusedByReason

# Path MTU discovery lives on this one (RFC 1191): it refuses a size, not the connection.
OF_SIZE = RefusedByReason.TOO_BIG


def refusals(case: Case) -> tuple[RefusedBy, ...]:
    """The ICMP errors that quote a segment of the connection and come from a device, not from an end of it; without
    those about its size.
    """
    return tuple(found for found in _by_devices(case) if found.reason is not OF_SIZE)


def size_refusals(case: Case, sender: str) -> tuple[RefusedBy, ...]:
    """Those that say that a segment of ``sender`` is larger than the next link takes (RFC 1191, RFC 8201)."""
    return tuple(found for found in _by_devices(case) if found.reason is OF_SIZE and found.sender == sender)


def is_out_of_reach(case: Case, host: Endpoint) -> bool:
    """Whether a router says that it cannot reach a host: the last one, for which nobody answers to that address (RFC
    1812 section 5.2.7.1, code 1). The host may be down as well as the link to it.
    """
    return any(one.reason is RefusedByReason.HOST_UNREACHABLE and one.sender != host for one in refusals(case))


def turned_back(case: Case, wait: Wait) -> tuple[Claim, ...]:
    """What devices say of segments that got no answer and that they did not pass on: these never reached the host, so
    they tell nothing of it. Empty when no device does, and where the host may be down as well (is_out_of_reach()).
    """
    found = [one for one in refusals(case) if one.reason is not RefusedByReason.HOST_UNREACHABLE]
    of_wait = [one for one in found if one.segment_frame in wait.frames]
    return tuple(tell_refusal(case, group) for group in grouped(of_wait))


def _by_devices(case: Case) -> tuple[RefusedBy, ...]:
    ends = (case.local, case.peer)
    return tuple(
        found
        for found in case.span.refusals
        if found.sender in ends
        and found.device not in (case.local.host, case.peer.host)
        and (found.segment_frame is None or case.connection.frame(found.segment_frame) is not None)
    )


def grouped(found: Iterable[RefusedBy]) -> Iterator[tuple[RefusedBy, ...]]:
    """The errors of one device about one sender's segments for one reason, in order of time."""

    def kind(one: RefusedBy) -> tuple[str, str, str]:
        return one.device, one.reason, one.sender

    for _, group in groupby(sorted(found, key=lambda one: (*kind(one), one.frame)), key=kind):
        yield tuple(group)


def tell_refusals(case: Case) -> Iterator[Claim]:
    """One claim for each device and reason, with the ICMP errors and the segments that they quote."""
    return (tell_refusal(case, group) for group in grouped(refusals(case)))


def tell_refusal(case: Case, group: Sequence[RefusedBy]) -> Claim:
    """What a device says of one sender's segments."""
    frames = tuple(sorted({number for one in group for number in (one.segment_frame, one.frame) if number is not None}))
    first = group[0]
    values: dict[str, Value] = {"device": first.device, "sender": case.roles.party(first.sender), "count": len(group)}
    icmp: dict[str, Value] = {"icmp_type": first.icmp_type, "icmp_code": first.icmp_code}
    if first.reason is OF_SIZE:
        smallest = min((one.mtu for one in group if one.mtu), default=0)
        return claim("refused-for-size", frames, **values, mtu=smallest, **icmp)
    return claim("refused-by-device", frames, **values, reason=first.reason, **icmp)


def all_refusals(case: Case) -> Iterator[tuple[RefusedBy, ...]]:
    """All that devices say of the connection, for size or another reason, grouped as they are told."""
    return grouped(_by_devices(case))
