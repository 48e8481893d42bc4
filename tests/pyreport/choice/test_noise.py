"""What a capture has although nothing broke on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pyreport.choice.noise import Noise, noise_of
from pyreport.diagnosis.result import Verdict
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, verdict_of
from tests.pyreport.diagnosis.test_health import asked


def closed(closer: str, *, has_request: bool) -> Story:
    """The last request is left without a reply when an end closes, or there is none."""
    story = asked()
    if has_request:
        story.data(9.0, CLIENT, 400).frame(9.01, SERVER)
    other = SERVER if closer == CLIENT else CLIENT
    last = 9.0 if has_request else 3.1
    return story.fin(9.1, closer, last).answering_fin(9.2, other).frame(9.21, closer)


def of(story: Story) -> Noise:
    case = case_of(story, lasts=30.0)

    def verdicts() -> Iterator[Verdict]:
        yield verdict_of(case)

    return noise_of(case.index, verdicts())


@pytest.mark.parametrize("closer", [CLIENT, SERVER])
def test_a_request_without_its_reply_is_not_nothing(closer: str) -> None:
    assert of(closed(closer, has_request=True)) == Noise(unreplied=1)
    assert of(closed(closer, has_request=False)).is_none


def test_what_may_still_be_answered_is_untold_and_no_closed_request() -> None:
    assert of(asked().data(9.0, CLIENT, 400).frame(9.01, SERVER)) == Noise(untold=1)
