"""What a silence, or a hole, has to be to explain something: how long, how often asked, how long outlived."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.first_after_silence import first_after_silence
from pyreport.diagnosis.result import Status
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, weigh
from tests.pyreport.told import ids


def asked_after(silence: float, *times: float) -> Story:
    """A request 100 s after the first exchange, acknowledged; then one without an answer, ``silence`` later, sent again
    at these times after it.
    """
    story = Story().handshake().data(1.0, CLIENT).frame(1.01, SERVER).data(101.01, CLIENT).frame(101.02, SERVER)
    start = 101.02 + silence
    return story.sent_again(CLIENT, start, *(start + after for after in times))


@pytest.mark.parametrize(("silence", "is_outlived"), [(99.0, True), (100.0, True), (100.001, False)])
def test_a_state_that_outlived_as_long_a_silence_was_not_forgotten(silence: float, is_outlived: bool) -> None:
    result = weigh("idle_state_forgotten", case_of(asked_after(silence, 0.2, 0.6, 1.4), lasts=300.0))
    assert (result.status is Status.NO_EVIDENCE) is is_outlived
    assert ("idle-forgotten-outlived" in ids(result.against)) is is_outlived


@pytest.mark.parametrize(("times", "is_enough"), [((0.2, 0.6), False), ((0.2, 0.6, 1.4), True)])
def test_data_may_be_lost_twice_by_chance(times: tuple[float, ...], is_enough: bool) -> None:
    """A retransmission or two are a path's everyday (FEWEST_REPEATS)."""
    case = case_of(asked_after(150.0, *times), lasts=300.0)
    assert (first_after_silence(case) is not None) is is_enough
    told = "idle-forgotten-no-silence" in ids(weigh("idle_state_forgotten", case).evidence)
    assert told is not is_enough


@pytest.mark.parametrize(("until", "status"), [(6.5, Status.NO_EVIDENCE), (9.0, Status.SUPPORTED)])
def test_a_hole_may_be_filled_within_the_time_of_a_retransmission(until: float, status: Status) -> None:
    """RFC 6298: the first RTO is 1 s. What has been missing for less than two of them may just be on its way again."""
    story = Story().handshake()
    for second in (1, 2, 3):
        story.data(second, CLIENT).data(second + 0.1, SERVER).frame(second + 0.11, CLIENT)
    story.after_unseen(5.0, SERVER, 5792)
    seconds = 5.1
    while seconds < until:
        story.frame(seconds, CLIENT).frame(seconds + 0.01, SERVER)
        seconds += 0.4
    assert weigh("mtu_black_hole", case_of(story)).status is status
