"""The request that was open at the end, at the edges of what tells it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.replies import OpenRequest, closed_promptly, fin_ignored, is_leave, open_request
from pyreport.diagnosis.result import Attribution
from pyreport.diagnosis.thresholds import FEWEST_TURNS
from pyreport.frames.frame import FLAG_ACK, FLAG_RST
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, verdict_of
from tests.pyreport.told import ids


def asked(*pauses: float, answer: float = 0.1) -> Story:
    """A request of the client and its answer for each pause, which comes before the next request; then one more,
    which the server's kernel acknowledges 10 ms later. The first is sent at 1.0 s.
    """
    story, now = Story().handshake(), 1.0
    for pause in pauses:
        story.data(now, CLIENT).data(now + answer, SERVER)
        now += answer + pause
    return story.data(now, CLIENT).frame(now + 0.01, SERVER)


def request_of(case: Case) -> OpenRequest:
    found = open_request(case)
    assert found is not None
    return found


@pytest.mark.parametrize("turns", [0, 1, 4])
def test_the_last_request_waits_since_it_was_acknowledged(turns: int) -> None:
    found = request_of(case_of(asked(*[1.0] * turns), lasts=30.0))
    sent = 1.0 + 1.1 * turns
    assert (found.asker, found.replier, found.turns) == (CLIENT, SERVER, turns)
    assert found.request.number == number(sent)
    assert found.acknowledged_by is not None
    assert (found.acknowledged_by.number, found.given_up_by) == (number(sent + 0.01), None)
    assert found.waited_ns == round((30.0 - sent - 0.01) * 1e9)
    assert found.habit_ns == (100_000_000 if turns else 0)


def test_an_answered_request_is_not_open() -> None:
    assert open_request(case_of(asked().data(2.0, SERVER), lasts=30.0)) is None
    assert open_request(case_of(Story().handshake(), lasts=30.0)) is None


def test_what_is_sent_again_is_no_request() -> None:
    """An answer was there, and its request comes once more."""
    story = asked().data(2.0, SERVER).frame(2.5, CLIENT, length=100, retransmission=True)
    assert open_request(case_of(story, lasts=30.0)) is None


@pytest.mark.parametrize(("closer", "is_given_up"), [(CLIENT, True), (SERVER, False)])
def test_who_asks_may_give_it_up(closer: str, is_given_up: bool) -> None:
    """What comes after the close is no request that was open at it."""
    story = asked().fin(9.0, closer, 1.0, acknowledged=None)
    found = request_of(case_of(story, lasts=30.0))
    assert (found.given_up_by is not None) is is_given_up
    assert found.waited_ns == round((9.0 - 1.01) * 1e9)


@pytest.mark.parametrize(("lasts", "is_told"), [(11.001, True), (11.0, False)])
def test_a_fin_is_ignored_two_seconds_after_its_acknowledgment(lasts: float, is_told: bool) -> None:
    case = case_of(asked().fin(9.0, CLIENT, 1.0), lasts=lasts)
    assert fin_ignored(case, request_of(case)) == ((number(9.0), number(9.001)) if is_told else ())


def test_a_fin_that_was_heeded_or_is_the_repliers_was_not_ignored() -> None:
    closed = asked().fin(9.0, CLIENT, 1.0)
    for story in (
        closed.answering_fin(9.5, SERVER),
        asked().fin(9.0, CLIENT, 1.0).data(9.5, SERVER),
        asked().fin(9.0, CLIENT, 1.0).frame(9.5, SERVER, flags=FLAG_RST | FLAG_ACK),
        asked().fin(9.0, SERVER, 1.0),
        asked().fin(9.0, CLIENT, 1.0, acknowledged=None),
    ):
        case = case_of(story, lasts=30.0)
        found = open_request(case)
        assert found is None or fin_ignored(case, found) == ()


@pytest.mark.parametrize(("answered", "is_prompt"), [(9.999, True), (10.0, False)])
def test_who_closes_within_a_second_had_read_what_came(answered: float, is_prompt: bool) -> None:
    case = case_of(asked().fin(9.0, CLIENT, 1.0).answering_fin(answered, SERVER), lasts=30.0)
    assert closed_promptly(case, request_of(case)) == ((number(9.0), number(answered)) if is_prompt else ())
    by_server = case_of(asked().fin(9.0, SERVER, 1.0).answering_fin(answered, CLIENT), lasts=30.0)
    assert closed_promptly(by_server, request_of(by_server)) == ()


@pytest.mark.parametrize(("pause", "count"), [(2.0, 1), (1.999, 0)])
def test_requests_two_seconds_apart_without_an_answer_are_lonely(pause: float, count: int) -> None:
    """Or as far apart as an answer has ever taken, where that is longer."""
    story = asked(1.0)
    later = 2.1 + pause
    found = request_of(case_of(story.data(later, CLIENT), lasts=30.0))
    assert found.lonely == count
    slow = asked(1.0, answer=5.0)
    found = request_of(case_of(slow.data(7.0 + 3.0, CLIENT), lasts=30.0))
    assert found.lonely == 0


@pytest.mark.parametrize(("apart", "count"), [(0.2, 1), (0.199, 0)])
def test_what_the_server_says_unasked_is_counted(apart: float, count: int) -> None:
    """Not what follows its answer at once."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).data(1.1 + apart, SERVER).data(5.0, CLIENT)
    assert request_of(case_of(story, lasts=30.0)).unasked == count


