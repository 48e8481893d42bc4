"""A peer that has a request and does not answer, and what a logged timeout adds to that."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Status
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, weigh
from tests.pyreport.told import ids, told


@pytest.mark.parametrize(
    ("log", "turns", "status", "is_told"),
    [
        ("connection timed out", 3, Status.SUPPORTED, True),
        ("connection timed out", 1, Status.SUPPORTED, True),
        ("connection reset by peer", 3, Status.POSSIBLE, False),
        ("", 3, Status.POSSIBLE, False),
    ],
)
def test_a_timeout_that_is_logged_is_told_and_gives_the_request_up(
    log: str, turns: int, status: Status, is_told: bool
) -> None:
    story = Story().handshake()
    for second in range(1, turns + 1):
        story.data(second, CLIENT).data(second + 0.1, SERVER).frame(second + 0.11, CLIENT)
    story.data(10.0, CLIENT).frame(10.01, SERVER)
    case = case_of(story, log=log, logged=39.0 if log else None, lasts=40.0, local=CLIENT)
    found = weigh("peer_application_stalled", case)
    assert (found.status, "peer-stalled-log-timed-out" in ids(found.evidence)) == (status, is_told)
    assert ids(found.evidence)[0] == "peer-stalled-no-reply"
    assert ("peer-stalled-habit" in ids(found.evidence)) is (is_told and turns == 3)


@pytest.mark.parametrize(("again", "status"), [(3, Status.SUPPORTED), (2, Status.POSSIBLE)])
def test_who_asks_three_times_more_in_vain_has_a_habit_that_is_broken(again: int, status: Status) -> None:
    story = Story().handshake()
    for second in range(1, 4):
        story.data(second, CLIENT).data(second + 0.1, SERVER).frame(second + 0.11, CLIENT)
    for index in range(1 + again):
        story.data(10.0 + 5 * index, CLIENT).frame(10.01 + 5 * index, SERVER)
    found = weigh("peer_application_stalled", case_of(story, lasts=40.0, local=CLIENT))
    assert (found.status, told(found.evidence, "peer-stalled-asked-again").values["again"]) == (status, again)


@pytest.mark.parametrize("log", ["connection timed out", ""])
@pytest.mark.parametrize(("closes", "is_prompt"), [(15.5, True), (16.5, False)])
def test_a_program_that_closes_at_once_may_have_owed_nothing_unless_a_timeout_is_logged(
    log: str, closes: float, is_prompt: bool
) -> None:
    story = Story().handshake()
    for second in range(1, 4):
        story.data(second, CLIENT).data(second + 0.1, SERVER).frame(second + 0.11, CLIENT)
    story.data(5.0, CLIENT).frame(5.01, SERVER).fin(15.0, CLIENT, 5.0)
    story.answering_fin(closes, SERVER).frame(closes + 0.01, CLIENT)
    case = case_of(story, log=log, logged=15.0 if log else None, lasts=20.0, local=CLIENT)
    found = weigh("peer_application_stalled", case)
    is_doubted = is_prompt and not log
    assert ids(found.against) == (["peer-stalled-closed-promptly"] if is_doubted else [])
    assert found.status is (Status.POSSIBLE if is_doubted else Status.SUPPORTED)


@pytest.mark.parametrize(
    ("then", "lasts", "ignored"),
    [("", 17.01, True), ("", 17.009, False), ("data", 30.0, False), ("fin", 30.0, False)],
)
def test_a_program_that_leaves_a_fin_alone_for_two_seconds_does_not_serve_the_connection(
    then: str, lasts: float, ignored: bool
) -> None:
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(1.11, CLIENT)
    story.data(5.0, CLIENT).frame(5.01, SERVER).fin(15.0, CLIENT, 5.0, acknowledged=0.01)
    if then == "data":
        story.data(16.5, SERVER)
    elif then == "fin":
        story.answering_fin(16.5, SERVER).frame(16.51, CLIENT)
    found = weigh("peer_application_stalled", case_of(story, lasts=lasts, local=CLIENT))
    assert ("peer-stalled-fin-ignored" in ids(found.evidence)) is ignored
    assert found.status is (Status.SUPPORTED if ignored else Status.POSSIBLE)
    if ignored:
        assert told(found.evidence, "peer-stalled-fin-ignored").frames == (number(15.0), number(15.01))


@pytest.mark.parametrize(
    ("waited", "lonely", "claim"),
    [
        (2.0, 0, "peer-stalled-no-reply"),
        (1.999, 0, "peer-stalled-no-reply-due"),
        (29.0, 2, "peer-stalled-no-reply-due"),  # it has left more of them without a reply than it answered
    ],
)
def test_a_request_is_called_unanswered_after_two_seconds(waited: float, lonely: int, claim: str) -> None:
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(1.11, CLIENT)
    for index in range(lonely):
        story.data(2.0 + index * 3, CLIENT).frame(2.01 + index * 3, SERVER)
    case = case_of(story.data(10.0, CLIENT).frame(10.01, SERVER), lasts=10.01 + waited, local=CLIENT)
    found = weigh("peer_application_stalled", case)
    assert (ids(found.evidence)[0], found.status) == (
        claim, Status.POSSIBLE if claim == "peer-stalled-no-reply" else Status.NO_EVIDENCE,
    )  # fmt: skip


@pytest.mark.parametrize("beyond", [True, False])
def test_a_reply_that_the_path_lost_is_not_owed(beyond: bool) -> None:
    """Octets of the server between the request and its FIN never came; those before it were lost on their own."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(1.11, CLIENT)
    lost = 6.0 if beyond else 3.0
    story.data(lost, SERVER, 500).not_captured(lost)
    story.holes.add(number(lost))
    if not beyond:
        story.data(3.1, SERVER).frame(3.11, CLIENT).frame(4.9, CLIENT)
    story.data(5.0, CLIENT).frame(5.01, SERVER)
    if beyond:
        story.answering_fin(6.1, SERVER).frame(6.11, CLIENT).frame(9.0, CLIENT)
    found = weigh("peer_application_stalled", case_of(story, lasts=30.0, local=CLIENT))
    assert ids(found.evidence)[0] == ("path-loss-hole" if beyond else "peer-stalled-no-reply")


@pytest.mark.parametrize("replied", [15.0, 9.0, None])
def test_a_reply_that_comes_when_its_asker_has_closed_shows_that_the_program_was_slow(replied: float | None) -> None:
    story = Story().handshake()
    for second in range(1, 4):
        story.data(second, CLIENT).data(second + 0.1, SERVER).frame(second + 0.11, CLIENT)
    story.data(6.0, CLIENT).frame(6.01, SERVER)
    if replied == 9.0:
        story.data(9.0, SERVER).frame(9.01, CLIENT)
    story.fin(12.0, CLIENT, replied if replied == 9.0 else 6.0).frame(12.01, SERVER)
    if replied == 15.0:
        story.write_after_fin(15.0, SERVER, 12.0).reset_after_fin(15.01, CLIENT, 15.0, "write", 12.0)
    found = weigh("peer_application_stalled", case_of(story, lasts=20.0, local=CLIENT))
    assert ("peer-stalled-replied-later" in ids(found.evidence)) is (replied == 15.0)
    assert (found.status is Status.SUPPORTED) is (replied != 9.0)
    if replied == 15.0:
        later = told(found.evidence, "peer-stalled-replied-later")
        assert later.frames == (number(6.0), number(12.0), number(15.0))
        assert (later.values["waited"], later.values["closed"]) == (9_000_000_000, 3_000_000_000)
