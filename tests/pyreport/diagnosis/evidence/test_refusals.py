"""A device says by ICMP that it did not pass a segment on."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.refusals import refusals
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Status
from pyreport.frames.finding import Level
from pyreport.frames.findings import RefusedBy, RefusedByReason
from pyreport.frames.frame import NOBODY
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number, verdict_of, weigh
from tests.pyreport.told import told

ROUTER = "10.0.0.254"


def refused(
    reason: RefusedByReason = RefusedByReason.PROHIBITED, device: str = ROUTER, quoted: int = number(5.2)
) -> Case:
    """A request that is sent again and again, and an ICMP error that quotes its second copy."""
    case = case_of(Story().handshake().data(1.0, SERVER).sent_again(CLIENT, 5.0, 5.2, 5.6, 6.4, 8.0))
    case.span.note([
        RefusedBy(
            frame=number(5.201), time_ns=at(5.201), source=NOBODY, level=Level.WARN, summary="", device=device,
            reason=reason, icmp_type=3, icmp_code=13, sender=CLIENT, segment_frame=quoted,
        )
    ])  # fmt: skip
    return case


def test_a_device_that_refuses_is_the_path() -> None:
    loss = weigh("path_loss", refused())
    assert loss.status is Status.SUPPORTED
    said = told(loss.evidence, "refused-by-device")
    assert said.frames == (number(5.2), number(5.201))
    assert (said.values["device"], said.values["count"]) == (ROUTER, 1)
    verdict = verdict_of(refused())
    assert (verdict.kind, verdict.confidence) == (Kind.PATH_LOST, Confidence.LIKELY)
    assert verdict.attribution == (Attribution.NETWORK_PATH,)


@pytest.mark.parametrize(
    "alike",
    [
        refused(RefusedByReason.TOO_BIG),  # path MTU discovery: the next one is smaller
        refused(device=SERVER.host),  # the peer itself speaks: the path brought the segment to it
        refused(quoted=number(0.3)),  # a segment of a connection before, with the same ends
    ],
)
def test_what_looks_alike_and_is_none(alike: Case) -> None:
    assert refusals(alike) == ()
    assert weigh("path_loss", alike).status is not Status.SUPPORTED
