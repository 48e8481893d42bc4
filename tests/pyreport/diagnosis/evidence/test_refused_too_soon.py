"""A refusal that came sooner than its host ever answered: held against how many answers, and how much sooner."""

from __future__ import annotations

import pytest
from msgspec import structs

from pyreport.base.claim import Claim
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.evidence.refused_too_soon import refused_too_soon
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, case_in, case_of, number
from tests.pyreport.segments import Segments

SERVER_END = Endpoint(SERVER)


def opened(stream: int, took: float, *, server: str = SERVER) -> Story:
    """Another connection of the client's host, whose SYN was answered after so long."""
    begin = 1.0 + stream
    story = Story(f"10.0.0.1:{41000 + stream}", server, stream)
    story.frame(begin, story.client, flags=FLAG_SYN)
    return story.frame(begin + took, server, flags=FLAG_SYN | FLAG_ACK).frame(begin + took + 0.001, story.client)


def told(took: float, *others: Story) -> Claim | None:
    """What is claimed of a SYN that is refused after so long."""
    story = Story().frame(90.0, CLIENT, flags=FLAG_SYN).frame(90.0 + took, SERVER, flags=FLAG_RST | FLAG_ACK)
    case = case_of(story, *others, lasts=91.0, local=CLIENT)
    reset = case.connection.frame(number(90.0 + took))
    assert reset is not None
    return refused_too_soon(case, SERVER_END, reset)


@pytest.mark.parametrize(("took", "is_told"), [(0.009, True), (0.010, False)])
def test_less_than_a_third_of_the_quickest_answer_is_too_soon(took: float, is_told: bool) -> None:
    found = told(took, opened(1, 0.060), opened(2, 0.030), opened(3, 0.040))
    assert (found is not None) is is_told
    if found is not None:
        assert found.frames == (number(90.0), number(90.0 + took), number(3.030))
        assert found.values == {
            "server": SERVER_END, "took": 9_000_000, "least": 30_000_000, "answers": 3, "sure": True,
        }  # fmt: skip


def test_two_answers_are_too_few_to_be_sure() -> None:
    found = told(0.009, opened(1, 0.060), opened(2, 0.030))
    assert found is not None
    assert (found.values["answers"], found.values["sure"]) == (2, False)


def test_within_a_millisecond_the_load_of_a_host_decides() -> None:
    """Refused at once, where the host takes 1 ms, and less."""
    story = Segments().add(90_000_000, CLIENT, flags=FLAG_SYN).add(90_000_100, SERVER, flags=FLAG_RST | FLAG_ACK)
    for took, is_told in ((1_100, True), (1_099, False)):
        other = Segments(stream=1).handshake(took, 100)
        other.frames = [structs.replace(frame, number=frame.number + 10) for frame in other.frames]
        case = case_in(story.index(other), story.span(), local=CLIENT)
        assert (refused_too_soon(case, SERVER_END, case.connection.frames[-1]) is not None) is is_told


def test_another_host_tells_nothing_of_this_one() -> None:
    assert told(0.001, opened(1, 0.030, server="10.0.9.8:9092")) is None
    assert told(0.001) is None


@pytest.mark.parametrize(("quick", "is_told"), [(49, False), (50, True)])
def test_fifty_connections_are_looked_at_with_its_own(quick: int, is_told: bool) -> None:
    """A quicker one among them shows that the host can answer as soon."""
    others = [opened(stream, 0.005 if stream == quick else 0.030) for stream in range(1, 53)]
    assert (told(0.004, *others) is not None) is is_told
