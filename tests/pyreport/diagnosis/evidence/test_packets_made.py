"""How many packets a side made in a stretch, by its counter."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.packets_made import NEAR, Made, made_between
from pyreport.diagnosis.explanations.keepalive_gave_up import unseen_before_reset
from pyreport.diagnosis.result import ExplanationId
from pyreport.frames.frame import FLAG_RST
from pyreport.narrative.key_facts import keepalive_rows
from tests.pyreport.cases import CLIENT, SERVER, Story, at, at_the_server, case_of, number, weigh
from tests.pyreport.told import ids

TIMES = (1.0, 2.0, 3.0, 4.0, 5.0)
LATER = (20.0, 21.0, 22.0, 23.0)


def counted(first: int, later: int, *, step: int = 1) -> Story:
    """The client's packets of five seconds, and of four after a silence, numbered from here on."""
    story = Story()
    for times, start in ((TIMES, first), (LATER, later)):
        for index, seconds in enumerate(times):
            story.data(seconds, CLIENT).marked(seconds, ip_id=(start + index * step) % 2**16)
    return story.frame(30.0, SERVER)


def made(story: Story, start: float = 6.0, end: float = 19.0) -> Made | None:
    return made_between(case_of(story).connection, CLIENT, at(start), at(end))


@pytest.mark.parametrize(
    ("first", "later", "absent"),
    [
        (100, 105, 0),
        (100, 106, 1),
        (100, 104 + 1_000, 999),
        (100, 104 + 1_001, None),  # another counter
        (100, 104, None),  # the same number once more
        (65_534, 7, 4),  # it wraps among the frames: 65534, 65535, 0, 1, 2
        (65_530, 2, 3),  # it wraps between the two: 65535, 0, 1
    ],
)
def test_the_counter_tells_what_was_made_between_two_frames(first: int, later: int, absent: int | None) -> None:
    found = made(counted(first, later))
    assert found == (None if absent is None else Made(absent, number(5.0), number(20.0)))
    assert found is None or found.frames == (number(5.0), number(20.0))


def test_it_has_to_count_on_one_side_of_the_stretch() -> None:
    assert made(counted(100, 300, step=7)) is None
    mixed = counted(100, 300, step=7)
    for index, seconds in enumerate(LATER):
        mixed.marked(seconds, ip_id=200 + index)
    assert made(mixed) == Made(200 - 128 - 1, number(5.0), number(20.0))


@pytest.mark.parametrize(
    ("start", "end", "frames"),
    [
        (5.0, 20.0, (number(5.0), number(20.0))),
        (4.999, 20.0, None),  # a frame of the side lies within
        (5.0, 20.001, None),
        (0.5, 0.9, None),  # nothing of it before
        (24.0, 29.0, None),  # nor after
        (3.0, 4.0, (number(3.0), number(4.0))),
        (3.0, 3.0, (number(3.0), number(4.0))),  # no time at all
        (23.0, 23.0, None),  # and nothing after it
    ],
)
def test_the_stretch_lies_between_two_frames_of_the_side(
    start: float, end: float, frames: tuple[int, int] | None
) -> None:
    found = made(counted(100, 105), start, end)
    assert (None if found is None else found.frames) == frames


@pytest.mark.parametrize(
    ("absent", "seconds", "is_told"),
    [(3, 15.0, True), (2, 15.0, False), (1_000, 15.0, True), (1_001, 15.0, False), (3, 7.0, True), (3, 6.999, False)],
)
def test_three_packets_that_did_not_arrive_before_an_rst_may_be_probes(
    absent: int, seconds: float, is_told: bool
) -> None:
    """Captured away from the side that resets, and two seconds after its last packet at least."""
    story = Story()
    for index, moment in enumerate(TIMES):
        story.data(moment, CLIENT).marked(moment, ip_id=100 + index)
    story.frame(5.1, SERVER).reset(seconds, CLIENT).marked(seconds, ip_id=104 + absent + 1)
    found = unseen_before_reset(case_of(at_the_server(story), local=SERVER))
    assert (found is not None) is is_told
    if found is not None:
        assert found.frames == (number(5.0), number(seconds))
        assert (found.values["packets"], found.values["silence"]) == (absent, round((seconds - 5.0) * 1e9))
        case = case_of(at_the_server(story), local=SERVER)
        assert ids(weigh(ExplanationId.CAPTURE_LOSS, case).evidence) == ["capture-loss-bytes-are-there"]
        assert [ids(row.remarks) for row in keepalive_rows(case)] == [
            ["keepalive-no-probe"],
            ["keepalive-no-probe-came"],
        ]
    assert story.frames[number(seconds)].has(FLAG_RST)


@pytest.mark.parametrize(("steps", "is_counter"), [((7, 1), True), ((1, 1, 1, 1, 1, 7), False)])
def test_a_counter_is_that_of_the_time_around_the_stretch(steps: tuple[int, ...], is_counter: bool) -> None:
    """However a side numbered its packets hundreds of frames before; ``steps``: of each two hundred in turn."""
    story, ip_id, seconds = Story(), 1_000, 1.0
    for step in steps:
        for _ in range(NEAR):
            ip_id, seconds = ip_id + step, round(seconds + 0.002, 3)
            story.data(seconds, CLIENT).marked(seconds, ip_id=ip_id)
    for index, later in enumerate(LATER):
        story.data(later, CLIENT).marked(later, ip_id=ip_id + 1 + index * 9)
    assert (made(story.frame(30.0, SERVER)) is not None) is is_counter


@pytest.mark.parametrize("why", ["its own", "a close before it", "an answer", "no counter"])
def test_an_rst_that_says_why_it_came_needs_no_unseen_probes(why: str) -> None:
    """Nor does one that was captured where it was made, or one without a counter of its own."""
    story = Story()
    for index, moment in enumerate(TIMES):
        story.data(moment, CLIENT).marked(moment, ip_id=100 + index)
    story.frame(5.1, SERVER)
    if why == "a close before it":
        story.fin(14.0, SERVER, 5.0, acknowledged=None)
    if why == "an answer":
        story.data(14.99, SERVER)
    story.reset(15.0, CLIENT, *(("data", 14.99) if why == "an answer" else ()))
    story.marked(15.0, ip_id=None if why == "no counter" else 110)
    case = case_of(story if why == "its own" else at_the_server(story), local=SERVER)
    assert unseen_before_reset(case) is None


def test_an_rst_of_a_host_without_a_counter_tells_nothing() -> None:
    story = Story()
    for index, moment in enumerate(TIMES):
        story.data(moment, CLIENT).marked(moment, ip_id=100 + index * 7)
    story.frame(5.1, SERVER).reset(15.0, CLIENT).marked(15.0, ip_id=140)
    assert unseen_before_reset(case_of(at_the_server(story), local=SERVER)) is None


@pytest.mark.parametrize(("start", "absent"), [(1.5, 0), (0.5, None)])
def test_one_frame_before_the_stretch_is_enough_where_the_counter_is_seen_behind_it(
    start: float, absent: int | None
) -> None:
    story = Story()
    for index, seconds in enumerate((1.0, *LATER)):
        story.data(seconds, CLIENT).marked(seconds, ip_id=100 + index)
    found = made(story.frame(30.0, SERVER), start)
    assert (found.absent if found else None) == absent
