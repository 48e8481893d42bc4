"""Two connections that a service closes at one moment: a shutdown, and an idle limit that looks like one."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Confidence, Explanation, Kind, Status
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, verdict_of, weigh
from tests.pyreport.told import ids, told

CLOSED = 61.0
OTHER = "10.0.0.1:41001"


def session(client: str, stream: int, age: float, closed: float) -> Story:
    """One whose client does not close its side, so that the close is no everyday end."""
    story = (
        Story(client, SERVER, stream)
        .handshake(1.0 + stream)
        .data(closed - age - 0.1, client)
        .data(closed - age, SERVER)
    )
    return story.frame(closed - age + 0.01, client).fin(closed, SERVER, closed - age)


@pytest.mark.parametrize(
    ("other_age", "apart", "kind", "idle"),
    [
        (14.3, 0.004, Kind.PEER_CLOSED, Status.NO_EVIDENCE),
        (33.4, 0.004, Kind.PEER_CLOSED_IDLE, Status.POSSIBLE),  # of one age: a limit that ran out for both
        (14.3, 0.4, Kind.PEER_CLOSED_IDLE, Status.POSSIBLE),  # not at one stroke
    ],
)
def test_two_sessions_that_end_at_a_stroke_ran_into_no_limit(
    other_age: float, apart: float, kind: Kind, idle: Status
) -> None:
    stories = session(CLIENT, 0, 33.4, CLOSED), session(OTHER, 1, other_age, CLOSED + apart)
    case = case_of(*stories, lasts=90.0, local=CLIENT)
    found: Explanation = weigh("peer_idle_close", case)
    assert found.status is idle
    verdict = verdict_of(case)
    assert verdict.kind is kind
    assert verdict.confidence is (Confidence.LIKELY if kind is Kind.PEER_CLOSED else Confidence.POSSIBLE)
    assert ("closed-together-after" in ids(verdict.claims)) is (kind is Kind.PEER_CLOSED)
    if kind is Kind.PEER_CLOSED:
        assert told(verdict.claims, "closed-together-after").values["cause"] == "pair"
        # Two may be one program's whim: a restart is possible, and no more.
        assert weigh("peer_restart", case).status is Status.POSSIBLE
