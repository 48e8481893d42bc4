"""What the whole report says first of a capture that has one direction only."""

from __future__ import annotations

import pytest

from pyreport.base.claim import claim
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Kind
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from pyreport.narrative.build import build_narrative
from pyreport.narrative.model import Narrative
from pyreport.quality.flaw import Flaw, FlawId, RestsOn
from tests.pyreport import sample
from tests.pyreport.cases import CLIENT, SERVER, Story, case_in, case_of, number, steady_neighbour
from tests.pyreport.segments import Segments
from tests.pyreport.told import ids

ONE_SIDED = Flaw(FlawId.ONE_SIDED, claim("quality-one-direction", (1,), silent=SERVER), (RestsOn.ABSENCE,))


def report(*flaws: Flaw) -> Narrative:
    story = Story().handshake().data(1.0, SERVER).data(1.5, CLIENT).fin(2.0, CLIENT, 1.5)
    return told_of(case_of(story, lasts=90.0, flaws=flaws))


def told_of(case: Case) -> Narrative:
    explanations, verdict = diagnose(case)
    appendix = sample.article().appendix
    return build_narrative(
        case, explanations, verdict, warnings=(), headers=(), appendix=appendix, generated_ns=number(90.0)
    )


def test_one_direction_is_said_on_page_one_with_what_to_do() -> None:
    told = report(ONE_SIDED)
    assert told.warnings == (ONE_SIDED.claim,)
    assert claim("advice-record_both_directions") in [row.text for row in told.advice]
    assert report().warnings == ()


def test_who_is_not_in_the_capture_is_not_said_to_have_left_the_connection_open() -> None:
    assert "close-left-alone" in ids(report().verdict)
    assert "close-left-alone" not in ids(report(ONE_SIDED).verdict)


@pytest.mark.parametrize("is_healthy", [True, False])
def test_a_condition_of_a_healthy_connection_is_no_step(is_healthy: bool) -> None:
    """What decides is a step of its own only where something happened."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).probes(6.0, 5)
    told = told_of(case_of(story, lasts=28.0) if is_healthy else case_of(story.reset(61.0, SERVER), lasts=90.0))
    assert (told.kind is Kind.HEALTHY) == is_healthy
    conditions = {tuple(ids([claim])) for claim in told.deciding if is_healthy}
    assert not [step for step in told.steps if tuple(ids(step.claims)) in conditions]
    assert any(step.decisive for step in told.steps) != is_healthy


def test_what_the_verdict_says_first_does_not_stand_under_what_decides() -> None:
    """A program that does not read: one sentence is the verdict, and what it rests on."""
    case = stalled_reader()
    verdict = diagnose(case)[1]
    told = told_of(case)
    assert verdict.kind is Kind.PEER_STALLED
    assert verdict.claims[0] in verdict.deciding
    assert told.deciding == tuple(found for found in verdict.deciding if found != verdict.claims[0])
    assert ids(told.answers[0].reason) == ["answer-service-stalled"]
    other = report()
    assert other.deciding


def stalled_reader() -> Case:
    story = Story().handshake().data(1.0, CLIENT).marked(1.0, window=500)
    story.frame(1.001, SERVER).marked(1.001, window=0)
    for seconds in (1.3, 1.9, 3.1, 5.5, 10.3, 19.9):
        story.frame(seconds, CLIENT).frame(seconds + 0.001, SERVER).marked(seconds + 0.001, window=0)
    return case_of(story, lasts=60.0)


def test_a_report_says_that_a_connection_broke_only_where_something_says_so() -> None:
    """One that is open at the capture's end, with an interval that went by; the same with a line of a log."""
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 4)
    others = steady_neighbour(1, 60.0)
    assert told_of(case_of(story, others, lasts=60.0)).title == claim("title-healthy")
    assert told_of(case_of(story, others, lasts=60.0, log="broken pipe", logged=50.0)).title == claim("title-broke")
    assert told_of(case_of(Story().handshake().data(1.0, SERVER).reset(61.0, SERVER))).title == claim("title-broke")


def test_a_connection_that_never_was_open_did_not_break() -> None:
    """A SYN that an RST refuses; the twin is reset after its handshake."""
    refused = Segments((64, 61)).add(0, CLIENT, flags=FLAG_SYN).add(600, SERVER, flags=FLAG_RST | FLAG_ACK)
    assert told_of(case_in(refused.index(), refused.span())).title == claim("title-never-opened")
    reset = Segments((64, 61)).handshake(300, 300).add(2_000, SERVER, flags=FLAG_RST | FLAG_ACK)
    assert told_of(case_in(reset.index(), reset.span())).title == claim("title-broke")


def test_a_connection_that_is_well_is_attributed_to_nobody() -> None:
    well = Segments((64, 61)).handshake(300, 300).add(1_000, CLIENT, 100).add(1_500, SERVER, 200).add(1_510, CLIENT)
    for us, side in ((2_000, CLIENT), (2_300, SERVER)):
        well.add(us, side, flags=FLAG_FIN | FLAG_ACK)
    well.add(2_310, CLIENT)
    assert told_of(case_in(well.index(), well.span())).attribution == ()
    assert told_of(case_of(Story().handshake().data(1.0, SERVER).reset(61.0, SERVER))).attribution != ()
