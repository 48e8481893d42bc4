"""What one side left undone when the other closed, at the edges of each rule."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.unserved import (
    behind_own_data,
    left_unserved,
    perhaps_unread,
    reply_outstanding,
    unread_by_peer,
)
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number


def asked(turns: int = 3, *, by: str = CLIENT) -> Story:
    """Requests that are each replied to within 100 ms, one a second; ``by``: who asks."""
    story = Story().handshake()
    for second in range(1, turns + 1):
        story.data(second, by).data(second + 0.1, story.other(by)).frame(second + 0.11, by)
    return story


@pytest.mark.parametrize(
    ("lasts", "asks", "told"), [(2.0, True, True), (1.999, True, False), (12.0, True, True), (12.0, False, False)]
)
def test_a_window_that_was_asked_for_two_seconds_long_holds_things_up(lasts: float, asks: bool, told: bool) -> None:
    """That of the peer, which did not read."""
    story = asked().frame(5.0, SERVER).marked(5.0, window=0)
    story.frame(5.0 + lasts, CLIENT if asks else SERVER)
    if not asks:
        story.marked(5.0 + lasts, window=0)
    case = case_of(story, lasts=30.0, local=CLIENT)
    assert (unread_by_peer(case) is not None) is told
    assert (left_unserved(case_of(story, lasts=30.0, local=SERVER)) is not None) is told
    assert unread_by_peer(case_of(story, lasts=30.0, local=SERVER)) is None
    assert left_unserved(case) is None


def replied(waited: float, *, turns: int = 3, closer: str = SERVER, asker: str = CLIENT) -> Case:
    """A request at 10.0 s that the closer's FIN acknowledges."""
    story = asked(turns).data(10.0, asker)
    return case_of(story.fin(10.0 + waited, closer, 10.0, acknowledged=None), lasts=30.0, local=CLIENT)


@pytest.mark.parametrize(
    ("waited", "turns", "closer", "asker", "told"),
    [
        (2.0, 3, SERVER, CLIENT, True),
        (1.999, 3, SERVER, CLIENT, True),  # it is as long as those that had a reply
        (2.0, 2, SERVER, CLIENT, True),
        (1.999, 2, SERVER, CLIENT, False),
        (5.0, 1, SERVER, CLIENT, True),
        (5.0, 0, SERVER, CLIENT, False),  # nothing shows that requests have replies
        (5.0, 3, CLIENT, CLIENT, False),
        (5.0, 3, SERVER, SERVER, False),
    ],
)
def test_a_reply_is_owed_where_all_before_had_one(
    waited: float, turns: int, closer: str, asker: str, told: bool
) -> None:
    case = replied(waited, turns=turns, closer=closer, asker=asker)
    assert case.ending.fin is not None
    found = reply_outstanding(case, case.ending.fin)
    assert (found is not None) is told
    if found is not None:
        assert (found.frames, found.values["waited"]) == ((number(10.0), number(10.0 + waited)), round(waited * 1e9))


def test_what_the_closer_did_not_have_it_did_not_owe() -> None:
    story = asked().data(10.0, CLIENT)
    story.lost.add(number(10.0))
    case = case_of(story.frame(15.0, SERVER, flags=FLAG_FIN | FLAG_ACK), lasts=30.0, local=CLIENT)
    assert case.ending.fin is not None
    assert reply_outstanding(case, case.ending.fin) is None


def test_one_request_without_a_reply_shows_that_none_is_owed() -> None:
    lonely = asked(2).data(4.0, CLIENT).frame(4.01, SERVER).data(10.0, CLIENT)
    unasked = asked(2).data(5.0, SERVER).frame(5.01, CLIENT).data(10.0, CLIENT)
    for story in (lonely, unasked):
        case = case_of(story.fin(15.0, SERVER, 10.0, acknowledged=None), lasts=30.0, local=CLIENT)
        assert case.ending.fin is not None
        assert reply_outstanding(case, case.ending.fin) is None


@pytest.mark.parametrize(
    ("last", "lost", "flags", "local", "told"),
    [
        (CLIENT, False, FLAG_RST | FLAG_ACK, CLIENT, True),
        (CLIENT, True, FLAG_RST | FLAG_ACK, CLIENT, False),  # it did not have it
        (SERVER, False, FLAG_RST | FLAG_ACK, CLIENT, False),  # it had spoken last
        (CLIENT, False, FLAG_RST | FLAG_ACK, SERVER, False),  # it is the own end
    ],
)
def test_a_peer_that_resets_unasked_may_not_have_read_what_it_had(
    last: str, lost: bool, flags: int, local: str, told: bool
) -> None:
    story = asked().data(6.0, last)
    if lost:
        story.lost.add(number(6.0))
    else:
        story.frame(6.01, story.other(last))
    case = case_of(story.frame(20.0, SERVER, flags=flags), lasts=30.0, local=local)
    assert case.ending.reset is not None
    found = perhaps_unread(case, case.ending.reset)
    assert (found is not None) is told
    assert found is None or found.frames == (number(6.0), number(20.0))


