"""The next hop of the local host does not answer on the link."""

from __future__ import annotations

import pytest

from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.next_hop import silent_hop
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Status
from pyreport.frames.neighbour import NeighbourRequest
from pyreport.narrative.answers import answer_the_question
from pyreport.narrative.model import Subject
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number, verdict_of, weigh
from tests.pyreport.told import ids

ROUTER = "10.0.0.254"


def ask_for_router(case: Case, since: float, target: str = ROUTER, asker: str = CLIENT.host) -> None:
    for index in range(6):
        seconds = since + index * 0.5 + 0.1
        request = NeighbourRequest(number(seconds), at(seconds), asker, target)
        case.span.neighbours.requests.setdefault(asker, []).append(request)


def lost(target: str = ROUTER, *, since: float = 5.0, answered: float | None = None, asker: str = CLIENT.host) -> Case:
    """A request that is sent again and again, while its sender asks for an address on the link."""
    case = case_of(Story().handshake().data(1.0, SERVER).sent_again(CLIENT, 5.0, 5.2, 5.6, 6.4, 8.0))
    ask_for_router(case, since, target, asker)
    if answered is not None:
        case.span.neighbours.answers[target] = [at(answered)]
    return case


def test_a_router_that_does_not_answer_is_the_path() -> None:
    case = lost()
    found = silent_hop(case)
    assert found is not None
    assert (found.target, found.is_peer, len(found.requests)) == (ROUTER, False, 6)
    loss = weigh("path_loss", case)
    assert (loss.status, ids(loss.evidence)[0]) == (Status.SUPPORTED, "next-hop-silent")
    told = loss.evidence[0].values
    assert (told["requests"], told["lasted"], told["is_peer"]) == (6, 2_500_000_000, False)
    assert weigh("host_frozen_here", case).status is Status.RULED_OUT
    assert weigh("host_frozen_there", case).status is Status.NO_EVIDENCE
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.PATH_LOST, (Attribution.NETWORK_PATH,))
    assert verdict.confidence is Confidence.LIKELY
    assert verdict.objection is not None
    assert verdict.objection.reply == (loss.weightiest,)


def probing(*, heard_again: bool = False, answers: bool = True, since: float = 20.0) -> Case:
    """Probes that stop, while their sender asks for the router's address. ``answers``: it still acknowledges."""
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 3)
    if heard_again:
        story.data(34.0, SERVER)
        if answers:
            story.frame(34.01, CLIENT)
    case = case_of(story, lasts=36.0)
    ask_for_router(case, since)
    return case


def test_missed_intervals_with_a_router_that_does_not_answer_are_the_path_by_its_explanation() -> None:
    case = probing()
    assert case.connection.missed(CLIENT)
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.confidence) == (Kind.PATH_LOST, Confidence.LIKELY)
    assert (verdict.attribution, ids(verdict.deciding)) == ((Attribution.NETWORK_PATH,), ["next-hop-silent"])
    assert verdict.claims[0] == weigh("path_loss", case).weightiest


@pytest.mark.parametrize("answers", [True, False])
def test_a_peer_that_is_heard_after_the_requests_shows_that_the_path_came_back(answers: bool) -> None:
    assert verdict_of(probing(heard_again=True, answers=answers)).kind is not Kind.PATH_LOST


@pytest.mark.parametrize(("since", "ran"), [(20.0, True), (14.0, False)])
def test_who_asks_for_the_next_hop_after_its_probe_was_due_did_not_stand_still(since: float, ran: bool) -> None:
    """The last of the requests comes 2.6 s later; the probe was due at 21.0 s."""
    found = weigh("host_frozen_here", probing(since=since))
    assert (found.status is Status.RULED_OUT) is ran


def test_what_proves_the_loss_is_told_with_the_verdict_on_data_that_was_sent_again() -> None:
    verdict = verdict_of(lost())
    assert ids(verdict.deciding) == ["data-sent-again", "next-hop-silent"]
    assert "next-hop-silent" in ids(verdict.claims)


def test_a_router_that_answers_is_not() -> None:
    case = lost(answered=6.0)
    assert silent_hop(case) is None
    assert Attribution.PEER_SERVICE in verdict_of(case).attribution


def test_requests_from_before_the_peer_was_heard_or_of_others_say_nothing() -> None:
    assert silent_hop(lost(since=-3.0)) is None
    assert silent_hop(lost(asker="10.0.0.99")) is None


def test_a_peer_on_the_same_link_that_does_not_answer_may_be_down() -> None:
    case = lost(SERVER.host)
    found = silent_hop(case)
    assert found is not None
    assert found.is_peer
    assert weigh("host_frozen_there", case).status is Status.POSSIBLE
    assert Attribution.PEER_SERVICE in verdict_of(case).attribution


def test_what_follows_from_it_is_told_of_each_explanation_and_not_the_requests_again() -> None:
    """The verdict, a step and the evidence of the loss have them; the rest of the report names what they show."""
    case = lost()
    explanations, verdict = diagnose(case)
    said = [(one.id.value, told.id) for one in explanations for told in one.evidence if told.id.startswith("next-hop")]
    assert said == [
        ("host_frozen_there", "next-hop-nothing-reached"),
        ("path_loss", "next-hop-silent"),
        ("host_frozen_here", "next-hop-host-ran"),
    ]
    requests = silent_hop(case)
    assert requests is not None
    answers = {answer.subject: answer for answer in answer_the_question(case, explanations, verdict)}
    assert ids(answers[Subject.NETWORK].reason) == ["answer-network-next-hop"]
    assert ids(answers[Subject.HOST].reason) == ["next-hop-host-ran"]
    assert answers[Subject.NETWORK].reason[0].frames == answers[Subject.HOST].reason[0].frames == requests.frames
