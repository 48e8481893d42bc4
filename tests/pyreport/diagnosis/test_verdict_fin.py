"""Verdicts on a close by FIN, at the edges of each rule."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.application.cut_reply import CutReply
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Attribution, Confidence, Kind
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number, verdict_of
from tests.pyreport.told import ids, told


def talked(asks: float = 0.0) -> Story:
    """A request and its answer; and one more at ``asks``, which is acknowledged and not answered."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.01, CLIENT)
    return story.data(asks, CLIENT).frame(asks + 0.01, SERVER) if asks else story


def closed(acknowledged: bool, copies: int = 1) -> Case:
    """The client closes at 9.0 s, and the server never."""
    story = talked().fin(9.0, CLIENT, 1.0, acknowledged=0.01 if acknowledged else None)
    if not acknowledged:
        story.lost.add(number(9.0))
    for copy in range(1, copies):
        story.frame(9.0 + copy, CLIENT, flags=FLAG_FIN | FLAG_ACK, retransmission=True)
        story.lost.add(number(9.0 + copy))
    return case_of(story, lasts=20.0, local=CLIENT)


@pytest.mark.parametrize("acknowledged", [True, False])
def test_a_close_that_the_other_end_is_not_known_to_have_is_less_sure(acknowledged: bool) -> None:
    verdict = verdict_of(closed(acknowledged))
    assert verdict.kind is Kind.LOCAL_CLOSED
    assert not any(told.startswith("close-race") for told in ids(verdict.claims))
    assert verdict.confidence is (Confidence.LIKELY if acknowledged else Confidence.POSSIBLE)


@pytest.mark.parametrize("copies", [1, 2, 4])
def test_a_fin_that_nobody_acknowledged_was_sent_again_so_often(copies: int) -> None:
    verdict = verdict_of(closed(False, copies))
    again = [claim for claim in verdict.claims if claim.id == "fin-sent-again"]
    assert [claim.values["repeats"] for claim in again] == ([copies - 1] if copies > 1 else [])
    assert all(claim.frames == tuple(number(9.0 + copy) for copy in range(copies)) for claim in again)


@pytest.mark.parametrize(
    ("asks", "local", "owed"),
    [(7.0, CLIENT, True), (7.001, CLIENT, False), (0.0, CLIENT, False), (3.0, SERVER, False)],
)
def test_a_client_that_closes_two_seconds_after_its_request_was_owed_a_reply(
    asks: float, local: str, owed: bool
) -> None:
    story = talked(asks).fin(9.0, local, asks or 1.0)
    log = "connection reset by peer" if local == CLIENT else ""
    verdict = verdict_of(case_of(story, log=log, lasts=20.0, local=local))
    assert ("reply-outstanding" in ids(verdict.claims)) is owed
    if owed:
        said = told(verdict.claims, "reply-outstanding")
        assert (said.frames, said.values["waited"]) == ((number(asks), number(9.0)), round((9.0 - asks) * 1e9))
        assert Attribution.PEER_SERVICE in verdict.attribution


@pytest.mark.parametrize(
    ("missed", "at_server", "is_path"), [(3, False, True), (1, False, False), (0, False, False), (3, True, False)]
)
def test_probes_in_vain_before_the_own_close_give_the_path_a_share(missed: int, at_server: bool, is_path: bool) -> None:
    """Two in a row at least, and captured where the answers would have come from, they were never made."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(6.0)
    for index in range(missed):
        story.probe(11.0 + 5 * index, answered=False)
    story.fin(11.0 + 5 * missed - 2.0, CLIENT, 1.0, acknowledged=None)
    if at_server:
        story = at_the_server(story)
    verdict = verdict_of(case_of(story, log="connection reset by peer", lasts=40.0, local=CLIENT))
    assert (Attribution.NETWORK_PATH in verdict.attribution) is is_path


@pytest.mark.parametrize(("age", "kind"), [(2.0, Kind.PEER_CLOSED_IDLE), (1.999, Kind.PEER_CLOSED)])
def test_a_close_after_two_seconds_of_silence_may_be_an_idle_limit(age: float, kind: Kind) -> None:
    story = talked().fin(1.0 + age, SERVER, 1.0)
    assert verdict_of(case_of(story, lasts=30.0, local=CLIENT)).kind is kind


@pytest.mark.parametrize("alike", ["", "needs none", "came later", "never arrived", "a farewell"])
def test_a_close_soon_after_a_request_is_told_with_it(alike: str) -> None:
    """Not where its kind had no replies, where the reply came on the half-closed connection, where the request was lost
    on its way, and where it was leave alone.
    """
    story = talked()
    if alike == "needs none":
        story.data(2.0, CLIENT).frame(2.01, SERVER).data(4.5, CLIENT).frame(4.51, SERVER)
    sent = 8.9 if alike == "a farewell" else 8.0
    story.data(sent, CLIENT, 5 if alike == "a farewell" else 400)
    if alike == "never arrived":
        story.lost.add(number(sent))
        story.frame(8.3, CLIENT, length=400, retransmission=True)
        story.lost.add(number(8.3))
    else:
        story.frame(sent + 0.01, SERVER)
    story.frame(9.0, CLIENT, flags=FLAG_FIN | FLAG_ACK)
    if alike == "never arrived":
        story.lost.add(number(9.0))
    if alike == "came later":
        story.data(9.1, SERVER).frame(9.11, CLIENT)
    verdict = verdict_of(case_of(story, log="connection reset by peer", lasts=20.0, local=CLIENT))
    assert verdict.kind is Kind.LOCAL_CLOSED
    assert ("health-no-reply" in ids(verdict.claims)) is (not alike)


@pytest.mark.parametrize(("closes", "is_lost"), [(7.0, True), (6.999, False)])
def test_a_hole_that_was_waited_for_two_seconds_is_why_the_own_end_closed(closes: float, is_lost: bool) -> None:
    story = talked(3.0).after_unseen(5.0, SERVER, 500).frame(5.01, CLIENT).frame(6.5, CLIENT)
    verdict = verdict_of(case_of(story.fin(closes, CLIENT, 5.0), lasts=30.0, local=CLIENT))
    assert verdict.kind is (Kind.PATH_LOST if is_lost else Kind.LOCAL_CLOSED)


@pytest.mark.parametrize("covers", [True, False])
def test_a_fin_whose_copies_never_came_was_lost_on_the_path(covers: bool) -> None:
    """The client's next request, long after the copies, acknowledges the FIN or does not."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    for seconds in (31.0, 31.3, 31.9, 33.1, 35.5):
        story.frame(seconds, SERVER, flags=FLAG_FIN | FLAG_ACK, retransmission=seconds > 31)
        if not covers:
            story.lost.add(number(seconds))
    story.data(60.0, CLIENT)
    story.lost.add(number(60.0))
    story.frame(60.01, SERVER, flags=FLAG_RST)
    verdict = verdict_of(case_of(at_the_server(story), lasts=90.0, local=CLIENT))
    assert verdict.kind is Kind.PEER_CLOSED_IDLE
    assert (Attribution.NETWORK_PATH in verdict.attribution) is not covers
    assert ("wait-data-went-on-without" in ids(verdict.claims)) is not covers


