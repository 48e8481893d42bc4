"""SYNs that nobody answers do not tell where they were captured; other connections of the two hosts do."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Kind
from pyreport.frames.frame import FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, verdict_of, weigh
from tests.pyreport.told import ids

ASKER, ELSEWHERE = "10.0.0.1:41001", "10.0.7.7:41001"
OTHER = "10.0.9.9:6000"


def unanswered(client: str = ASKER) -> Story:
    story = Story(client, SERVER, 1)
    for again, moment in enumerate((10.0, 11.0, 13.0, 17.0, 25.0)):
        story.frame(moment, client, flags=FLAG_SYN, retransmission=again > 0)
    return story


def lived() -> Story:
    """Another connection of the same hosts before the first SYN, of which the hop limits alone tell the place."""
    story = Story(CLIENT, OTHER, 2)
    return story.data(0.9, CLIENT).data(1.0, OTHER).frame(1.05, CLIENT).data(1.1, CLIENT).data(1.2, OTHER)


@pytest.mark.parametrize(
    ("asked", "other", "is_told"),
    [
        (at_the_server(unanswered()), at_the_server(lived()), True),
        (unanswered(), lived(), False),  # at the client, as the other tells
        (at_the_server(unanswered(ELSEWHERE)), at_the_server(lived()), False),  # of another host
        (at_the_server(unanswered()), None, False),
    ],
)
def test_syns_that_came_as_far_as_the_server_were_not_lost(asked: Story, other: Story | None, is_told: bool) -> None:
    case = case_of(asked, *([] if other is None else [other]), log="", lasts=60.0)
    assert case.quality.vantage.is_at(SERVER) is is_told
    verdict = verdict_of(case)
    assert verdict.kind is Kind.NEVER_OPENED
    assert ("wait-syns-reached-link" in ids(verdict.claims)) is is_told
    assert (weigh("path_loss", case).weightiest.id == "wait-syns-reached-link") is is_told
