"""A peer that has a request and does not answer, and what a logged timeout adds to that."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Status
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, weigh
from tests.pyreport.told import ids


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
