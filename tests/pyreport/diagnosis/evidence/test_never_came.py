"""Octets that never came, at the edges of what tells it."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.never_came import never_came, unheard_before_close
from tests.dissector.trace import OPEN
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number, weigh
from tests.pyreport.traced import case_of_trace


def holed(shown: float) -> Story:
    """What the server sent at 5.0 s follows octets that did not come; the client says so once more at ``shown``."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    return story.after_unseen(5.0, SERVER, 5000).frame(5.01, CLIENT).frame(shown, CLIENT)


@pytest.mark.parametrize(("shown", "is_told"), [(6.0, True), (5.999, False), (9.0, True)])
def test_what_is_not_acknowledged_a_second_later_was_lost(shown: float, is_told: bool) -> None:
    case = case_of(holed(shown), lasts=30.0, local=CLIENT)
    found = list(never_came(case, case.peer))
    assert len(found) == is_told
    assert list(never_came(case, case.local)) == []
    for hole, claim in found:
        assert (hole.octets, claim.values["octets"]) == (5000, 5000)
        assert claim.frames == (number(1.0), number(5.0), number(shown))


def test_a_capture_at_the_sender_shows_what_it_sent() -> None:
    case = case_of(at_the_server(holed(9.0)), lasts=30.0, local=CLIENT)
    assert list(never_came(case, case.peer)) == []


@pytest.mark.parametrize(
    ("closer", "seconds", "is_told"), [(SERVER, 8.0, True), (SERVER, 4.0, False), (CLIENT, 8.0, False)]
)
def test_what_the_closer_had_sent_before_its_fin_may_not_have_come(closer: str, seconds: float, is_told: bool) -> None:
    case = case_of(holed(9.0).answering_fin(seconds, closer), lasts=30.0, local=CLIENT)
    assert (unheard_before_close(case) is not None) is is_told
    assert unheard_before_close(case_of(holed(9.0), lasts=30.0, local=CLIENT)) is None


@pytest.mark.parametrize(("lasts", "is_told"), [(6.010, True), (6.009, False)])
@pytest.mark.parametrize("counts", [True, False])
def test_an_acknowledgment_counts_what_its_sender_had_sent(lasts: float, is_told: bool, counts: bool) -> None:
    """The server acknowledges the client's FIN with the number behind octets that never came; or with its last one."""
    gone = "3.000 server len=2896 lost" if counts else ""
    case = case_of_trace(f"""{OPEN}
        2.000 client len=100
        2.010 server ACK
        {gone}
        5.000 client FIN {"ack-2896" if counts else ""} : fin
        5.010 server ACK : fin_ack
        {lasts:.3f} other
    """)
    found = list(never_came(case, case.peer))
    assert [(hole.octets, claim.id) for hole, claim in found] == [(2896, "path-loss-counted")] * (counts and is_told)
    stalled = weigh("peer_application_stalled", case)
    assert (stalled.evidence[0].id == "path-loss-counted") is (counts and is_told)
