"""What became of an attempt to connect, and which connections of a service live on."""

from __future__ import annotations

import pytest
from msgspec import structs

from pyreport.connections.connection import Connection
from pyreport.connections.index import build_index
from pyreport.diagnosis.evidence.same_service import (
    Opening,
    accepted_another,
    closed_before,
    is_same_age,
    lives_on,
    never_opened,
    outcome_of_opening,
    refused_late,
)
from pyreport.frames.findings import Fin
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_in, case_of, number, reading_of
from tests.pyreport.segments import Segments


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


def another(seconds: float, stream: int = 1, *, flags: int = FLAG_SYN | FLAG_ACK) -> Story:
    """An attempt of the same host to connect to the service, and what the service makes of it 10 ms later."""
    client = f"10.0.0.1:{41000 + stream}"
    return (
        Story(client, stream=stream).frame(seconds, client, flags=FLAG_SYN).frame(seconds + 0.01, SERVER, flags=flags)
    )


@pytest.mark.parametrize(
    ("others", "nearest", "is_later"),
    [
        ([another(4.0)], 4.01, False),
        ([another(30.0)], 30.01, True),
        ([another(4.0), another(30.0, 2)], 4.01, False),
        ([another(4.0), another(12.0, 2)], 12.01, True),
        ([another(4.0), another(12.0, 2, flags=FLAG_RST | FLAG_ACK)], 4.01, False),
        ([another(12.0, flags=FLAG_RST | FLAG_ACK)], None, False),
        ([Story("10.0.0.1:41001", stream=1).data(12.0, "10.0.0.1:41001").data(12.1, SERVER)], None, False),
        ([], None, False),
    ],
    ids=["before", "after", "nearest: before", "nearest: after", "that was none", "refused", "older", "alone"],
)
def test_the_connection_that_was_accepted_nearest_in_time_is_told(
    others: list[Story], nearest: float | None, is_later: bool
) -> None:
    own = Story().frame(10.0, CLIENT, flags=FLAG_SYN).frame(10.01, SERVER, flags=FLAG_RST | FLAG_ACK)
    told = accepted_another(case_of(own, *others, lasts=40.0, local=CLIENT), SERVER)
    assert (told is not None) is (nearest is not None)
    if told is not None and nearest is not None:
        assert told.frames == (number(10.0), number(nearest))
        assert (told.values["apart"], told.values["later"]) == (abs(round((nearest - 10.0) * 1e9)), is_later)
    opened = Story().handshake(10.0)
    assert accepted_another(case_of(opened, lasts=40.0, local=CLIENT), SERVER) is None


@pytest.mark.parametrize("count", [1, 2, 3])
def test_how_often_a_syn_was_sent_before_one_was_refused(count: int) -> None:
    story, times = Story(), (1.0, 2.0, 4.0)[:count]
    for index, seconds in enumerate(times):
        story.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=index > 0)
    story.frame(5.0, SERVER, flags=FLAG_RST | FLAG_ACK).frame(6.0, CLIENT, flags=FLAG_SYN, retransmission=True)
    told = refused_late(case_of(story, lasts=20.0, local=CLIENT).connection, number(5.0))
    assert (told is not None) is (count > 1)
    if told is not None:
        assert told.frames == tuple(map(number, times))
        assert (told.values["syns"], told.values["lasted"]) == (count - 1, round((times[-1] - times[0]) * 1e9))


def used_again(*, acked: int = 1_102, begins: int = 60_000_000) -> Segments:
    """The client's ports once more: an ACK comes in place of a SYN-ACK, and the client refuses it."""
    again = Segments(stream=1).add(begins, CLIENT, flags=FLAG_SYN, seq=500)
    again.add(begins + 500, SERVER, seq=2_001, ack=acked).add(begins + 600, CLIENT, flags=FLAG_RST, seq=acked)
    again.frames = [structs.replace(frame, number=frame.number + 100) for frame in again.frames]
    return again


@pytest.mark.parametrize(
    ("again", "is_told"),
    [
        (used_again(), True),
        (used_again(acked=1_101), False),  # its FIN, the 1,102nd octet, had not come: it is another one
        (used_again(begins=1_500_000), False),  # before that FIN
    ],
)
def test_what_acknowledges_the_fin_of_the_connection_before_is_of_that_one(again: Segments, is_told: bool) -> None:
    before = Segments().handshake(500, 100).add(1_000_000, CLIENT, 100).add(1_000_500, SERVER)
    before.add(2_000_000, CLIENT, flags=FLAG_FIN | FLAG_ACK).add(2_000_500, SERVER)
    index = again.index(before)
    case = case_in(index, again.span(), stream=1, local=CLIENT)
    told = closed_before(case, frozenset({102}))
    assert (told is not None) is is_told
    if told is not None:
        assert told.frames == (6, 101)
        assert (told.values["who"], told.values["ago"]) == (case.local_party, 57_999_500_000)


def test_another_client_that_had_closed_is_not_the_connection_before() -> None:
    """It happens to have the same numbers."""
    before = Story("10.0.0.2:41000", stream=0).handshake().data(1.0, "10.0.0.2:41000")
    case = case_of(before.fin(2.0, "10.0.0.2:41000", 1.0), local="10.0.0.2:41000")
    again = used_again()
    fin = case.connection.fin_of(case.local)
    assert fin is not None
    assert fin.end == 1_102
    frames = sorted([*case.connection.frames, *again.index().connections[1].frames], key=lambda frame: frame.time_ns)
    frames = [structs.replace(frame, number=place) for place, frame in enumerate(frames, start=1)]
    other = case_in(build_index(frames), again.span(), stream=1, local=CLIENT)
    early = next(frame.number for frame in other.connection.frames if frame.source == SERVER)
    assert closed_before(other, frozenset({early})) is None


def test_of_connections_that_the_service_no_longer_served_none_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of very many that were refused asks for all the others."""
    refused = []
    for stream in range(30):
        begins, asks = 1.0 + stream * 0.037, 50.0 + stream * 0.037
        story = other(stream, first=begins)
        refused.append(story.data(10.0 + begins, SERVER).data(asks, story.client).reset(asks + 0.017, SERVER))
    index, _ = reading_of(*refused, other(30, first=6.0).data(70.0, SERVER))
    asked: list[Connection] = []
    first_of = Connection.first_of

    def noted(self: Connection, kind: type[Fin]) -> Fin | None:
        asked.append(self)
        return first_of(self, kind)

    monkeypatch.setattr(Connection, "first_of", noted)
    assert lives_on(index, SERVER, at(50.5), at(50.5)) == (number(70.0),)
    assert len(set(asked)) == 1
