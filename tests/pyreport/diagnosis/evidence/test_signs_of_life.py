"""That a host was heard while it was asked in vain."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.signs_of_life import heard_meanwhile, spread_over
from pyreport.diagnosis.evidence.waits import waits
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of

COPIES = (5.0, 5.3, 5.9, 7.1, 9.5)


@pytest.mark.parametrize(
    ("times", "start", "end", "is_spread"),
    [
        ([30, 60], 0, 90, True),
        ([60], 0, 90, True),  # two thirds of the time may be a lapse
        ([61], 0, 90, False),
        ([30], 0, 90, True),
        ([29], 0, 90, False),
        ([10, 71], 0, 90, False),
        ([10, 70], 0, 90, True),
        ([], 0, 90, False),
        ([5], 5, 5, False),
        ([5], 6, 5, False),
    ],
)
def test_no_lapse_is_longer_than_two_thirds(times: list[int], start: int, end: int, is_spread: bool) -> None:
    assert spread_over(times, start, end) is is_spread


@pytest.mark.parametrize(
    ("heard", "server", "count"),
    [
        ((6.0, 7.5), "10.0.9.9:8888", 2),
        ((5.001, 6.5, 9.499), "10.0.9.9:8888", 3),
        ((4.999, 9.501, 9.6), "10.0.9.9:8888", 0),  # before the first copy, and after the last
        ((6.0, 7.5), "10.0.9.8:8888", 0),  # another host
        ((5.1, 5.2), "10.0.9.9:8888", 0),
    ],
)
def test_another_connection_shows_that_the_host_was_there(heard: tuple[float, ...], server: str, count: int) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT).sent_again(CLIENT, *COPIES)
    other = Story("10.0.0.2:42000", server, stream=1)
    for seconds in heard:
        other.data(seconds, server)
    case = case_of(story, other, lasts=60.0, local=CLIENT)
    (wait,) = waits(case)
    assert heard_meanwhile(case, wait) == count


def test_both_ends_on_one_host_tell_nothing_of_a_path() -> None:
    client, server = "10.0.9.9:40000", SERVER
    story = Story(client, server).handshake().data(0.9, client).data(1.0, server).frame(1.1, client)
    story.sent_again(client, *COPIES)
    other = Story("10.0.9.9:42000", "10.0.9.9:8888", stream=1)
    for half in range(20):
        other.data(0.55 + half / 2, "10.0.9.9:8888")
    case = case_of(story, other, lasts=60.0, local=client)
    assert [heard_meanwhile(case, wait) for wait in waits(case)] == [0]
