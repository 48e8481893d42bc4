"""What "healthy" takes: for each condition a connection that lacks it, and one that looks alike and does not."""

from __future__ import annotations

from typing import Any

import pytest

from pyreport.base.claim import Claim, Duration
from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.health import CONDITIONS, Proof, Waits, check_health, not_holding
from pyreport.diagnosis.result import Attribution, Confidence, Kind
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from pyreport.words import Words
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, verdict_of
from tests.pyreport.diagnosis.evidence.test_unheard import spoken
from tests.pyreport.told import ids, told


def asked(count: int = 3, story: Story | None = None) -> Story:
    """Requests that are each replied to within 100 ms, one a second."""
    story = story or Story().handshake()
    for second in range(1, count + 1):
        story.data(second, CLIENT).data(second + 0.1, SERVER).frame(second + 0.11, CLIENT)
    return story


def syns() -> Story:
    """A SYN without an answer."""
    story = Story().frame(1.0, CLIENT, flags=FLAG_SYN)
    story.lost.add(number(1.0))
    return story


def failing(case: Case) -> list[str]:
    return [found.claim.id for found in check_health(case) if found.proof is not Proof.HOLDS]


def test_a_healthy_verdict_cites_the_proof_of_each_condition() -> None:
    verdict = verdict_of(case_of(asked(), lasts=5.0))
    assert (verdict.kind, verdict.confidence) == (Kind.HEALTHY, Confidence.LIKELY)
    assert len(verdict.deciding) == len(CONDITIONS)


@pytest.mark.parametrize(
    ("broken", "lasts", "why"),
    [
        (asked().sent_again(CLIENT, 5.0), 30.0, "health-not-acknowledged"),
        (asked().after_unseen(5.0, SERVER, 5000).frame(5.01, CLIENT).frame(9.0, CLIENT), 30.0, "health-hole"),
        (asked().data(5.0, CLIENT).frame(5.01, SERVER), 30.0, "health-no-reply"),
        (asked().frame(5.0, SERVER).marked(5.0, window=0).frame(5.2, CLIENT), 5.3, "health-window-closed"),
        (asked().frame(5.0, CLIENT, flags=FLAG_RST | FLAG_ACK), 5.3, "health-ended-by-reset"),
        (asked().fin(5.0, CLIENT, 3.1, acknowledged=None), 30.0, "health-fin-not-acknowledged"),
        (asked().fin(5.0, SERVER, 3.1), 30.0, "close-left-alone"),
        (Story().data(1.0, CLIENT), 1.2, "health-one-direction"),
        (Story().handshake().probe(6.0).probe(11.0, answered=False).probe(16.0, answered=False)
         .unanswered(11.0, 16.0, 1), 16.5, "keepalive-without-answer"),
    ],
)  # fmt: skip
def test_one_condition_is_enough_to_be_no_longer_healthy(broken: Story, lasts: float, why: str) -> None:
    if why == "health-fin-not-acknowledged":
        broken.lost.add(round(5.0 * 1000) + 1)
    case = case_of(broken, lasts=lasts)
    assert why in failing(case)
    assert verdict_of(case).kind is not Kind.HEALTHY


@pytest.mark.parametrize(
    ("alike", "lasts"),
    [
        (asked().sent_again(CLIENT, 5.0), 5.1),  # still on its way when the capture ends
        (asked().data(5.0, CLIENT).frame(5.01, SERVER), 5.1),  # the reply was not due yet
        (asked().frame(5.0, SERVER).marked(5.0, window=0).frame(5.2, SERVER).marked(5.2, window=9), 30.0),  # opened
        (asked().fin(5.0, CLIENT, 3.1).answering_fin(5.1, SERVER).frame(5.11, CLIENT), 30.0),
        (asked().fin(5.0, CLIENT, 3.1).answering_fin(5.1, SERVER).frame(5.11, CLIENT, flags=FLAG_RST), 30.0),
    ],
)
def test_what_looks_alike_and_is_healthy(alike: Story, lasts: float) -> None:
    case = case_of(alike, lasts=lasts)
    assert failing(case) == []
    assert verdict_of(case).kind is Kind.HEALTHY


