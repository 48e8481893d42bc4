"""What became of an attempt to connect, and which connections of a service live on."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.same_service import Opening, is_same_age, lives_on, never_opened, outcome_of_opening
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number, reading_of


def attempt(flags: int | None) -> Story:
    story = Story().frame(1.0, CLIENT, flags=FLAG_SYN)
    if flags is None:
        story.lost.add(number(1.0))
        story.frame(2.0, CLIENT, flags=FLAG_SYN, retransmission=True)
        story.lost.add(number(2.0))
        return story
    return story.frame(1.01, SERVER, flags=flags)


@pytest.mark.parametrize(
    ("flags", "outcome", "frame", "never"),
    [
        (FLAG_SYN | FLAG_ACK, Opening.ACCEPTED, 1.01, False),
        (FLAG_RST | FLAG_ACK, Opening.REFUSED, 1.01, True),
        (None, Opening.UNANSWERED, 2.0, True),
    ],
)
def test_an_attempt_is_accepted_refused_or_left(flags: int | None, outcome: Opening, frame: float, never: bool) -> None:
    connection = case_of(attempt(flags), lasts=20.0).connection
    assert outcome_of_opening(connection, SERVER) == (outcome, number(frame))
    assert never_opened(connection) is never


def test_an_acknowledgment_of_nothing_that_was_sent_is_of_an_earlier_connection() -> None:
    """A challenge ACK: it begins where the SYN does (RFC 5961 section 4)."""
    story = Story().frame(1.0, CLIENT, flags=FLAG_SYN).frame(1.01, SERVER)
    story.lost.add(number(1.0))
    connection = case_of(story, lasts=20.0).connection
    assert outcome_of_opening(connection, SERVER)[0] is Opening.EARLIER


def test_an_acknowledgment_of_what_was_sent_shows_a_syn_ack_that_the_capture_lacks() -> None:
    """Of the SYN alone, too."""
    story = Story().handshake(1.0).not_captured(1.01).frame(2.0, SERVER)
    assert outcome_of_opening(case_of(story).connection, SERVER) == (Opening.ACCEPTED, number(2.0))


def test_a_connection_whose_beginning_the_capture_lacks_was_accepted() -> None:
    connection = case_of(Story().data(1.0, SERVER).data(2.0, CLIENT)).connection
    assert outcome_of_opening(connection, SERVER)[0] is Opening.ACCEPTED
    assert not never_opened(connection)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (5_000, 5_300, True),
        (5_000, 5_301, False),
        (5_300, 5_000, True),
        (100_000, 101_010, True),
        (100_000, 101_011, False),
        (0, 0, True),
    ],
)
def test_two_ages_are_one_limit_within_300_ms_or_a_hundredth(one: int, other: int, same: bool) -> None:
    assert is_same_age(one * 1_000_000, other * 1_000_000) is same


SINCE, UNTIL = 10.0, 20.0


def other(stream: int = 1, *, first: float = 1.0) -> Story:
    client = f"10.0.0.1:{41000 + stream}"
    return Story(client, SERVER, stream).handshake(first - 0.5).data(first, client)


def last_signs(*stories: Story) -> tuple[int, ...]:
    index, _ = reading_of(*stories, lasts=60.0)
    return lives_on(index, SERVER, at(SINCE), at(UNTIL))


@pytest.mark.parametrize(
    ("by", "seconds", "lives"),
    [(SERVER, 20.001, True), (SERVER, 20.0, False), ("10.0.0.1:41001", 30.0, False), (SERVER, 19.0, False)],
)
def test_a_service_lives_on_where_it_still_speaks(by: str, seconds: float, lives: bool) -> None:
    assert last_signs(other().data(seconds, by)) == ((number(seconds),) if lives else ())


def test_a_connection_that_was_opened_later_tells_nothing_of_an_earlier_one() -> None:
    assert last_signs(other(first=12.0).data(30.0, SERVER)) == ()


@pytest.mark.parametrize(
    ("flags", "lives"), [(FLAG_FIN | FLAG_ACK, False), (FLAG_RST | FLAG_ACK, False), (FLAG_ACK, True)]
)
def test_a_close_is_no_sign_of_life(flags: int, lives: bool) -> None:
    story = other().frame(25.0, SERVER, flags=flags)
    assert last_signs(story) == ((number(25.0),) if lives else ())


def test_what_it_said_before_it_closed_later_is() -> None:
    story = other().data(24.0, SERVER).frame(24.5, "10.0.0.1:41001").fin(30.0, SERVER, 24.0)
    assert last_signs(story) == (number(24.0),)
    for seconds in (19.0, 20.0):
        quiet = other().data(seconds, SERVER).frame(24.5, "10.0.0.1:41001").fin(30.0, SERVER, seconds)
        assert last_signs(quiet) == ()
    before = other().data(19.0, SERVER).fin(20.0, SERVER, 19.0).frame(30.0, SERVER)
    assert last_signs(before) == ()


@pytest.mark.parametrize("by", [SERVER, "10.0.0.1:41001"])
def test_an_rst_that_ends_one_in_the_time_of_the_closes_is_no_sign_of_life(by: str) -> None:
    """Whoever sent it, and whatever the service said before it."""
    index, _ = reading_of(other().data(24.0, SERVER).frame(24.5, "10.0.0.1:41001").reset(25.0, by), lasts=60.0)
    assert lives_on(index, SERVER, at(SINCE), at(UNTIL), at(25.0)) == ()
    assert lives_on(index, SERVER, at(SINCE), at(UNTIL), at(24.999)) == (number(24.0),)
