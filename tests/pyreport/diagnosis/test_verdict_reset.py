"""Verdicts on an RST, by who sent it and what it may be worth."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Attribution, Confidence, Kind
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, verdict_of
from tests.pyreport.told import ids


def talked() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)


@pytest.mark.parametrize("by", [CLIENT, SERVER])
@pytest.mark.parametrize("local", [CLIENT, SERVER])
@pytest.mark.parametrize("again", [None, 9.4, 11.0])
def test_an_rst_from_another_distance_is_a_devices(by: str, local: str, again: float | None) -> None:
    """Likely where the side that it names is heard a second later: it had not sent it."""
    story = talked().reset(9.0, by, ttl=50)
    if again is not None:
        story.frame(again, by, length=10)
    verdict = verdict_of(case_of(story, lasts=30.0, local=local))
    assert verdict.kind is Kind.MIDDLEBOX_CLOSED
    is_late = again == 11.0
    assert verdict.confidence is (Confidence.LIKELY if is_late else Confidence.POSSIBLE)
    far_end = Attribution.LOCAL_HOST if by == local else Attribution.PEER_SERVICE
    shares = (Attribution.NETWORK_PATH,) if is_late else (Attribution.NETWORK_PATH, far_end)
    assert verdict.attribution == shares


@pytest.mark.parametrize("at_server", [True, False])
def test_where_the_capture_was_taken_at_the_peer_no_device_is_in_question(at_server: bool) -> None:
    story = Story().handshake().data(0.9, SERVER).data(1.5, CLIENT).frame(1.6, SERVER).reset(2.0, SERVER)
    verdict = verdict_of(case_of(at_the_server(story) if at_server else story, lasts=30.0, local=CLIENT))
    assert verdict.kind is Kind.PEER_RESET
    assert (Attribution.NETWORK_PATH in verdict.attribution) is not at_server


@pytest.mark.parametrize("counted", [True, False])
def test_an_rst_that_goes_on_where_its_socket_was_is_its_hosts(counted: bool) -> None:
    story = Story().handshake()
    for index, seconds in enumerate((0.5, 0.6, 0.7, 0.8, 0.9)):
        story.data(seconds, SERVER)
        if counted:
            story.marked(seconds, ip_id=100 + index)
    story.data(1.5, CLIENT).frame(1.6, SERVER).reset(2.0, SERVER)
    if counted:
        story.marked(1.6, ip_id=105).marked(2.0, ip_id=106)
    verdict = verdict_of(case_of(story, lasts=30.0, local=CLIENT))
    assert verdict.kind is Kind.PEER_RESET
    assert (Attribution.NETWORK_PATH in verdict.attribution) is not counted


@pytest.mark.parametrize("local", [CLIENT, SERVER])
def test_the_own_end_resets(local: str) -> None:
    verdict = verdict_of(case_of(talked().reset(9.0, local), lasts=30.0, local=local))
    assert (verdict.kind, verdict.attribution) == (Kind.LOCAL_CLOSED, (Attribution.LOCAL_APPLICATION,))
    assert "reset-bare" not in ids(verdict.claims)


@pytest.mark.parametrize(("answers", "told"), [(True, True), (False, False)])
def test_a_bare_rst_of_the_own_end_seen_elsewhere_may_be_a_devices(answers: bool, told: bool) -> None:
    """Without an ACK, with a window of 0, and captured away from the end that it names."""
    story = talked().data(8.9, SERVER)
    story.lost.add(8901)
    story.reset(9.0, CLIENT, "data", 8.9) if answers else story.reset(9.0, CLIENT)
    story.marked(9.0, window=0)
    verdict = verdict_of(case_of(at_the_server(story), lasts=30.0, local=CLIENT))
    assert ("reset-bare" in ids(verdict.claims)) is told
    assert (verdict.kind is Kind.UNDETERMINED) is told


@pytest.mark.parametrize("heard", [True, False])
def test_a_client_that_gives_up_what_the_path_lost_does_not_clear_the_path(heard: bool) -> None:
    """It closes, and refuses the reply that comes when its request arrives at last; ``heard``: the server was alive."""
    story = talked().sent_again(CLIENT, 3.0, 3.2, 3.6, 4.4, 6.0)
    for seconds in (3.3, 4.0, 4.6, 5.2, 5.9) if heard else ():
        story.frame(seconds, SERVER)
    story.frame(8.8, CLIENT, length=100, retransmission=True).data(8.9, SERVER).reset(8.901, CLIENT, "data", 8.9)
    verdict = verdict_of(case_of(story, lasts=30.0))
    assert (verdict.kind, Attribution.NETWORK_PATH in verdict.attribution) == (Kind.LOCAL_CLOSED, heard)
    assert ("wait-data-host-heard" in ids(verdict.claims)) is heard