MS = 1_000_000


@pytest.mark.parametrize(
    ("waited", "habit", "is_long", "is_short"),
    [
        (2_000, 0, True, False),
        (1_999, 0, False, False),
        (2_500, 500, True, False),  # five times as long as any reply took
        (2_499, 500, False, False),
        (200, 0, False, True),
        (201, 0, False, False),
        (500, 500, False, True),
        (501, 500, False, False),
    ],
)
def test_a_wait_is_long_or_short_by_the_connections_own_habit(
    waited: int, habit: int, is_long: bool, is_short: bool
) -> None:
    found = replace(request_of(case_of(asked(), lasts=30.0)), waited_ns=waited * MS, habit_ns=habit * MS)
    assert (found.is_long, found.is_short) == (is_long, is_short)


@pytest.mark.parametrize(
    ("turns", "lonely", "unasked", "is_habit", "owes_nothing"),
    [
        (FEWEST_TURNS, 0, 0, True, False),
        (FEWEST_TURNS - 1, 0, 0, False, False),
        (FEWEST_TURNS, 1, 0, False, False),
        (FEWEST_TURNS, 0, 1, False, False),
        (2, 2, 0, False, False),
        (2, 3, 0, False, True),
    ],
)
def test_replies_are_a_habit_where_each_request_had_one(
    turns: int, lonely: int, unasked: int, is_habit: bool, owes_nothing: bool
) -> None:
    found = replace(request_of(case_of(asked(), lasts=30.0)), turns=turns, lonely=lonely, unasked=unasked)
    assert (found.is_habit, found.owes_nothing) == (is_habit, owes_nothing)


def test_one_octet_more_is_said_anew() -> None:
    """A reply of one octet is one, and so is a question."""
    assert open_request(case_of(asked().data(2.0, SERVER, 1), lasts=30.0)) is None
    found = request_of(case_of(asked().data(2.0, SERVER).data(3.0, CLIENT, 1), lasts=30.0))
    assert (found.request.number, found.octets) == (number(3.0), 1)


@pytest.mark.parametrize(
    ("first", "last"), [("10.0.0.1:40000", "10.0.9.9:40001"), ("10.0.9.9:40001", "10.0.0.1:40000")]
)
def test_who_spoke_last_asks_where_nobody_is_known_to_be_the_client(first: str, last: str) -> None:
    def story() -> Story:
        return Story("10.0.0.1:40000", "10.0.9.9:40001")

    found = request_of(case_of(story().data(1.0, first).data(2.0, last).frame(2.1, first), lasts=30.0))
    assert (found.asker, found.replier, found.turns) == (last, first, 0)
    alone = request_of(case_of(story().data(2.0, last).frame(2.1, first), lasts=30.0))
    assert (alone.asker, alone.request.number) == (last, number(2.0))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_the_last_message_of_a_tls_handshake_wants_no_reply(turns: int) -> None:
    """A client that opened a connection in advance says goodbye without having asked."""
    story = asked(*[0.1] * turns)
    story.payloads[number(8.0)] = bytes((0x15, 3, 3, 0, 19))
    story.data(6.0, CLIENT, 80).frame(6.1, SERVER).data(8.0, CLIENT, 24).fin(8.001, CLIENT, 8.0, acknowledged=0.01)
    case = case_of(story, lasts=30.0)
    found = open_request(case)
    assert (found is None or is_leave(case, found)) is (turns < 3)


