"""Answers to probes that come after the next probe was sent: all of them do, or one is lost."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.late_answers import late_answers
from pyreport.diagnosis.result import Attribution, Kind, Status
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, verdict_of, weigh
from tests.pyreport.told import ids

PROBES = (11.0, 12.0, 13.0)


def queued(*answers: float) -> Case:
    """Three probes without an answer in between, these answers, and an orderly close a while later."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.01, CLIENT)
    for moment in PROBES:
        story.probing.add(number(moment))
        story.frame(moment, CLIENT)
    for moment in answers:
        story.frame(moment, SERVER)
    story.data(14.0, CLIENT).data(14.1, SERVER).frame(14.11, CLIENT)
    story.fin(14.5, CLIENT, 14.1).answering_fin(14.6, SERVER).frame(14.61, CLIENT)
    return case_of(story, log="", lasts=16.0, local=CLIENT)


@pytest.mark.parametrize("answers", [(13.5, 13.6, 13.7), (13.5, 13.6)])
def test_who_gets_as_many_answers_as_it_sent_probes_has_lost_none(answers: tuple[float, ...]) -> None:
    case, all_came = queued(*answers), len(answers) == len(PROBES)
    verdict = verdict_of(case)
    assert verdict.kind is (Kind.HEALTHY if all_came else Kind.LOCAL_CLOSED)
    assert (Attribution.NETWORK_PATH in verdict.attribution) is not all_came
    assert weigh("path_loss", case).status is (Status.RULED_OUT if all_came else Status.POSSIBLE)
    found = late_answers(case)
    assert (found is not None) is all_came
    assert ("keepalive-answers-late" in ids(verdict.claims)) is all_came
    if found is not None:
        assert found.frames == (number(13.5), number(13.6))
        assert (found.values["late"], found.values["longest"]) == (2, 2_500_000_000)
