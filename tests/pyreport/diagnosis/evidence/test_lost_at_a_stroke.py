"""Connections of one host that were all lost at one moment, and those that only ended alike."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from pyreport.diagnosis import diagnose
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict
from pyreport.diagnosis.thresholds import FEWEST_TOGETHER, SHORTEST_LIMIT_NS
from pyreport.frames.frame import FLAG_ACK, FLAG_RST
from tests.pyreport.cases import CLIENT, SERVER, case_in
from tests.pyreport.segments import US, Segments
from tests.pyreport.told import ids, told

SECOND = 1_000_000  # in the stories' microseconds
ROUND_TRIP = 4000


def kept(stream: int, until: int) -> Segments:
    """A connection on which the server spoke last at so many seconds."""
    story = Segments((64, 61), stream).handshake(ROUND_TRIP, 20)
    for at in (until - 4, until):
        story.add(at * SECOND, CLIENT, 100).add(at * SECOND + ROUND_TRIP, SERVER, 200)
        story.add(at * SECOND + ROUND_TRIP + 10, CLIENT)
    return story


def refused(stream: int, until: int, at: int, flags: int = FLAG_RST) -> Segments:
    """The next request on it, at so many seconds, draws an RST."""
    story = kept(stream, until).add(at * SECOND, CLIENT, 100)
    return story.add(at * SECOND + ROUND_TRIP, SERVER, flags=flags, ack=0 if flags == FLAG_RST else None)


def verdict_of_first(stories: Iterable[Segments]) -> Verdict:
    first, *others = stories
    index = first.index(*others)
    span = first.span()
    for story in others:
        for frame in story.frames:
            span.cover(frame.number, frame.time_ns)
    return diagnose(case_in(index, span, first.stream))[1]


def numbered(stories: list[Segments]) -> list[Segments]:
    """With a number of its own for each frame, in order of time."""
    frames = sorted((f for story in stories for f in story.frames), key=lambda frame: frame.time_ns)
    places = {id(frame): place for place, frame in enumerate(frames, start=1)}
    for story in stories:
        story.frames = [replace(frame, number=places[id(frame)]) for frame in story.frames]
    return stories


ALIKE = [(0, 20, 30), (1, 22, 34), (2, 24, 45)]


def test_all_were_known_up_to_one_moment_and_none_after_it() -> None:
    verdict = verdict_of_first(numbered([refused(*one) for one in ALIKE]))
    claim = told(verdict.claims, "lost-at-a-stroke")
    assert (verdict.kind, verdict.confidence) == (Kind.PEER_RESET, Confidence.POSSIBLE)
    assert set(verdict.attribution) == {Attribution.PEER_SERVICE, Attribution.NETWORK_PATH}
    assert (claim.values["count"], claim.values["services"], claim.values["opened"]) == (FEWEST_TOGETHER, 1, 0)
    assert claim.values["between"] == (6 * SECOND) * US  # from 24.004 s to 30.004 s


def test_who_takes_a_new_connection_is_there() -> None:
    stories = [refused(*one) for one in ALIKE]
    late = Segments((64, 61), 3)
    late.add(32 * SECOND, CLIENT, flags=2).add(32 * SECOND + ROUND_TRIP, SERVER, flags=18)
    late.add(32 * SECOND + ROUND_TRIP + 20, CLIENT)
    verdict = verdict_of_first(numbered([*stories, late]))
    opened = told(verdict.claims, "lost-at-a-stroke").values["opened"]
    assert opened == late.frames[1].number


@pytest.mark.parametrize(
    "stories",
    [
        [refused(*one) for one in ALIKE[: FEWEST_TOGETHER - 1]],
        [*(refused(*one) for one in ALIKE), kept(3, 60)],  # one that was open then lives on
        [refused(0, 20, 30), refused(1, 31, 34), refused(2, 24, 45)],  # one was answered after another was refused
        [refused(stream, 20, 20 + SHORTEST_LIMIT_NS // (SECOND * US) + stream) for stream in range(3)],  # an idle limit
        [refused(*one, flags=FLAG_RST | FLAG_ACK) for one in ALIKE],  # sockets that are there
    ],
    ids=["two", "one lives on", "one after another", "long silences", "of sockets"],
)
def test_what_ended_alike_was_not_lost_at_one_moment(stories: list[Segments]) -> None:
    assert "lost-at-a-stroke" not in ids(verdict_of_first(numbered(stories)).claims)
