"""A close that is not from the side that it names, at the edges of what tells it."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Explanation, Status
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number, weigh
from tests.pyreport.told import ids


def weighed(story: Story, lasts: float = 30.0, *, local: str = CLIENT) -> Explanation:
    return weigh("middlebox_close", case_of(story, lasts=lasts, local=local))


def talked() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)


@pytest.mark.parametrize("count", [1, 5, 7])
def test_who_goes_on_after_its_rst_had_not_sent_it(count: int) -> None:
    """What says so comes first, before another hop limit, and cites the first five frames."""
    story = talked().reset(9.0, SERVER, ttl=50)
    for index in range(count):
        story.data(10.5 + index, SERVER)
    found = weighed(story)
    assert found.status is Status.SUPPORTED
    assert ids(found.evidence) == ["middlebox-close-goes-on", "closing-frame-other-ttl"]
    assert found.evidence[0].frames == (number(9.0), *(number(10.5 + index) for index in range(min(count, 5))))


def test_a_close_that_looks_like_its_side_is_no_devices() -> None:
    same = weighed(talked().reset(9.0, SERVER))
    assert (same.status, ids(same.evidence)) == (Status.NO_EVIDENCE, ["closing-frame-same-ttl"])
    alone = Story().data(0.9, CLIENT).reset(9.0, SERVER)
    assert ids(weighed(alone).evidence) == ["middlebox-close-nothing-to-compare"]
    assert weighed(at_the_server(talked().reset(9.0, SERVER))).status is Status.RULED_OUT
    assert weighed(talked()).status is Status.NO_EVIDENCE


@pytest.mark.parametrize(("after", "is_early"), [(5.0, True), (59.999, True), (60.0, False), (70.0, False)])
@pytest.mark.parametrize("local", [CLIENT, SERVER])
def test_linux_acknowledges_probes_for_a_minute_after_its_fin(after: float, is_early: bool, local: str) -> None:
    story = talked().fin(9.0, SERVER, 1.0)
    story.probe(8.9 + after, answered=False)
    story.expected.clear()
    story.frame(9.0 + after, SERVER, flags=4)
    found = weighed(story, lasts=100.0, local=local)
    assert ("middlebox-close-early-rst" in ids(found.evidence)) is (is_early and local == CLIENT)
