"""A feed that stopped: how long it has to have lasted, and how long to be silent, to be one."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.stopped_stream import stopped_stream
from pyreport.diagnosis.result import Attribution, Kind
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number, verdict_of

SUBSCRIBED, FIRST = 1.0, 2.0


def feed(*, events: int = 13, pause: float = 5.0, habit: float = 0.0, quick: int = 0) -> tuple[Story, float]:
    """The client subscribes, and the server sends so many events; ``habit``: the last but one took so long instead;
    ``quick``: so many of them followed the one before at once. And when the last was sent.
    """
    story, seconds = Story().handshake().data(SUBSCRIBED, CLIENT), FIRST
    story.frame(SUBSCRIBED + 0.01, SERVER)
    for index in range(events):
        if index:
            seconds = round(seconds + (0.1 if index <= quick else habit or pause if index == events - 1 else pause), 3)
        story.data(seconds, SERVER)
        story.frame(seconds + 0.01, CLIENT)
    return story, seconds


@pytest.mark.parametrize(("silence", "stopped"), [(24.9, False), (25.0, True)])
def test_a_feed_has_stopped_after_five_times_its_longest_pause(silence: float, stopped: bool) -> None:
    story, last = feed()
    told = stopped_stream(case_of(story.fin(last + silence, CLIENT, last), local=CLIENT))
    assert (told is not None) is stopped
    if told is not None:
        assert told.frames == (number(FIRST), number(last), number(last + silence))
        spoken = {name: told.values[name] for name in ("lasted", "habit", "silence", "beats")}
        assert spoken == {"lasted": 60 * 10**9, "habit": 5 * 10**9, "silence": 25 * 10**9, "beats": 0}


@pytest.mark.parametrize(("silence", "stopped"), [(9.9, False), (10.0, True)])
def test_a_quick_feed_pauses_for_less_than_ten_seconds(silence: float, stopped: bool) -> None:
    story, last = feed(events=61, pause=1.0)
    case = case_of(story.fin(last + silence, CLIENT, last), local=CLIENT)
    assert (stopped_stream(case) is not None) is stopped


def test_the_longest_pause_is_the_habit() -> None:
    story, last = feed(events=14, habit=9.0)
    assert stopped_stream(case_of(story.fin(last + 44.9, CLIENT, last), local=CLIENT)) is None


@pytest.mark.parametrize(("pause", "stopped"), [(5.0, True), (4.999, False)])
def test_what_came_for_less_than_a_minute_is_a_long_reply(pause: float, stopped: bool) -> None:
    story, last = feed(pause=pause)
    case = case_of(story.fin(last + 60.0, CLIENT, last), local=CLIENT)
    assert (stopped_stream(case) is not None) is stopped


@pytest.mark.parametrize(("quick", "stopped"), [(2, True), (3, False)])
def test_what_follows_at_once_is_no_event_of_its_own(quick: int, stopped: bool) -> None:
    """Ten pauses make a feed; what comes a tenth of a second later belongs to what was before."""
    story, last = feed(pause=7.0, quick=quick)
    case = case_of(story.fin(last + 60.0, CLIENT, last), local=CLIENT)
    assert (stopped_stream(case) is not None) is stopped


def test_a_feed_that_nobody_asked_for_begins_with_its_first_event() -> None:
    story = Story().handshake()
    for turn in range(13):
        story.data(FIRST + 5 * turn, SERVER).frame(FIRST + 5 * turn + 0.01, CLIENT)
    told = stopped_stream(case_of(story.fin(120.0, CLIENT, 62.0), local=CLIENT))
    assert told is not None
    assert told.frames == (number(FIRST), number(62.0), number(120.0))


def test_a_feed_that_the_peer_closed_did_not_stop_before() -> None:
    story, last = feed()
    assert stopped_stream(case_of(story.fin(last + 60.0, SERVER, last), local=CLIENT)) is None


def test_at_the_end_of_the_capture_it_has_stopped_too_and_no_close_is_named() -> None:
    story, last = feed()
    told = stopped_stream(case_of(story, local=CLIENT, lasts=last + 30.0))
    assert told is not None
    assert told.frames == (number(FIRST), number(last))
    assert told.values["silence"] == 30 * 10**9


def with_heartbeats(count: int, *, uneven: float = 0.0, odd_length: int = 0) -> tuple[Story, float]:
    """The feed, then so many messages of the client every 10 s, each answered; the last one may come at another time or
    be of another size.
    """
    story, last = feed()
    for index in range(count):
        is_last = index == count - 1
        seconds = last + 10.0 * (index + 1) + (uneven if is_last else 0.0)
        story.data(seconds, CLIENT, odd_length if odd_length and is_last else 20)
        story.data(seconds + 0.02, SERVER, 10).frame(seconds + 0.04, CLIENT)
    return story, last


@pytest.mark.parametrize(
    ("count", "uneven", "odd_length", "beats"),
    [
        (5, 0.0, 0, 5),
        (4, 0.0, 0, None),  # too few for a timer
        (5, 0.4, 0, 5),
        (5, 0.6, 0, None),  # a person's, who asks for something
        (6, 0.0, 30, None),
    ],
)
def test_heartbeats_that_are_answered_do_not_hide_that_a_feed_stopped(
    count: int, uneven: float, odd_length: int, beats: int | None
) -> None:
    story, last = with_heartbeats(count, uneven=uneven, odd_length=odd_length)
    told = stopped_stream(case_of(story.answering_fin(last + 80.0, CLIENT), local=CLIENT))
    assert (None if told is None else told.values["beats"]) == beats
    if told is not None:
        assert told.values["silence"] == 80 * 10**9


@pytest.mark.parametrize(
    ("acknowledged", "at_server", "is_path"), [(None, False, True), (0.01, False, False), (None, True, False)]
)
def test_a_feed_of_which_nothing_more_came_may_be_lost_where_the_close_was_not_acknowledged_either(
    acknowledged: float | None, at_server: bool, is_path: bool
) -> None:
    """At the server, the capture shows that it sent none."""
    story, last = feed()
    story.fin(last + 30.0, CLIENT, last, acknowledged=acknowledged)
    if acknowledged is None:
        story.lost.add(number(last + 30.0))
    case = case_of(at_the_server(story) if at_server else story, local=CLIENT, lasts=last + 40.0)
    verdict = verdict_of(case)
    assert verdict.kind is Kind.LOCAL_CLOSED
    assert Attribution.PEER_SERVICE in verdict.attribution
    assert (Attribution.NETWORK_PATH in verdict.attribution) is is_path
