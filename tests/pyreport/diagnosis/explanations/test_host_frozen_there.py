"""A peer whose clock stood, or that answered late, at the edges of what tells it."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.explanations.host_frozen_there import explain
from pyreport.diagnosis.result import Explanation, Status
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number
from tests.pyreport.told import ids, told


def answered(delay: float, *, lacks: float | None = None, since: float = 1.2) -> Explanation:
    """Probes at 6, 11 and 16 s, of which the last is answered after a delay; the peer's timestamps count milliseconds
    from 0.2 s to ``since``, and lack so many seconds at the answer.
    """
    story = Story().handshake().data(0.2, SERVER).data(since, SERVER).frame(since + 0.001, CLIENT)
    story.probe(6.0, answered=False).probe(11.0, answered=False).probe(16.0, answered=False)
    story.expected.clear()
    story.frame(16.0 + delay, SERVER)
    if lacks is not None:
        for seconds in (0.2, since):
            story.marked(seconds, timestamp=50_000 + round(seconds * 1000))
        story.marked(16.0 + delay, timestamp=50_000 + round((16.0 + delay - lacks) * 1000))
    return explain(case_of(story, lasts=17.0 + delay, local=CLIENT))


@pytest.mark.parametrize(
    ("lacks", "since", "stood"),
    [
        (14.81 / 2 + 0.005, 1.2, True),
        (14.81 / 2 - 0.005, 1.2, False),
        (14.0, 1.2, True),
        (0.0, 1.2, False),
        (14.0, 1.199, False),  # in less than a second, nobody knows the pace
    ],
)
def test_a_clock_that_went_on_by_less_than_half_stood(lacks: float, since: float, stood: bool) -> None:
    found = answered(0.010, lacks=lacks, since=since)
    assert ("host-frozen-there-clock-stood" in ids(found.evidence)) is stood
    assert (found.status is Status.SUPPORTED) is stood


@pytest.mark.parametrize(("delay", "late"), [(0.2, False), (0.201, True), (1.0, True)])
def test_an_answer_is_late_after_200_ms(delay: float, late: bool) -> None:
    found = answered(delay)
    assert ("host-frozen-there-late-answer" in ids(found.evidence)) is late
    if late:
        said = told(found.evidence, "host-frozen-there-late-answer")
        assert said.frames == (number(16.0), number(16.0 + delay))
        assert said.values["delay"] == round(delay * 1e9)


@pytest.mark.parametrize(("delay", "late"), [(0.5, False), (0.501, True)])
def test_on_a_slow_path_an_answer_is_late_after_five_round_trips(delay: float, late: bool) -> None:
    """Whatever is sent after it. The handshake took 100 ms."""
    story = Story().frame(0.0, CLIENT, flags=FLAG_SYN).frame(0.099, SERVER, flags=FLAG_SYN | FLAG_ACK)
    story.frame(0.1, CLIENT).data(0.2, SERVER).data(1.2, SERVER).frame(1.21, CLIENT)
    story.probe(6.0, answered=False).probe(11.0, answered=False).probe(16.0, answered=False)
    story.expected.clear()
    story.frame(16.0 + delay, SERVER).data(17.0, CLIENT).data(17.1, SERVER).frame(17.2, CLIENT)
    found = explain(case_of(story, lasts=19.0, local=CLIENT))
    assert ("host-frozen-there-late-answer" in ids(found.evidence)) is late


@pytest.mark.parametrize(
    ("last", "counts"), [(5.5, False), (9.0, True), (11.0, True), (11.5, False)], ids=["before", "in", "near", "after"]
)
def test_silence_on_another_connection_counts_in_that_time(last: float, counts: bool) -> None:
    """``last``: when the other connection's probe told that the one before got no answer."""
    story = Story().handshake().data(0.2, SERVER).data(1.2, SERVER).frame(1.21, CLIENT)
    story.probe(6.0, answered=False).probe(11.001, answered=False).probe(16.001, answered=False)
    client = "10.0.0.1:41001"
    other = Story(client, SERVER, 1).data(0.5, client).frame(0.51, SERVER)
    other.probe(last - 4.0, answered=False).probe(last, answered=False)
    for each in (story, other):
        each.expected.clear()
    found = explain(case_of(story, other, lasts=16.1, local=CLIENT))
    assert ("host-frozen-there-silent-elsewhere" in ids(found.evidence)) is counts


def test_a_clock_that_stood_before_it_was_asked_has_no_pace() -> None:
    story = Story().handshake().data(0.2, SERVER).data(1.2, SERVER).frame(1.21, CLIENT)
    story.probe(6.0, answered=False).probe(11.0, answered=False).probe(16.0, answered=False)
    story.expected.clear()
    story.frame(16.01, SERVER)
    for seconds, ticks in ((0.2, 0), (1.2, 0), (16.01, 1)):
        story.marked(seconds, timestamp=50_000 + ticks)
    found = explain(case_of(story, lasts=17.0, local=CLIENT))
    assert "host-frozen-there-clock-stood" not in ids(found.evidence)


@pytest.mark.parametrize("ticks", [0, -5])
def test_a_clock_that_did_not_go_on_before_tells_no_pace(ticks: int) -> None:
    story = Story().handshake().data(0.2, SERVER).data(1.3, SERVER).frame(1.301, CLIENT)
    story.probe(6.0, answered=False).probe(11.0, answered=False).probe(16.0, answered=False)
    story.expected.clear()
    story.frame(16.01, SERVER).marked(0.2, timestamp=50_000)
    story.marked(1.3, timestamp=50_000 + ticks).marked(16.01, timestamp=50_000 + ticks)
    found = explain(case_of(story, lasts=17.0, local=CLIENT))
    assert "host-frozen-there-clock-stood" not in ids(found.evidence)


@pytest.mark.parametrize(("answer", "stood"), [(2.2, True), (2.199, False)])
def test_in_less_than_a_second_no_clock_is_seen_to_stand(answer: float, stood: bool) -> None:
    """Data that is sent again, and acknowledged a second after the last that the peer had said."""
    story = Story().handshake().data(0.1, SERVER).data(1.2, SERVER).sent_again(CLIENT, 1.3, 1.6, 2.1)
    story.frame(answer, SERVER).lost.discard(number(2.1))
    for seconds, timestamp in ((0.1, 50_000), (1.2, 51_100), (answer, 51_101)):
        story.marked(seconds, timestamp=timestamp)
    found = explain(case_of(story, lasts=3.0, local=CLIENT))
    assert ("host-frozen-there-clock-stood" in ids(found.evidence)) is stood