@pytest.mark.parametrize(
    ("lengths", "waited", "log", "is_told"),
    [
        ((536, 536, 536), 2.0, "connection timed out", True),
        ((536, 536), 2.0, "i/o timeout", True),
        ((536, 536), 1.999, "connection timed out", False),
        ((535, 535), 60.0, "connection timed out", False),  # nothing is full that is smaller
        ((536, 1_448, 536), 60.0, "connection timed out", False),
        ((536,), 60.0, "connection timed out", False),  # nothing else shows what is full
        ((536, 536), 60.0, "broken pipe", False),
        ((536, 536), 60.0, "", False),
    ],
)
def test_who_had_waited_behind_full_segments_may_lack_the_rest_of_a_reply(
    lengths: tuple[int, ...], waited: float, log: str, is_told: bool
) -> None:
    story, seconds = Story().handshake().data(0.9, CLIENT), 0.9
    for length in lengths:
        seconds = round(seconds + 0.1, 3)
        story.data(seconds, SERVER, length).frame(seconds + 0.001, CLIENT)
    closes = round(seconds + waited, 3)
    verdict = verdict_of(case_of(story.fin(closes, CLIENT, seconds), log=log, lasts=90.0, local=CLIENT))
    assert ("waited-in-vain" in ids(verdict.claims)) is is_told
    if is_told:
        said = told(verdict.claims, "waited-in-vain")
        assert said.frames == (number(seconds), number(closes))
        assert (said.values["last"], said.values["waited"]) == (number(seconds), round(waited * 1e9))
        assert Attribution.PEER_SERVICE in verdict.attribution


@pytest.mark.parametrize(
    ("closes", "by", "is_told"),
    [(3.0, SERVER, True), (2.999, SERVER, False), (3.0, CLIENT, False)],
    ids=["waited", "soon", "its own"],
)
def test_who_closes_two_seconds_after_the_peer_stopped_in_a_reply_had_waited_for_the_rest(
    closes: float, by: str, is_told: bool
) -> None:
    case = case_of(talked().fin(closes, CLIENT, 1.0), lasts=20.0, local=CLIENT)
    verdict = verdict_of(replace(case, cut=CutReply(Endpoint(by), number(1.0), 5_000, 100)))
    assert (Attribution.PEER_SERVICE in verdict.attribution) is is_told
    assert "reply-cut" in ids(verdict.claims)


def test_who_had_waited_for_an_answer_or_for_a_first_word_lacks_no_rest_of_a_reply() -> None:
    answered = Story().handshake().data(0.9, SERVER, 536).data(1.0, SERVER, 536).data(1.1, CLIENT, 536)
    silent = Story().handshake()
    for story in (answered.fin(61.0, CLIENT, 1.1), silent.fin(61.0, CLIENT)):
        verdict = verdict_of(case_of(story, log="connection timed out", lasts=90.0, local=CLIENT))
        assert "waited-in-vain" not in ids(verdict.claims)


@pytest.mark.parametrize(
    ("asks", "log", "owed"),
    [
        (8.799, "connection timed out", True),
        (8.801, "connection timed out", False),  # it may have been its farewell
        (8.799, "connection reset by peer", False),
    ],
)
def test_who_says_that_it_had_waited_was_owed_a_reply_after_a_moment(asks: float, log: str, owed: bool) -> None:
    verdict = verdict_of(case_of(talked(asks).fin(9.0, CLIENT, asks), log=log, lasts=20.0, local=CLIENT))
    assert ("reply-outstanding" in ids(verdict.claims)) is owed
