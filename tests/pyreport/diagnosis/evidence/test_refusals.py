"""A device says by ICMP that it did not pass a segment on."""

from __future__ import annotations

import pytest
from msgspec import structs

from pyreport.advice.plan import plan
from pyreport.base.claim import Claim
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.refusals import all_refusals, refusals, size_refusals, tell_refusal
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Status
from pyreport.frames.finding import Level
from pyreport.frames.findings import RefusedBy, RefusedByReason
from pyreport.frames.frame import NOBODY
from pyreport.narrative.answers import answer_the_question
from pyreport.narrative.cause import cause
from pyreport.narrative.figure import timeline
from pyreport.narrative.ladder import ladder
from pyreport.narrative.model import LaneEventKind, Standing, StepKind, Subject
from pyreport.narrative.walkthrough import walk
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number, verdict_of, weigh
from tests.pyreport.told import ids, told

ROUTER = "10.0.0.254"


def refused(
    reason: RefusedByReason = RefusedByReason.PROHIBITED, device: str = ROUTER, quoted: int = number(5.2),
    *, length: int = 100, mtu: int | None = None, last: float = 8.0,
) -> Case:  # fmt: skip
    """A request that is sent again and again, and an ICMP error that quotes its second copy."""
    case = case_of(Story().handshake().data(1.0, SERVER).sent_again(CLIENT, 5.0, 5.2, 5.6, 6.4, last, length=length))
    case.span.note([
        RefusedBy(
            frame=number(5.201), time_ns=at(5.201), source=NOBODY, level=Level.WARN, summary="", device=device,
            reason=reason, icmp_type=3, icmp_code=13, sender=CLIENT, segment_frame=quoted, mtu=mtu,
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


@pytest.mark.parametrize(
    ("reason", "told_of_host", "looks_the_same"),
    [
        (RefusedByReason.PROHIBITED, "refused-by-device", False),
        (RefusedByReason.HOST_UNREACHABLE, "wait-data-no-answer", True),  # the host may be down
    ],
)
def test_what_was_turned_back_on_the_way_tells_nothing_of_the_host(
    reason: RefusedByReason, told_of_host: str, looks_the_same: bool
) -> None:
    case = refused(reason)
    host = weigh("host_frozen_there", case)
    assert ids(host.evidence) == [told_of_host]
    assert host.status is (Status.POSSIBLE if looks_the_same else Status.NO_EVIDENCE)
    loss = weigh("path_loss", case)
    assert ("wait-data-no-answer" in ids(loss.evidence)) is looks_the_same
    verdict = verdict_of(case)
    answers = answer_the_question(case, diagnose(case)[0], verdict)
    (service,) = (answer for answer in answers if answer.subject is Subject.SERVICE)
    assert service.standing is (Standing.NOT_CLEARED if looks_the_same else Standing.NO_SIGN)


def test_the_walkthrough_and_the_figure_show_what_the_device_says() -> None:
    (step,) = (step for step in walk(refused()) if step.kind is StepKind.REFUSED)
    assert (step.first_frame, ids(step.claims), step.decisive) == (number(5.201), ["refused-by-device"], True)
    figure = timeline(refused())
    assert figure is not None
    (mark,) = (event for event in figure.events if event.kind is LaneEventKind.REFUSED)
    assert (mark.lane, mark.frame) == (0, number(5.201))
    drawn = ladder(refused(), ())
    assert drawn is not None
    (rung,) = (rung for rung in drawn.rungs if rung.kind is StepKind.REFUSED)
    assert (rung.end, rung.what.id) == (0, "figure-refused")
    assert not any(step.kind is StepKind.REFUSED for step in walk(refused(device=SERVER.host)))


def test_a_size_that_a_device_refuses_and_that_is_sent_again_is_a_hole_for_large_packets() -> None:
    case = refused(RefusedByReason.TOO_BIG, length=1_448, mtu=1_400)
    hole = weigh("mtu_black_hole", case)
    assert hole.status is Status.SUPPORTED
    said = told(hole.evidence, "mtu-not-heeded")
    assert isinstance(said.values["told"], Claim)
    assert (said.values["told"].id, said.values["told"].values["mtu"]) == ("refused-for-size", 1_400)
    assert number(5.201) in said.frames
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.confidence) == (Kind.PATH_LOST, Confidence.LIKELY)
    (step,) = (step for step in walk(case) if step.kind is StepKind.REFUSED)
    assert (ids(step.claims), step.decisive) == (["refused-for-size"], False)


def test_a_segment_that_the_next_link_takes_is_not_kept_by_its_size() -> None:
    assert weigh("mtu_black_hole", refused(RefusedByReason.TOO_BIG, mtu=1_400)).status is not Status.SUPPORTED
    none = weigh("mtu_black_hole", refused(RefusedByReason.TOO_BIG, device=SERVER.host, length=1_448, mtu=1_400))
    assert none.status is not Status.SUPPORTED


def test_who_refuses_is_the_cause_and_is_asked_first() -> None:
    case = refused()
    verdict = verdict_of(case)
    told_cause = cause(case, verdict)
    assert told_cause is not None
    assert (told_cause.id, told_cause.values["unreachable"]) == ("cause-refused", False)
    advised = [advice.id for advice in plan(case, verdict, None).advice]
    assert advised[0] == "find_the_rule"
    assert "find_the_loss" not in advised


@pytest.mark.parametrize(
    ("reason", "shares"),
    [
        (RefusedByReason.HOST_UNREACHABLE, (Attribution.NETWORK_PATH, Attribution.PEER_SERVICE)),
        (RefusedByReason.NET_UNREACHABLE, (Attribution.NETWORK_PATH,)),
    ],
)
def test_a_device_that_cannot_reach_the_host_refuses_nothing(
    reason: RefusedByReason, shares: tuple[Attribution, ...]
) -> None:
    """For which nobody answers at the address: the host may be down. Without a route, it does not come to that."""
    case = refused(reason)
    verdict = verdict_of(case)
    assert verdict.attribution == shares
    told_cause = cause(case, verdict)
    assert told_cause is not None
    assert (told_cause.id, told_cause.values["unreachable"]) == ("cause-refused", True)
    assert told_cause.values["far"] is case.peer_party


def test_a_size_that_does_not_pass_is_the_cause_and_is_looked_for_first() -> None:
    case = refused(RefusedByReason.TOO_BIG, length=1_448, mtu=1_400)
    verdict = verdict_of(case)
    told_cause = cause(case, verdict)
    assert told_cause is not None
    advised = [advice.id for advice in plan(case, verdict, None).advice]
    assert (told_cause.id, advised[0]) == ("cause-size", "large_packets")


@pytest.mark.parametrize(
    ("mtu", "again", "status"),
    [
        (1_487, True, Status.SUPPORTED),  # 1,448 octets and 40 of headers are 1,488
        (1_488, True, Status.POSSIBLE),
        (None, True, Status.SUPPORTED),  # a router of before RFC 1191 names no size
        (1_400, False, Status.POSSIBLE),  # what it was told came after the last copy
    ],
)
def test_a_size_is_not_heeded_by_who_sends_more_after_it(mtu: int | None, again: bool, status: Status) -> None:
    case = refused(RefusedByReason.TOO_BIG, length=1_448, mtu=mtu, last=8.0 if again else 6.5)
    if not again:
        (said,) = case.span.refusals
        case.span.refusals[:] = [structs.replace(said, time_ns=at(7.0))]
    found = weigh("mtu_black_hole", case)
    assert (found.status is Status.SUPPORTED) is (status is Status.SUPPORTED)
    if status is Status.SUPPORTED:
        said_of = told(found.evidence, "mtu-not-heeded")
        assert (said_of.values["octets"], said_of.values["frame"]) == (1_448, number(5.6))


@pytest.mark.parametrize(
    ("reason", "sender", "is_of_size"),
    [
        (RefusedByReason.TOO_BIG, CLIENT, True),
        (RefusedByReason.TOO_BIG, SERVER, False),
        (RefusedByReason.PROHIBITED, CLIENT, False),
    ],
)
def test_a_size_is_refused_to_its_sender(reason: RefusedByReason, sender: str, is_of_size: bool) -> None:
    assert bool(size_refusals(refused(reason, mtu=1_400), sender)) is is_of_size


def test_errors_are_grouped_by_device_and_told_with_the_smallest_size() -> None:
    case = refused(RefusedByReason.TOO_BIG, mtu=1_400)
    (one,) = case.span.refusals
    more = [
        structs.replace(one, frame=one.frame + 2, mtu=1_300),
        structs.replace(one, frame=one.frame + 1, mtu=None),
        structs.replace(one, frame=one.frame + 3, device="10.0.0.253", mtu=None),
    ]
    case.span.refusals[:] = [one, *more]
    said = [tell_refusal(case, group) for group in all_refusals(case)]
    assert [(c.values["device"], c.values["count"], c.values["mtu"]) for c in said] == [
        ("10.0.0.253", 1, 0),
        (ROUTER, 3, 1_300),
    ]
