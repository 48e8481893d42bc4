"""The next hop of the local host does not answer on the link."""

from __future__ import annotations

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.next_hop import silent_hop
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Status
from pyreport.frames.neighbour import NeighbourRequest
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number, verdict_of, weigh
from tests.pyreport.told import ids

ROUTER = "10.0.0.254"


def lost(target: str = ROUTER, *, since: float = 5.0, answered: float | None = None, asker: str = CLIENT.host) -> Case:
    """A request that is sent again and again, while its sender asks for an address on the link."""
    case = case_of(Story().handshake().data(1.0, SERVER).sent_again(CLIENT, 5.0, 5.2, 5.6, 6.4, 8.0))
    for index in range(6):
        seconds = since + index * 0.5 + 0.1
        request = NeighbourRequest(number(seconds), at(seconds), asker, target)
        case.span.neighbours.requests.setdefault(asker, []).append(request)
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
    assert weigh("host_frozen_here", case).status is Status.RULED_OUT
    assert weigh("host_frozen_there", case).status is Status.NO_EVIDENCE
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.PATH_LOST, (Attribution.NETWORK_PATH,))
    assert verdict.confidence is Confidence.LIKELY


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
