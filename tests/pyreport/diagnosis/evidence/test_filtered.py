"""A packet filter of the host that was asked, and what looks like one and is none."""

from __future__ import annotations

import pytest

from pyreport.advice.plan import plan
from pyreport.base.claim import Party
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.filtered import perhaps_filtered
from pyreport.diagnosis.result import Attribution, Kind, Status
from pyreport.narrative.answers import answer_the_question
from pyreport.narrative.cause import Where, cause
from pyreport.narrative.model import Standing, Subject
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, steady_neighbour, verdict_of, weigh
from tests.pyreport.told import ids

AGAIN = (5.0, 5.2, 5.6, 6.4, 8.0, 11.2, 17.6, 30.4)


def asked_in_vain(*, answered: bool) -> Case:
    """The server's host is heard on another connection while it does not acknowledge a request."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).sent_again(CLIENT, *AGAIN)
    if answered:
        story.frame(56.0, CLIENT, length=100, retransmission=True).frame(56.01, SERVER)
    return case_of(story, steady_neighbour(1, 60.0))


@pytest.mark.parametrize("answered", [False, True])
def test_what_a_live_host_answers_later_its_packet_filter_did_not_drop(answered: bool) -> None:
    case = asked_in_vain(answered=answered)
    loss = weigh("path_loss", case)
    assert loss.weightiest.id == "wait-data-host-heard"
    assert (perhaps_filtered(case, loss, SERVER) is None) is answered
    assert perhaps_filtered(case, loss, CLIENT) is None


@pytest.mark.parametrize("acknowledges", [False, True])
def test_a_host_that_takes_something_else_of_the_connection_does_not_filter_it(acknowledges: bool) -> None:
    """It acknowledges what came before when a small segment comes through; or it says something of its own."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).sent_again(CLIENT, *AGAIN)
    for index, seconds in enumerate((9.0, 20.0, 40.0)):
        story.frame(seconds, SERVER, length=0 if acknowledges else 50 + index)
    case = case_of(story, steady_neighbour(1, 60.0))
    loss = weigh("path_loss", case)
    assert loss.weightiest.id in ("wait-data-host-heard", "wait-data-went-on-without")
    assert (perhaps_filtered(case, loss, SERVER) is None) is acknowledges


def test_neither_the_path_nor_the_filter_is_called_the_cause_alone() -> None:
    case = asked_in_vain(answered=False)
    explanations, verdict = diagnose(case)
    told = cause(case, verdict)
    assert told is not None
    assert told.values["where"] is Where.FILTER
    standing = {answer.subject: answer.standing for answer in answer_the_question(case, explanations, verdict)}
    assert (standing[Subject.SERVICE], standing[Subject.NETWORK]) == (Standing.NOT_CLEARED, Standing.NOT_CLEARED)
    advised = {advice.id: advice.claim.values for advice in plan(case, verdict).advice}
    assert {"find_the_loss", "find_the_filter"} <= set(advised)
    assert advised["find_the_filter"] == {"filtering": Party.SERVER}


def refused(*, source: str = SERVER, ttl: int = 0, goes_on: bool = True) -> Story:
    """Data of one end draws an RST in the name of the other one, which goes on."""
    other = CLIENT if source == SERVER else SERVER
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    story.data(5.0, other).reset(5.1, source, "data", 5.0, ttl=ttl)
    if goes_on:
        for seconds in (6.0, 7.0, 9.0):
            story.frame(seconds, source, length=50)
    return story


@pytest.mark.parametrize("at_server", [True, False])
@pytest.mark.parametrize(("ttl", "goes_on"), [(0, True), (50, True), (0, False)])
def test_an_rst_that_left_a_host_whose_socket_goes_on_is_of_its_packet_filter(
    at_server: bool, ttl: int, goes_on: bool
) -> None:
    """Not where it came from farther, nor where nothing shows that the socket lived."""
    story = refused(ttl=ttl, goes_on=goes_on)
    case = case_of(at_the_server(story) if at_server else story, lasts=30.0, local=CLIENT)
    verdict, device = verdict_of(case), weigh("middlebox_close", case)
    is_at_home = at_server and goes_on and not ttl
    assert ("reset-by-own-filter" in ids(verdict.claims)) is is_at_home
    if is_at_home:
        assert (verdict.kind, verdict.attribution) == (Kind.PEER_RESET, (Attribution.PEER_SERVICE,))
        assert device.status is Status.RULED_OUT
        told = cause(case, verdict)
        assert told is not None
        assert told.id == "cause-own-filter"
        assert "why_reset" not in [advice.id for advice in plan(case, verdict).advice]
    assert ("device-or-filter" in ids(verdict.claims)) is (goes_on and not ttl and not at_server)
    assert (verdict.kind is Kind.MIDDLEBOX_CLOSED) is (bool(ttl) or (goes_on and not at_server))


@pytest.mark.parametrize("local", [CLIENT, SERVER])
def test_whose_host_the_filter_may_be_on_has_a_share(local: str) -> None:
    case = case_of(refused(), lasts=30.0, local=local)
    verdict = verdict_of(case if local == CLIENT else case_of(at_the_server(refused()), lasts=30.0, local=local))
    if local == CLIENT:
        assert verdict.attribution == (Attribution.NETWORK_PATH, Attribution.PEER_SERVICE)
        # Which of them sent it is said once, and not that it may have been a device.
        claims = ids(verdict.claims)
        assert weigh("middlebox_close", case).weightiest.id in claims
        assert "device-or-filter" in claims
        assert "device-may-have-sent-it" not in claims
    else:
        assert (verdict.kind, verdict.attribution) == (Kind.LOCAL_CLOSED, (Attribution.LOCAL_HOST,))


@pytest.mark.parametrize("prober", [CLIENT, SERVER])
def test_the_objection_is_answered_with_the_host_that_was_silent(prober: str) -> None:
    """Not with the peer's, when the peer is who asked in vain."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.01, CLIENT).gave_up(6.0, 2, prober)
    verdict = verdict_of(case_of(story if prober == CLIENT else at_the_server(story), local=CLIENT))
    assert verdict.objection is not None
    assert ids(verdict.objection.reply) == ["silence-looks-the-same", "wait-probes-no-answer"]
    assert verdict.objection.reply[1].values["silent"] is (Party.SERVER if prober == CLIENT else Party.CLIENT)