def left(length: int, *, closer: str, apart: float, later: bool = False, turns: int = 3) -> Case:
    """The client says something and an end closes ``apart`` seconds later, in the same segment at 0; ``later``: the
    server then answers at length, and the client takes it.
    """
    story = asked(turns)
    if apart or closer != CLIENT:
        story.data(9.0, CLIENT, length)
    if apart:
        story.frame(9.01, SERVER)
    own = 0 if apart or closer != CLIENT else length
    story.frame(9.0 + max(apart, 0.0), closer, flags=FLAG_FIN | FLAG_ACK, length=own)
    end = 9.0 + apart
    if later:
        story.data(end + 0.01, SERVER, 900).frame(end + 0.011, CLIENT)
    other = SERVER if closer == CLIENT else CLIENT
    story.frame(end + 0.02, other, flags=FLAG_FIN | FLAG_ACK).frame(end + 0.03, closer)
    return case_of(story, lasts=30.0)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"length": 400, "closer": CLIENT, "apart": 0.1}, Kind.LOCAL_CLOSED),
        ({"length": 400, "closer": CLIENT, "apart": 0.0}, Kind.LOCAL_CLOSED),
        (
            {"length": 5, "closer": CLIENT, "apart": 0.5},
            Kind.LOCAL_CLOSED,
        ),  # no farewell
        ({"length": 400, "closer": SERVER, "apart": 0.05}, Kind.PEER_CLOSED),
        (
            {"length": 400, "closer": CLIENT, "apart": 0.1, "turns": 0},
            Kind.LOCAL_CLOSED,
        ),  # nobody knows
    ],
    ids=["soon", "in one segment", "short", "by the server", "the only one"],
)
def test_a_request_that_a_close_left_without_a_reply_is_not_healthy(told: dict[str, Any], kind: Kind) -> None:
    """What has no reply when the connection is closed will have none, however soon the close came."""
    case = left(**told)
    assert failing(case) == ["health-no-reply"]
    assert verdict_of(case).kind is kind
    assert {"health-no-reply", "reply-outstanding"} & set(ids(verdict_of(case).claims))


@pytest.mark.parametrize(
    "told",
    [
        {"length": 5, "closer": CLIENT, "apart": 0.1},  # a farewell: MySQL's COM_QUIT
        {"length": 5, "closer": CLIENT, "apart": 0.0},
        {"length": 400, "closer": CLIENT, "apart": 0.1, "later": True},  # a half-close: the reply came, and was taken
        {"length": 5, "closer": CLIENT, "apart": 0.1, "later": True},
    ],
    ids=["farewell", "farewell in one segment", "half-close", "short, and a half-close"],
)
def test_a_farewell_asks_for_no_reply_and_a_half_close_has_one(told: dict[str, Any]) -> None:
    case = left(**told)
    assert failing(case) == []
    assert verdict_of(case).kind is Kind.HEALTHY


@pytest.mark.parametrize(("apart", "waited_ms"), [(0.0, 0), (0.005, 5), (0.5, 490)])
def test_a_wait_ends_with_the_close_and_is_never_negative(apart: float, waited_ms: int) -> None:
    """The acknowledgment of the request may come behind the close."""
    story = asked(0).data(9.0, CLIENT, 400).frame(9.01, SERVER)
    story.frame(9.0 + apart + 0.001 * (not apart), CLIENT, flags=FLAG_FIN | FLAG_ACK)
    told = check_health(case_of(story.frame(9.6, SERVER, flags=FLAG_FIN | FLAG_ACK).frame(9.7, CLIENT), lasts=30.0))
    (waited,) = [found.claim.values for found in told if found.claim.id == "health-no-reply"]
    assert waited["waited"] == Duration(max(waited_ms, 1) * NS_PER_MS)
    assert "the connection shows no earlier reply" in Words().say(Claim("health-no-reply", values=waited))


