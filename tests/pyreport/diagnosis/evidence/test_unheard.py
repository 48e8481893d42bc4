"""Messages of the peer that got no reply before it closed, at the edges of what tells it."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.unheard import closed_in_its_own_time, unheard
from pyreport.diagnosis.thresholds import FEWEST_UNHEARD, LIMIT_LATE_NS, UNHEARD_SHARE
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number


def spoken(count: int, *, apart: float = 15.0, closes: float | None = None, own_rest: float = 1.0) -> Case:
    """The server says something so often, and closes when it would again; the client had spoken twice before."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(1.2, CLIENT)
    last = 1.0 + own_rest
    story.data(last, CLIENT).frame(last + 0.01, SERVER)
    times = [last + apart * (index + 1) for index in range(count)]
    for seconds in times:
        story.data(seconds, SERVER, 50).frame(seconds + 0.001, CLIENT)
    end = (times[-1] if times else last) + (apart if closes is None else closes)
    return case_of(story.answering_fin(end, SERVER), lasts=500.0, local=CLIENT)


@pytest.mark.parametrize("count", [FEWEST_UNHEARD - 1, FEWEST_UNHEARD, FEWEST_UNHEARD + 2])
def test_so_many_messages_in_vain_are_told(count: int) -> None:
    found = unheard(spoken(count))
    assert (found is not None) is (count >= FEWEST_UNHEARD)
    if found is not None:
        assert found.frames[1:-1] == tuple(number(2.0 + 15.0 * (index + 1)) for index in range(count))
        assert (found.values["messages"], found.values["silence"]) == (count, 15_000_000_000 * (count + 1))


@pytest.mark.parametrize(("apart", "is_told"), [(2.0, True), (1.999, False)])
def test_what_follows_at_once_is_one_message(apart: float, is_told: bool) -> None:
    assert (unheard(spoken(FEWEST_UNHEARD + 1, apart=apart, closes=40.0)) is not None) is is_told


@pytest.mark.parametrize(("more", "is_told"), [(0.0, True), (-0.001, False)])
def test_the_client_has_to_be_silent_for_longer_than_is_its_habit(more: float, is_told: bool) -> None:
    count, rest = FEWEST_UNHEARD, 30.0
    closes = round(UNHEARD_SHARE * rest + more - 3.0 * count, 3)
    assert closes > 0
    assert (unheard(spoken(count, apart=3.0, closes=closes, own_rest=rest)) is not None) is is_told


@pytest.mark.parametrize(
    ("closes", "in_time"),
    [
        (15.0, True),
        (3.0, True),  # before it was due
        (15.0 + LIMIT_LATE_NS / NS_PER_S, True),  # a program that looks once a second
        (15.0 + LIMIT_LATE_NS / NS_PER_S + 0.001, False),
    ],
)
def test_a_close_when_its_next_message_was_due_is_in_its_own_time(closes: float, in_time: bool) -> None:
    assert (closed_in_its_own_time(spoken(4, closes=closes)) is not None) is in_time