@pytest.mark.parametrize(
    ("opens", "port", "replies", "octets", "is_open"),
    [
        (True, 443, 1, 100, False),
        (True, 443, 1, 101, True),
        (True, 443, 2, 100, True),
        (True, 8443, 1, 64, False),
        (True, 5432, 1, 64, True),
        (False, 443, 1, 64, True),
    ],
)
def test_what_ends_the_handshake_with_a_tls_server_is_no_request(
    opens: bool, port: int, replies: int, octets: int, is_open: bool
) -> None:
    """A browser opens a connection in advance, and drops it unused after 6 s. Where the capture begins later, what it
    has of the connection is no handshake.
    """
    server = f"10.0.9.9:{port}"
    story = Story(CLIENT, server)
    if opens:
        story.handshake()
    for turn in range(replies):
        story.data(1.0 + turn, CLIENT, 517).data(1.1 + turn, server, 133)
    story.data(4.0, CLIENT, octets).frame(4.1, server)
    story.fin(10.0, CLIENT, 4.0).answering_fin(10.1, server).frame(10.11, CLIENT)
    case = case_of(story, lasts=30.0, local=CLIENT)
    assert (open_request(case) is not None) is is_open
    assert (Attribution.PEER_SERVICE in verdict_of(case).attribution) is is_open


@pytest.mark.parametrize("asks", [True, False])
def test_leave_that_is_taken_is_not_the_request_that_is_open(asks: bool) -> None:
    """The client waits 3 s for a reply, says goodbye (a TLS alert) and closes; or it had its reply, and takes leave."""
    story = asked(0.1, 0.1, 0.1) if asks else asked(0.1, 0.1, 0.1).data(1.7, SERVER)
    story.payloads[number(4.6)] = bytes((0x15, 3, 3, 0, 19))
    story.data(4.6, CLIENT, 24).fin(4.601, CLIENT, 4.6, acknowledged=0.01)
    case = case_of(story, lasts=30.0)
    found = open_request(case)
    if asks:
        assert found is not None
        assert (found.request.number, found.given_up_by) == (number(1.6), case.connection.frame(number(4.601)))
        told = verdict_of(case).claims[0]
        assert (told.id, told.frames[0]) == ("peer-stalled-no-reply", number(1.6))
    else:
        assert found is None or is_leave(case, found)
        assert not {"reply-outstanding", "peer-stalled-no-reply"} & set(ids(verdict_of(case).claims))


@pytest.mark.parametrize(
    ("replied", "sent", "is_owed"),
    [
        ((), (300,), True),
        ((300,), (300,), True),
        ((300,), (299,), False),  # shorter than a request that had its reply
        ((300,), (300, 300), False),  # followed up without a reply
        ((), (300, 300), False),
    ],
)
@pytest.mark.parametrize("port", [80, 9092])
def test_a_request_of_http_is_owed_a_reply_and_a_message_behind_an_upgrade_is_not(
    replied: tuple[int, ...], sent: tuple[int, ...], is_owed: bool, port: int
) -> None:
    """RFC 9110 section 3.4; a message of a WebSocket (RFC 6455) needs no reply."""
    server, now = f"10.0.9.9:{port}", 1.0
    story = Story(server=server).handshake()
    for octets in replied:
        story.data(now, CLIENT, octets).data(now + 0.1, server, 129)
        now += 0.2
    for octets in sent:
        story.data(now, CLIENT, octets)
        now += 0.2
    assert request_of(case_of(story, lasts=30.0)).is_owed is (is_owed and port == 80)


@pytest.mark.parametrize(("apart", "is_owed"), [(0.2, False), (0.199, True)])
def test_segments_within_a_moment_are_one_request(apart: float, is_owed: bool) -> None:
    """What comes later follows one up that got no reply."""
    server = "10.0.9.9:80"
    story = Story(server=server).handshake().data(1.0, CLIENT, 300).data(round(1.0 + apart, 3), CLIENT, 300)
    assert request_of(case_of(story, lasts=30.0)).is_owed is is_owed