@pytest.mark.parametrize("is_seen", [True, False])
def test_a_capture_of_one_direction_shows_no_reply_and_denies_none(is_seen: bool) -> None:
    story = asked().data(5.0, CLIENT).frame(5.01, SERVER).fin(9.0, CLIENT, 5.0, acknowledged=None)
    for moment, frame in () if is_seen else list(story.frames.items()):
        if frame.source == SERVER:
            story.unseen.add(moment)
    story.expected.clear()
    said = ids(verdict_of(case_of(story, lasts=30.0)).claims)
    assert bool({"reply-outstanding", "peer-stalled-no-reply", "health-no-reply"} & set(said)) is is_seen


def test_a_complaint_makes_nothing_healthy() -> None:
    case = case_of(asked(), lasts=5.0, log="connection reset by peer", logged=5.0)
    assert not not_holding(check_health(case))
    assert verdict_of(case).kind is Kind.UNDETERMINED


def test_data_that_an_rst_took_with_it_is_lost() -> None:
    story = asked().sent_again(CLIENT, 5.0).reset(5.3, SERVER)
    assert "health-reset-took-data" in failing(case_of(story))
    assert "health-reset-took-data" not in failing(case_of(asked().reset(5.3, SERVER)))


def closed_instead(octets: int, story: Story | None = None, replies: float = 0.0) -> Case:
    """The server closes 2 ms after the last message, and so does the client.

    https://github.com/nodejs/node/issues/6795: a server's limit ran out as a request came in, and nobody replied.
    """
    story = (story or asked()).data(5.0, CLIENT, octets).frame(5.001, SERVER)
    if replies:
        story.data(replies, SERVER, 20)
    story.fin(5.003, SERVER, replies or 5.0).answering_fin(5.005, CLIENT).frame(5.006, SERVER)
    return case_of(story, lasts=9.0)


def commands(octets: int) -> Story:
    """Short requests, all of one size, which have their replies."""
    story = Story().handshake()
    for second in (1, 2, 3):
        story.data(second, CLIENT, octets).data(second + 0.1, SERVER).frame(second + 0.11, CLIENT)
    return story


@pytest.mark.parametrize("octets", [100, 101, 551, 1400])  # the requests before it had 100 octets
def test_a_server_that_closes_instead_of_replying_is_not_healthy(octets: int) -> None:
    case = closed_instead(octets)
    assert failing(case) == ["health-no-reply"]
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.PEER_CLOSED, (Attribution.PEER_SERVICE,))
    assert "reply-outstanding" in ids(verdict.claims)


def test_a_short_request_like_those_before_it_is_one() -> None:
    assert failing(closed_instead(32, commands(32))) == ["health-no-reply"]


@pytest.mark.parametrize(
    "case",
    [
        closed_instead(5),  # MySQL's COM_QUIT, PostgreSQL's Terminate
        closed_instead(99),
        closed_instead(31, commands(31)),  # MySQL's COM_PING and COM_QUIT have one size
        closed_instead(100, asked(2)),
        closed_instead(551, replies=5.002),  # what it said last was a reply
        closed_instead(551, asked(0)),  # nothing shows that it ever replies
    ],
)
def test_a_server_that_closes_when_leave_was_taken_is_healthy(case: Case) -> None:
    assert failing(case) == []
    assert verdict_of(case).kind is Kind.HEALTHY


# Checks of a monitor -------------------------------------------------------------------------------------------------


def check(stream: int, start: float) -> Story:
    story = Story(f"10.0.0.1:{41000 + stream}", stream=stream).handshake(start)
    return story.frame(start + 0.02, story.client, flags=FLAG_RST | FLAG_ACK)


def test_connections_that_are_dropped_at_once_again_and_again_are_checks() -> None:
    case = case_of(check(0, 1.0), check(1, 3.0), check(2, 5.0))
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.HEALTH_CHECK, (Attribution.HEALTHY,))
    assert verdict.confidence is Confidence.LIKELY
    (again,) = verdict.deciding
    assert (again.values["count"], again.values["every"]) == (3, Duration(2 * NS_PER_S))
    assert verdict.is_everyday


