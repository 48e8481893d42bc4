"""What a capture has although nothing broke on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pyreport.choice.noise import Noise, noise_of
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.connection import Judged
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of
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

    def judged() -> Iterator[Judged]:
        yield (case, *diagnose(case))

    return noise_of(case.index, judged())


@pytest.mark.parametrize("closer", [CLIENT, SERVER])
def test_a_request_without_its_reply_is_not_nothing(closer: str) -> None:
    assert of(closed(closer, has_request=True)) == Noise(unreplied=1)
    assert of(closed(closer, has_request=False)).is_none


def test_what_may_still_be_answered_is_untold_and_no_closed_request() -> None:
    assert of(asked().data(9.0, CLIENT, 400).frame(9.01, SERVER)) == Noise(untold=1)


def sent_again(*, heard: bool) -> Story:
    """The server sends its reply again for 6 s until the client acknowledges it; ``heard``: its ACKs come in."""
    story = asked().data(9.0, CLIENT).sent_again(SERVER, 9.1, 9.3, 9.7, 10.5, 12.1, 15.3)
    for seconds in (9.5, 10.0, 11.0, 12.0, 13.0) if heard else ():
        story.frame(seconds, CLIENT)
    return at_the_server(story.frame(15.4, CLIENT))


@pytest.mark.parametrize("heard", [True, False])
def test_what_was_lost_for_a_while_is_not_nothing(heard: bool) -> None:
    """Without a sign of life, a host that was down looks the same."""
    assert of(sent_again(heard=heard)).lost == int(heard)


def unread(*, lasts: float) -> Story:
    """The client closes its window, which the server asks for, and opens it again."""
    story = asked().frame(5.0, CLIENT).marked(5.0, window=0).frame(5.5, SERVER).frame(5.51, CLIENT)
    story.marked(5.51, window=0)
    return story.frame(5.0 + lasts, CLIENT).marked(5.0 + lasts, window=512)


@pytest.mark.parametrize(("lasts", "told"), [(2.0, True), (1.999, False)])
def test_a_window_that_was_closed_for_long_is_not_nothing(lasts: float, told: bool) -> None:
    assert of(unread(lasts=lasts)) == Noise(unread=int(told))
