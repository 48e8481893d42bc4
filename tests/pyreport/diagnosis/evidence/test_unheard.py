"""Messages of the peer that got no reply before it closed, at the edges of what tells it."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.unheard import closed_in_its_own_time, unheard
from pyreport.diagnosis.thresholds import FEWEST_UNHEARD, LIMIT_LATE_NS
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN
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
    """Twice as long as it had been silent before, which is 30 s here; the second message comes after 6 s."""
    closes = round(2 * 30.0 - 6.0 + more, 3)
    assert (unheard(spoken(2, apart=3.0, closes=closes, own_rest=30.0)) is not None) is is_told


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


@pytest.mark.parametrize(("late", "in_time"), [(2.0, True), (2.001, False)])
def test_a_hundredth_of_a_long_pause_is_in_time_too(late: float, in_time: bool) -> None:
    assert (closed_in_its_own_time(spoken(2, apart=200.0, closes=200.0 + late)) is not None) is in_time


def test_what_was_not_told_was_not_closed_in_its_own_time() -> None:
    assert closed_in_its_own_time(spoken(FEWEST_UNHEARD - 1)) is None
    assert closed_in_its_own_time(spoken(0)) is None


def heartbeats(*, extra: str = "", closer: str = SERVER, own: bool = True) -> Case:
    """The server says something once in 20 s after the client's word, unasked, and something else; then a close."""
    story = Story().handshake()
    if own:
        story.data(1.0, CLIENT).data(1.1, SERVER).frame(1.2, CLIENT)
    story.data(21.0, SERVER, 50)
    if extra != "sent again before its time":
        story.frame(21.1, CLIENT)
    if extra == "another":
        story.data(41.0, SERVER, 50).frame(41.1, CLIENT)
    elif extra == "sent again before its time":
        story.frame(30.0, SERVER, length=50, retransmission=True).frame(30.1, CLIENT)
    elif extra == "a probe with an octet":
        story.probe(41.0, SERVER, octets=1)
    if closer:
        story.frame(61.0, closer, flags=FLAG_FIN | FLAG_ACK, length=50 if extra == "with the close" else 0)
    return case_of(story, lasts=90.0, local=CLIENT)


@pytest.mark.parametrize(
    ("extra", "is_told"),
    [
        ("another", True),
        ("sent again before its time", False),  # the same message
        ("a probe with an octet", False),  # the kernel's
        ("with the close", False),  # it waited for no answer to that
    ],
)
def test_only_what_the_peer_says_anew_before_it_closes_is_a_message(extra: str, is_told: bool) -> None:
    assert (unheard(heartbeats(extra=extra)) is not None) is is_told


def test_who_is_asked_has_to_have_spoken_and_the_peer_to_close() -> None:
    assert unheard(heartbeats(extra="another")) is not None
    assert unheard(heartbeats(extra="another", own=False)) is None
    assert unheard(heartbeats(extra="another", closer=CLIENT)) is None
    assert unheard(heartbeats(extra="another", closer="")) is None
