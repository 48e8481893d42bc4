"""An application that did not look at its socket, at the edges of what tells it."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Explanation, Status
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, weigh
from tests.pyreport.told import ids


def weighed(story: Story, lasts: float, *, local: str = CLIENT) -> Explanation:
    return weigh("application_stalled", case_of(story, lasts=lasts, local=local))


def talked() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)


@pytest.mark.parametrize(("kept", "status"), [(1.0, Status.SUPPORTED), (0.999, Status.POSSIBLE)])
def test_a_fin_that_is_not_taken_for_a_second_is_not_looked_for(kept: float, status: Status) -> None:
    found = weighed(talked().fin(9.0, SERVER, 1.0), 9.0 + kept)
    assert found.status is status
    assert ids(found.evidence)[0] == "application-stalled-silent-owing-nothing"
    assert ("fin-unnoticed" in ids(found.evidence)) is (status is Status.SUPPORTED)


@pytest.mark.parametrize("silent", [False, True])
def test_a_fin_that_its_kernel_is_not_known_to_have_tells_nothing_of_it(silent: bool) -> None:
    close = 9.0 if silent else 2.5
    story = talked().fin(close, SERVER, 1.0, acknowledged=None)
    story.lost.add(number(close))
    found = weighed(story, 30.0)
    assert found.status is (Status.POSSIBLE if silent else Status.NO_EVIDENCE)
    assert ids(found.evidence)[-1] == "fin-not-acknowledged"


@pytest.mark.parametrize(
    ("last", "age", "local", "told"),
    [
        (SERVER, 2.0, CLIENT, "application-stalled-silent-owing-nothing"),
        (SERVER, 1.999, CLIENT, "application-stalled-no-silence"),
        (CLIENT, 8.0, CLIENT, "application-stalled-waited"),
        (CLIENT, 8.0, SERVER, "application-stalled-silent-owing"),
    ],
)
def test_whose_silence_it_was_is_told(last: str, age: float, local: str, told: str) -> None:
    story = talked().data(3.0, last).frame(3.01, Story().other(last))
    other = SERVER if local == CLIENT else CLIENT
    found = weighed(story.fin(3.0 + age, other, 3.0), 3.0 + age + 0.5, local=local)
    assert ids(found.evidence) == [told]
    if told != "application-stalled-no-silence":
        assert found.evidence[0].frames == (number(3.0), number(3.0 + age))


def test_who_closed_itself_did_not_stall() -> None:
    found = weighed(talked().fin(9.0, CLIENT, 1.0), 30.0)
    assert (found.status, ids(found.evidence)) == (Status.NO_EVIDENCE, ["application-stalled-closed-itself"])
