"""What the kind of the verdict is told to mean."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.base.claim import Duration, claim
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Attribution, Kind
from pyreport.narrative.answers import answer_the_question
from pyreport.narrative.cause import Where, cause
from pyreport.narrative.model import Subject
from pyreport.quality.vantage import Clue, Place
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, verdict_of, weigh


def gave_up(*, replied: bool) -> Case:
    """The client closes after 5 s, in which its last request had no reply, or after it had one."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).data(1.1, CLIENT).frame(1.101, SERVER)
    if replied:
        story.data(1.2, SERVER).frame(1.201, CLIENT)
    story.fin(6.1, CLIENT, 1.2 if replied else 1.1).answering_fin(6.2, SERVER).frame(6.201, CLIENT)
    return case_of(story, lasts=30.0, log="i/o timeout")


@pytest.mark.parametrize("replied", [True, False])
def test_who_closes_because_of_others_clears_nobody(replied: bool) -> None:
    """One page, one truth: where the peer has a share, the cause does not say that it is "not the peer"."""
    case = gave_up(replied=replied)
    verdict = verdict_of(case)
    assert (verdict.kind, Attribution.PEER_SERVICE in verdict.attribution) == (Kind.LOCAL_CLOSED, not replied)
    told = cause(case, verdict)
    assert told is not None
    assert (told.id, told.values["alone"]) == ("cause-local-closed", replied)


def gave_up_probing() -> Case:
    """The client gives up; the capture was taken where no router lies between it and the server."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(6.0).probe(11.0).gave_up(16.0, 5)
    return case_of(at_the_server(story), lasts=60.0)


def marked_by(case: Case, place: Place) -> Case:
    """The same case, with frames that the host of that place marked itself."""
    clue = Clue(place, claim("vantage-stood-still", near=SERVER, stood=Duration(1)), is_hard=True)
    vantage = replace(case.quality.vantage, clues=(*case.quality.vantage.clues, clue))
    return replace(case, quality=replace(case.quality, vantage=vantage))


@pytest.mark.parametrize("is_sure", [True, False])
def test_only_what_surely_arrived_was_not_lost_on_the_path(is_sure: bool) -> None:
    """Hop limits do not tell a capture at the server from one at the last router, behind which a link may be down."""
    case = gave_up_probing()
    assert case.quality.vantage.is_at(SERVER)
    case = marked_by(case, case.quality.vantage.place) if is_sure else case
    verdict = verdict_of(case)
    assert verdict.kind is Kind.KEEPALIVE_GAVE_UP
    assert (Attribution.NETWORK_PATH in verdict.attribution) is not is_sure
    assert Attribution.PEER_SERVICE in verdict.attribution
    told = cause(case, verdict)
    assert told is not None
    assert (told.id, told.values["where"]) == ("cause-silence", Where.HOST if is_sure else Where.LINK)
    loss = weigh("path_loss", case).weightiest
    assert loss.id == ("wait-probes-arrived" if is_sure else "wait-probes-reached-link")
    assert verdict.objection is not None
    assert verdict.objection.argument.id == "objection-path-down"
    assert verdict.objection.reply == (loss,)


@pytest.mark.parametrize("ttl", [50, 0])
def test_who_did_not_close_is_not_told_that_the_other_end_did(ttl: int) -> None:
    """An RST in the name of the client, with another hop limit: a device may have sent it, not the client."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT).reset(9.0, CLIENT, ttl=ttl)
    case = case_of(story, lasts=30.0, local=CLIENT)
    explanations, verdict = diagnose(case)
    service = next(a for a in answer_the_question(case, explanations, verdict) if a.subject is Subject.SERVICE)
    assert (verdict.kind is Kind.MIDDLEBOX_CLOSED) is bool(ttl)
    told = "answer-service-close-looks-foreign" if ttl else "answer-service-was-left"
    assert [reason.id for reason in service.reason] == [told]