def test_two_of_them_may_be_a_scan_and_one_with_a_request_is_none() -> None:
    twice = verdict_of(case_of(check(0, 1.0), check(1, 3.0)))
    assert (twice.kind, twice.confidence) == (Kind.HEALTH_CHECK, Confidence.POSSIBLE)
    first = check(0, 1.0)
    first.data(1.015, first.client)
    assert verdict_of(case_of(first, check(1, 3.0), check(2, 5.0), check(3, 7.0))).kind is not Kind.HEALTH_CHECK


def test_flags_of_an_orderly_close() -> None:
    """A FIN of both sides in one go, without data."""
    story = Story().handshake()
    story.frame(1.0, CLIENT, flags=FLAG_FIN | FLAG_ACK).frame(1.1, SERVER, flags=FLAG_FIN | FLAG_ACK)
    assert failing(case_of(story.frame(1.2, CLIENT), lasts=9.0)) == []
    assert FLAG_SYN not in {frame.flags for frame in story.numbered()[3:]}


# The edges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lasts", "fails"), [(5.999, False), (6.0, True), (30.0, True)])
def test_what_was_sent_within_the_last_second_may_be_on_its_way(lasts: float, fails: bool) -> None:
    """Data, a FIN, and what a hole lacks; not where an RST ended all, or after three copies."""
    data = case_of(asked().sent_again(CLIENT, 5.0), lasts=lasts)
    assert ("health-not-acknowledged" in failing(data)) is fails
    hole = case_of(asked().after_unseen(5.0, SERVER, 5000).frame(5.01, CLIENT), lasts=lasts)
    assert ("health-hole" in failing(hole)) is fails
    fin = asked().fin(5.0, CLIENT, 3.1, acknowledged=None)
    fin.lost.add(number(5.0))
    assert ("health-fin-not-acknowledged" in failing(case_of(fin, lasts=lasts))) is fails
    for times, is_known in (((5.0, 5.1), False), ((5.0, 5.1, 5.2), True)):
        again = case_of(asked().sent_again(CLIENT, *times), lasts=5.5)
        assert ("health-not-acknowledged" in failing(again)) is is_known


def test_how_long_it_waited_and_what_a_hole_lies_between_is_told() -> None:
    checks = {
        found.claim.id: found.claim for found in check_health(case_of(asked().sent_again(CLIENT, 5.0), lasts=9.0))
    }
    told = checks["health-not-acknowledged"]
    assert (told.frames, told.values["waited"]) == ((number(5.0),), 4 * NS_PER_S)
    assert told.values["what"] is Waits.DATA
    syn = {found.claim.id: found.claim for found in check_health(case_of(syns(), lasts=9.0))}["health-not-acknowledged"]
    assert (syn.frames, syn.values["what"]) == ((number(1.0),), Waits.OPENING)
    hole = case_of(asked().after_unseen(5.0, SERVER, 5000).frame(5.01, CLIENT), lasts=9.0)
    told = {found.claim.id: found.claim for found in check_health(hole)}["health-hole"]
    assert (told.frames, told.values["octets"]) == ((number(3.1), number(5.0)), 5000)


@pytest.mark.parametrize(("fins", "is_orderly"), [((), False), ((CLIENT,), False), ((CLIENT, SERVER), True)])
def test_an_rst_after_both_fins_ends_nothing(fins: tuple[str, ...], is_orderly: bool) -> None:
    story = asked()
    for index, side in enumerate(fins):
        story.frame(5.0 + index / 10, side, flags=FLAG_FIN | FLAG_ACK)
    story.frame(5.2, CLIENT).frame(5.3, SERVER).frame(5.4, CLIENT, flags=FLAG_RST)
    assert ("health-ended-by-reset" not in failing(case_of(story, lasts=6.0))) is is_orderly