@pytest.mark.parametrize("why", ["", "not acknowledged", "its own", "no habit", "soon"])
def test_a_local_program_that_did_not_reply_left_its_peer_waiting(why: str) -> None:
    """The client asks, three times with a reply; then it asks once more, and closes."""
    story = asked(1 if why == "no habit" else 3).data(10.0, CLIENT)
    if why == "not acknowledged":
        story.lost.add(number(10.0))
    else:
        story.frame(10.01, SERVER)
    story.frame(11.0 if why == "soon" else 20.0, CLIENT, flags=FLAG_FIN | FLAG_ACK)
    found = left_unserved(case_of(story, lasts=30.0, local=CLIENT if why == "its own" else SERVER))
    assert (found is not None) is (why == "")
    if found is not None:
        assert (found.id, found.frames) == ("peer-stalled-no-reply", (number(10.0), number(10.01)))
        assert (found.values["waited"], found.values["given_up"]) == (9_990_000_000, True)


def test_who_asked_for_nothing_was_left_without_nothing() -> None:
    assert left_unserved(case_of(asked().fin(20.0, CLIENT, 3.1), lasts=30.0, local=SERVER)) is None


@pytest.mark.parametrize(
    ("waited", "octets", "flags", "told"),
    [
        (1.0, 100, FLAG_FIN | FLAG_ACK, False),  # a word of leave, and the close that answers it
        (1.0, 101, FLAG_FIN | FLAG_ACK, True),
        (1.0, 100, FLAG_RST | FLAG_ACK, True),  # no program replies by an RST
        (5.0, 100, FLAG_RST, False),  # nothing says that it had the request
    ],
)
def test_a_close_soon_after_is_a_reply_to_leave_alone(waited: float, octets: int, flags: int, told: bool) -> None:
    story = Story().handshake()
    for second in (1, 2, 3):
        story.data(second, CLIENT, 400).data(second + 0.1, SERVER).frame(second + 0.11, CLIENT)
    story.data(10.0, CLIENT, octets).frame(10.0 + waited, SERVER, flags=flags)
    case = case_of(story, lasts=30.0, local=CLIENT)
    assert case.ending.first is not None
    assert (reply_outstanding(case, case.ending.first) is not None) is told


def test_an_rst_that_answers_a_segment_read_what_it_refused() -> None:
    story = asked().data(19.99, CLIENT).reset(20.0, SERVER, "data", 19.99)
    case = case_of(story, lasts=30.0, local=CLIENT)
    assert case.ending.reset is not None
    assert perhaps_unread(case, case.ending.reset) is None


def test_an_rst_without_an_acknowledgment_does_not_say_what_its_sender_had() -> None:
    story = asked().data(6.0, CLIENT).frame(6.01, SERVER).frame(20.0, SERVER, flags=FLAG_RST)
    case = case_of(story, lasts=30.0, local=CLIENT)
    assert case.ending.reset is not None
    assert perhaps_unread(case, case.ending.reset) is None


def test_an_rst_that_acknowledges_less_than_the_last_word_had_it_not() -> None:
    """Whether it says so or not."""
    for flags in (FLAG_RST | FLAG_ACK, FLAG_RST):
        story = asked().data(6.0, CLIENT)
        story.lost.add(number(6.0))
        case = case_of(story.frame(20.0, SERVER, flags=flags), lasts=30.0, local=CLIENT)
        assert case.ending.reset is not None
        assert perhaps_unread(case, case.ending.reset) is None


@pytest.mark.parametrize(
    ("said_by", "resets", "flags", "local", "is_told"),
    [
        (SERVER, 6.2, FLAG_RST | FLAG_ACK, CLIENT, True),
        (SERVER, 6.201, FLAG_RST | FLAG_ACK, CLIENT, False),  # it had time to be read
        (CLIENT, 6.1, FLAG_RST | FLAG_ACK, CLIENT, False),
        (SERVER, 6.1, FLAG_RST, CLIENT, False),  # of no socket
        (SERVER, 6.1, FLAG_RST | FLAG_ACK, SERVER, False),  # the local end's own
    ],
)
def test_an_rst_right_behind_its_senders_data_may_take_them_away(
    said_by: str, resets: float, flags: int, local: str, is_told: bool
) -> None:
    story = asked().data(6.0, said_by).frame(6.01, SERVER if said_by == CLIENT else CLIENT)
    case = case_of(story.frame(resets, SERVER, flags=flags), lasts=30.0, local=local)
    assert case.ending.reset is not None
    told = behind_own_data(case, case.ending.reset)
    assert (told.frames if told else None) == ((number(6.0), number(resets)) if is_told else None)


def test_an_rst_that_answers_a_segment_is_not_behind_its_senders_data() -> None:
    story = asked().data(6.0, SERVER).frame(6.01, CLIENT).data(6.02, CLIENT).reset(6.03, SERVER, "data", 6.02)
    case = case_of(story, lasts=30.0, local=CLIENT)
    assert case.ending.reset is not None
    assert behind_own_data(case, case.ending.reset) is None


def test_an_rst_on_a_connection_without_payload_left_and_took_nothing() -> None:
    case = case_of(Story().handshake().frame(20.0, SERVER, flags=FLAG_RST | FLAG_ACK), lasts=30.0, local=CLIENT)
    assert case.ending.reset is not None
    assert (behind_own_data(case, case.ending.reset), perhaps_unread(case, case.ending.reset)) == (None, None)
