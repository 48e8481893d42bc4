"""A capture of one direction tells nothing of the end that it has no frame of, nor of what was answered."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Party, claim
from pyreport.capture.packet_details import FrameHeaders
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import reset_followed
from pyreport.diagnosis.explanations.one_direction import OF_BOTH, OF_LOCAL, UNTOLD
from pyreport.diagnosis.health import check_health, not_holding
from pyreport.diagnosis.result import ExplanationId, Status
from pyreport.frames.findings import Reset
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN
from pyreport.frames.tcp_state import TcpState
from pyreport.narrative.answers import answer_the_question
from pyreport.narrative.application_side import application_side
from pyreport.narrative.cadence import cadence
from pyreport.narrative.close_wait import close_wait
from pyreport.narrative.figure import timeline
from pyreport.narrative.key_facts import keepalive_rows, key_facts
from pyreport.narrative.ladder import ladder
from pyreport.narrative.model import LaneEventKind, Standing, Subject
from pyreport.narrative.walkthrough import walk
from pyreport.quality import Flaw, FlawId, RestsOn
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of
from tests.pyreport.told import ids

WEAKENS = (RestsOn.ABSENCE, RestsOn.ANSWERS, RestsOn.TIMES, RestsOn.ENDING)


def one_way(story: Story, seen: str) -> Case:
    """The case of a capture that has the frames of one end only."""
    story.frames = {key: frame for key, frame in story.frames.items() if frame.source == seen}
    story.expected = []
    unseen = SERVER if seen == CLIENT else CLIENT
    flaw = Flaw(FlawId.ONE_SIDED, claim("quality-one-direction", (1,), silent=unseen), WEAKENS)
    return case_of(story, flaws=(flaw,), local=CLIENT)


def probing() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.0, 5)


def closed() -> Story:
    return probing().fin(61.0, SERVER, 1.0).frame(64.0, SERVER, flags=FLAG_RST)


def test_who_is_not_seen() -> None:
    assert one_way(probing(), CLIENT).unseen == SERVER
    assert one_way(closed(), SERVER).unseen == CLIENT
    assert case_of(probing()).unseen is None


def test_probes_whose_answers_were_not_captured_are_not_unanswered() -> None:
    case = one_way(probing(), CLIENT)
    (probes,) = [step for step in walk(case) if "walk-probes-untold" in ids(step.claims)]
    assert not probes.decisive
    assert not {"walk-probes-answered", "walk-probes-unanswered"} & set(ids(probes.claims))
    figure, drawn = timeline(case), cadence(case)
    assert figure is not None and drawn is not None
    assert LaneEventKind.UNANSWERED not in {event.kind for event in figure.events}
    assert all(gap.is_answered for gap in drawn.gaps)
    (counted,) = [fact for fact in key_facts(case) if fact.label.id == "fact-probes"]
    assert counted.value == claim("fact-probes-untold", sent=5, missed=0)
    ours, theirs = keepalive_rows(case)
    assert (ours.probes, ours.answered, ours.unanswered) == (5, None, None)
    assert (theirs.probes, theirs.missed, ids(theirs.remarks)) == (None, None, ["one-direction-no-frame"])


def test_an_end_that_was_not_captured_kept_nothing_and_sent_no_less() -> None:
    case = one_way(closed(), SERVER)
    assert (case.close_wait_ns, case.fin_unnoticed_ns, close_wait(case)) == (None, None, None)
    assert "close-wait" not in ids(application_side(case, None))
    (probes,) = [fact for fact in key_facts(case) if fact.label.id == "fact-probes-before-the-close"]
    assert probes.value == claim("not-in-this-capture")
    assert probes.note == claim("one-direction-no-frame", who=Party.CLIENT)


def test_the_same_of_both_ends_is_told() -> None:
    case = case_of(closed())
    assert case.close_wait_ns is not None
    ours, _ = keepalive_rows(case)
    assert (ours.probes, ours.answered, ours.unanswered) == (5, 5, 0)


@pytest.mark.parametrize(("seen", "untold"), [(CLIENT, OF_BOTH), (SERVER, OF_BOTH | OF_LOCAL)])
def test_no_trace_in_one_direction_is_no_evidence_against_anything(seen: str, untold: frozenset[ExplanationId]) -> None:
    case = one_way(closed() if seen == SERVER else probing(), seen)
    explanations, verdict = diagnose(case)
    without = [found for found in explanations if found.status is Status.NO_EVIDENCE and found.id in untold]
    assert without
    assert all(found.evidence == (UNTOLD,) for found in without)
    told = [found for found in explanations if found not in without]
    assert not any(UNTOLD in found.evidence for found in told)
    assert {found.id for found in told} >= set(ExplanationId) - untold
    answers = {answer.subject: answer for answer in answer_the_question(case, explanations, verdict)}
    assert answers[Subject.NETWORK].standing is Standing.UNKNOWN
    end = Subject.SERVICE if seen == CLIENT else Subject.APPLICATION
    assert ids(answers[end].reason) in (["one-direction-no-frame"], ["answer-service-closed"])
    both = diagnose(case_of(closed() if seen == SERVER else probing()))[0]
    assert UNTOLD not in [told for found in both for told in found.evidence]


def test_what_cannot_be_acknowledged_in_the_capture_is_no_fault() -> None:
    case = one_way(probing(), CLIENT)
    told = not_holding(check_health(case))
    assert "health-not-acknowledged" not in ids(told)
    assert ids(told).count("quality-one-direction") == 1
    lost = case_of(Story().handshake().sent_again(CLIENT, 1.0, 1.3, 1.9, 3.1).data(60.0, SERVER))
    assert "health-not-acknowledged" in ids(not_holding(check_health(lost)))


@pytest.mark.parametrize("seen", [SERVER, None])
def test_what_an_rst_answers_would_be_in_the_other_direction(seen: str | None) -> None:
    story = Story().frame(0.0, CLIENT, flags=FLAG_SYN).frame(0.01, SERVER, flags=FLAG_SYN | FLAG_ACK)
    story.frame(0.011, CLIENT).data(1.0, SERVER).frame(9.0, SERVER, flags=FLAG_RST | FLAG_ACK)
    case = one_way(story, seen) if seen else case_of(story)
    reset = case.connection.first_of(Reset)
    assert reset is not None
    told = reset_followed(case.connection, reset)
    assert told.id.startswith("reset-answers") is (seen is None)
    assert (told.id == "reset-cause-not-captured") is (seen is not None)


def test_no_states_are_told_of_ends_that_were_not_seen() -> None:
    established = 5, 5

    def states(case: Case) -> set[tuple[TcpState, TcpState] | None]:
        headers = [FrameHeaders(frame.number, (), established) for frame in case.connection.frames]
        drawn = ladder(case, headers)
        assert drawn is not None
        return {rung.states for rung in drawn.rungs}

    assert states(one_way(closed(), SERVER)) == {None}
    assert (TcpState.ESTABLISHED, TcpState.ESTABLISHED) in states(case_of(closed()))