@pytest.mark.parametrize("writer", [SERVER, CLIENT], ids=["the other side", "the side itself"])
def test_who_writes_after_its_own_fin_shows_that_a_frame_is_not_what_it_seems(writer: str) -> None:
    """The plugin marks it as a violation; the other side may write on (RFC 9293 section 3.6: half-closed)."""
    story = asked().fin(10.0, CLIENT, 3.1).frame(10.01, SERVER).data(12.0, writer)
    story.frame(12.01, CLIENT if writer == SERVER else SERVER)
    case = case_of(story, lasts=12.5)
    assert ("health-wrote-after-own-fin" in failing(case)) is (writer == CLIENT)
    assert verdict_of(case).kind is not Kind.HEALTHY or writer == SERVER


@pytest.mark.parametrize(
    ("turns", "waits", "gives_up", "proof"),
    [
        (3, 5.0, True, Proof.FAILS),
        (3, 5.0, False, Proof.UNTOLD),  # the reply may still come
        (3, 1.0, True, Proof.UNTOLD),  # it was soon given up
        (1, 5.0, True, Proof.UNTOLD),  # one reply is no habit
    ],
)
def test_a_request_without_a_reply_fails_where_it_was_given_up_against_a_habit(
    turns: int, waits: float, gives_up: bool, proof: Proof
) -> None:
    story = asked(turns).data(9.0, CLIENT, 400).frame(9.01, SERVER)
    if gives_up:
        story.fin(9.01 + waits, CLIENT, 9.0)
    checked = check_health(case_of(story, lasts=9.01 + waits, local=CLIENT))
    assert [found.proof for found in checked if found.claim.id == "health-no-reply"] == [proof]


@pytest.mark.parametrize(
    ("closer", "greets", "is_told"), [(SERVER, False, True), (SERVER, True, False), (CLIENT, False, False)]
)
def test_a_server_that_closes_before_anything_was_said_is_not_healthy(closer: str, greets: bool, is_told: bool) -> None:
    """It may have turned the client away, as tcpd does. A client that closes so had no use for the connection."""
    story = Story().handshake()
    if greets:
        story.data(1.0, SERVER).frame(1.1, CLIENT)
    story.frame(5.0, closer, flags=FLAG_FIN | FLAG_ACK).frame(5.01, story.other(closer), flags=FLAG_FIN | FLAG_ACK)
    case = case_of(story.frame(5.02, closer), lasts=30.0, local=CLIENT)
    assert ("health-closed-unused" in failing(case)) is is_told
    assert (verdict_of(case).kind is Kind.HEALTHY) is not is_told


@pytest.mark.parametrize(("closes", "is_told"), [(15.0, True), (0.201, True), (0.2, False)])
def test_who_spoke_in_vain_and_closed_later_may_have_waited_for_a_sign_of_life(closes: float, is_told: bool) -> None:
    """What is closed in the same flight as its last words has come to its end."""
    assert ("unheard" in failing(spoken(4, closes=closes))) is is_told


def test_who_was_answered_was_heard() -> None:
    assert "unheard" not in failing(case_of(asked().fin(30.0, SERVER, 3.1), lasts=60.0, local=CLIENT))
    assert "unheard" not in failing(case_of(Story().handshake().fin(30.0, SERVER), lasts=60.0, local=CLIENT))


@pytest.mark.parametrize(("answered", "is_healthy"), [(True, True), (False, False)])
def test_an_rst_that_the_connection_goes_on_after_ends_nothing(answered: bool, is_healthy: bool) -> None:
    """RFC 5961 section 3.2: one whose number is not the next one draws an ACK, and nothing else comes of it."""
    story = asked().outside_window(5.0, SERVER).frame(5.001, CLIENT)
    story.data(8.0, CLIENT)
    if answered:
        story.data(8.1, SERVER).frame(8.11, CLIENT).fin(9.0, CLIENT, 8.1).answering_fin(9.1, SERVER).frame(9.11, CLIENT)
    verdict = verdict_of(case_of(story, lasts=30.0, local=CLIENT))
    assert (verdict.kind is Kind.HEALTHY) is is_healthy
    if answered:
        assert told(verdict.claims, "reset-not-taken").values["reset"] == number(5.0)
