"""What is sent again although it was acknowledged: by a timer, to the end, and late enough for the acknowledgment."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.acks_not_heard import acks_not_heard, tell_not_heard
from pyreport.diagnosis.result import Attribution, Confidence, Kind
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number, verdict_of

ACKED = 1.11
DOUBLING = (1.4, 2.0, 3.2, 5.6)


def sent_again(*times: float, by: str = SERVER, then: float | None = None) -> Story:
    """A request and its reply, both acknowledged; then copies of the last segment of a side. ``then``: it goes on."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(ACKED, CLIENT)
    for seconds in times:
        story.frame(seconds, by, length=100, retransmission=True)
    return story if then is None else story.data(then, by)


@pytest.mark.parametrize(
    ("times", "is_told"),
    [
        (DOUBLING, True),
        (DOUBLING[:3], False),  # too few to show a timer
        ((1.4, 2.0, 2.6, 3.2), False),  # evenly apart: no timer that backs off
        ((1.309, *DOUBLING[1:]), False),  # the acknowledgment may not have been there when the first of them was sent
        ((1.31, *DOUBLING[1:]), True),
    ],
)
@pytest.mark.parametrize("local", [CLIENT, SERVER])
def test_a_timer_that_repeats_what_was_acknowledged_did_not_hear_of_it(
    times: tuple[float, ...], is_told: bool, local: str
) -> None:
    case = case_of(sent_again(*times), local=local, lasts=9.0)
    found = acks_not_heard(case)
    assert (found is not None) is is_told
    if found is not None:
        told = tell_not_heard(case, found)
        assert told.frames == (number(ACKED), *map(number, times))
        assert (told.values["sender"], told.values["other"]) == (case.roles.party(case.connection.b), "client")
        assert (told.values["copies"], told.values["frame"]) == (4, number(ACKED))
        assert told.values["lasted"] == round((times[-1] - times[0]) * 1000) * 10**6


def test_who_sends_something_new_after_it_has_heard() -> None:
    assert acks_not_heard(case_of(sent_again(*DOUBLING, then=6.0), local=CLIENT, lasts=9.0)) is None


def test_copies_of_another_segment_are_a_row_of_their_own() -> None:
    """Four copies, two of one segment and two of the next."""
    story = Story().handshake().data(1.0, SERVER).data(1.1, SERVER, 50).frame(ACKED, CLIENT)
    for seconds, length in zip(DOUBLING, (150, 150, 50, 50), strict=True):
        story.frame(seconds, SERVER, length=length, retransmission=True)
    assert acks_not_heard(case_of(story, local=CLIENT, lasts=9.0)) is None


def test_a_probe_with_an_octet_of_garbage_is_no_copy() -> None:
    story = sent_again(*DOUBLING[:3]).probe(20.0, SERVER, octets=1)
    assert acks_not_heard(case_of(story, local=CLIENT, lasts=30.0)) is None


@pytest.mark.parametrize(
    ("local", "at_sender", "shares", "sure"),
    [
        (CLIENT, False, (Attribution.NETWORK_PATH, Attribution.PEER_SERVICE), Confidence.LIKELY),
        (CLIENT, True, (Attribution.PEER_SERVICE,), Confidence.POSSIBLE),
        (SERVER, False, (Attribution.NETWORK_PATH, Attribution.LOCAL_HOST), Confidence.LIKELY),
        (SERVER, True, (Attribution.LOCAL_HOST,), Confidence.POSSIBLE),
    ],
)
def test_at_the_sender_its_own_host_kept_the_acknowledgments_from_it(
    local: str, at_sender: bool, shares: tuple[Attribution, ...], sure: Confidence
) -> None:
    """The server sends again. Captured at the client, they may have been lost on the way, too."""
    story = sent_again(*DOUBLING)
    verdict = verdict_of(case_of(at_the_server(story) if at_sender else story, local=local, lasts=9.0))
    assert (verdict.kind, verdict.attribution, verdict.confidence) == (Kind.PATH_LOST, shares, sure)
