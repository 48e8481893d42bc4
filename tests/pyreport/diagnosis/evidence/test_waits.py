"""What was asked in vain, and who ended the wait."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import (
    Wait,
    answered_each,
    closed_by_silent,
    copies_of,
    given_up_by_asker,
    open_wait,
    waits,
    went_on_without,
)
from pyreport.diagnosis.result import Kind
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number, verdict_of
from tests.pyreport.told import ids

COPIES = (5.0, 5.3, 5.9, 7.1, 9.5)


def asked(count: int = len(COPIES)) -> Story:
    """A request of the client that is sent so often, and that nothing acknowledges."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    return story.sent_again(CLIENT, *COPIES[:count])


def wait_of(story: Story) -> tuple[Case, Wait]:
    case = case_of(story, lasts=60.0, local=CLIENT)
    wait = next(wait for wait in waits(case) if wait.is_data)
    return case, wait


@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_copies_of_one_segment_are_a_wait(count: int) -> None:
    case, wait = wait_of(asked(count))
    assert (wait.asker, wait.silent, wait.answer, wait.is_data) == (CLIENT, SERVER, None, True)
    assert wait.frames == tuple(map(number, COPIES[:count]))
    assert wait.start_ns == at(5.0)
    assert open_wait(case) == wait
    assert not (wait.is_bare_fin or wait.is_opening)
    assert waits(case_of(asked(1), lasts=60.0)) == ()


@pytest.mark.parametrize(("apart", "copies"), [(0.005, 1), (0.006, 2)])
def test_a_copy_of_a_mirror_port_is_not_sent_again(apart: float, copies: int) -> None:
    case = case_of(asked(1).sent_again(CLIENT, 5.0, 5.0 + apart), lasts=60.0)
    assert [len(wait.asks) for wait in waits(case)] == ([copies] if copies > 1 else [])


def test_an_acknowledgment_ends_it() -> None:
    story = asked(3).frame(6.5, CLIENT, length=100, retransmission=True).frame(6.6, SERVER)
    case, wait = wait_of(story)
    assert wait.answer is not None
    assert (wait.answer.number, len(wait.asks)) == (number(6.6), 4)
    assert open_wait(case) is None


def test_what_is_repeated_into_a_closed_window_asks_for_it() -> None:
    story = asked()
    story.marked(1.0, window=0)
    assert waits(case_of(story, lasts=60.0)) == ()


@pytest.mark.parametrize(
    ("flags", "seconds", "closes"),
    [
        (FLAG_FIN | FLAG_ACK, 5.5, True),
        (FLAG_FIN | FLAG_ACK, 8.0, True),
        (FLAG_FIN | FLAG_ACK, 9.501, False),  # after the last of them
        (FLAG_RST | FLAG_ACK, 9.501, False),
        (FLAG_ACK, 5.5, False),
    ],
)
def test_the_silent_side_may_have_closed_before_the_last_one(flags: int, seconds: float, closes: bool) -> None:
    story = asked()
    story.frame(seconds, SERVER, flags=flags)
    case, wait = wait_of(story)
    assert wait.answer is None
    assert closed_by_silent(case, wait) == (number(seconds) if closes else None)


def test_an_rst_outside_the_window_closed_nothing_for_either_side() -> None:
    """Its receiver takes no notice of it (RFC 9293 section 3.5.3): the data is lost all the same."""
    for side in (CLIENT, SERVER):
        case, wait = wait_of(asked().outside_window(6.0, side))
        assert (closed_by_silent(case, wait), given_up_by_asker(case, wait)) == (None, None)
        verdict = verdict_of(case)
        assert (verdict.kind, ids(verdict.claims)[0]) == (Kind.PATH_LOST, "data-never-acknowledged")


@pytest.mark.parametrize("flags", [FLAG_FIN | FLAG_ACK, FLAG_RST | FLAG_ACK])
def test_the_asker_gives_up_by_what_it_sends_after_the_first(flags: int) -> None:
    case, wait = wait_of(asked().frame(20.0, CLIENT, flags=flags))
    assert given_up_by_asker(case, wait) == number(20.0)
    case, wait = wait_of(asked())
    assert given_up_by_asker(case, wait) is None


@pytest.mark.parametrize(("sent", "proves"), [(7.299, False), (7.3, True), (9.0, True)])
def test_who_sends_without_having_had_the_fourth_copy_shows_that_none_arrived(sent: float, proves: bool) -> None:
    """Each of its segments says what it waits for; 0.2 s after a copy, it would have acknowledged that."""
    story = asked()
    story.data(sent, SERVER)
    case, wait = wait_of(story)
    found = went_on_without(case, wait)
    assert (found.number if found else None) == (number(sent) if proves else None)


@pytest.mark.parametrize(
    ("flags", "length", "proves"),
    [(FLAG_ACK, 0, True), (FLAG_RST | FLAG_ACK, 0, False), (FLAG_ACK, 100, True), (0, 100, False)],
    ids=["an acknowledgment", "an RST, which a device sends as well", "data", "data that acknowledges nothing"],
)
def test_only_what_acknowledges_and_is_no_rst_says_what_its_sender_waits_for(
    flags: int, length: int, proves: bool
) -> None:
    """It follows a segment behind the copies, so that something else than a copy drew it."""
    story = asked().data(20.0, CLIENT)
    story.lost.add(number(20.0))
    case, wait = wait_of(story.frame(20.01, SERVER, flags=flags, length=length))
    assert (went_on_without(case, wait) is not None) is proves


@pytest.mark.parametrize(("drawn", "proves"), [(5.31, False), (9.51, False), (5.01, True)])
def test_copies_that_drew_an_acknowledgment_arrived(drawn: float, proves: bool) -> None:
    """What follows the first of them may have been drawn by what went before it."""
    story = asked().frame(drawn, SERVER).data(20.0, CLIENT).frame(20.01, SERVER)
    story.lost.add(number(20.0))
    case, wait = wait_of(story)
    assert (went_on_without(case, wait) is not None) is proves


def test_syns_and_bare_fins_are_told_from_data() -> None:
    syns = Story()
    for seconds in (1.0, 2.0, 4.0):
        syns.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=seconds > 1)
        syns.lost.add(number(seconds))
    _, wait = wait_of(syns)
    assert (wait.is_opening, wait.is_bare_fin) == (True, False)
    fins = Story().handshake().data(1.0, SERVER).frame(1.1, CLIENT)
    for seconds in (5.0, 5.3, 5.9):
        fins.frame(seconds, CLIENT, flags=FLAG_FIN | FLAG_ACK, retransmission=seconds > 5)
        fins.lost.add(number(seconds))
    _, wait = wait_of(fins)
    assert (wait.is_opening, wait.is_bare_fin) == (False, True)


@pytest.mark.parametrize(
    ("gaps", "is_opening", "backs_off"),
    [
        ((0.3, 0.6, 1.2), False, True),
        ((0.3, 0.6), False, False),  # two are too few
        ((0.5, 0.5, 0.5), False, False),
        ((1.0, 1.5, 2.25), False, True),  # a measured round trip takes something from the doubled timer
        ((1.0, 1.49, 2.2), False, False),
        ((0.3, 0.6, 1.2, 1.2), False, True),  # more than half of them grow
        ((0.3, 0.6, 0.6, 0.6), False, False),
        ((1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 4.0, 8.0), False, False),
        ((1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 4.0, 8.0), True, True),  # Linux sends its first SYNs a second apart
        ((1.0, 1.01, 1.02, 1.03, 1.04, 2.1, 4.2, 8.4), True, True),
        ((1.0, 1.0, 1.0, 1.0, 1.0, 2.0), True, True),  # four after the first one
        ((1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0), True, False),
        ((1.0, 1.5, 1.5, 1.5, 3.0), True, False),  # no steady beginning: half of them grow
        ((1.0, 1.0, 1.0, 1.0), True, False),
        ((1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0), True, False),
    ],
)
def test_a_retransmission_timer_doubles(gaps: tuple[float, ...], is_opening: bool, backs_off: bool) -> None:
    _, wait = wait_of(asked())
    flags = FLAG_SYN if is_opening else FLAG_ACK
    first = replace(wait.asks[0], flags=flags)
    times = [round(sum(gaps[:count]) * 1e9) for count in range(len(gaps) + 1)]
    asks = tuple(replace(first, time_ns=first.time_ns + time) for time in times)
    assert replace(wait, asks=asks).backs_off is backs_off


def test_what_was_acknowledged_before_it_came_again_was_not_asked_in_vain() -> None:
    story = Story().handshake().data(1.0, SERVER).data(5.0, CLIENT).frame(5.01, SERVER)
    story.frame(5.5, CLIENT, length=100, retransmission=True).frame(5.51, SERVER)
    assert waits(case_of(story, lasts=60.0)) == ()


@pytest.mark.parametrize(("count", "is_wait"), [(1, False), (2, True)])
@pytest.mark.parametrize("flags", [FLAG_ACK, FLAG_RST | FLAG_ACK, FLAG_RST])
def test_what_is_answered_was_asked_in_vain_when_it_was_sent_twice(count: int, is_wait: bool, flags: int) -> None:
    """By an acknowledgment, or an RST that refuses the last copy."""
    story = Story().handshake().data(1.0, SERVER).frame(1.1, CLIENT)
    story.data(5.0, CLIENT)
    if count > 1:
        story.lost.add(number(5.0))
        story.frame(5.3, CLIENT, length=100, retransmission=True)
    case = case_of(story.frame(5.31, SERVER, flags=flags), lasts=60.0)
    found = [(wait.frames, wait.answer and wait.answer.number, wait.is_refused) for wait in waits(case)]
    assert found == ([((number(5.0), number(5.3)), number(5.31), bool(flags & FLAG_RST))] if is_wait else [])


@pytest.mark.parametrize(("taken", "answers"), [(True, True), (False, False)])
def test_an_rst_answers_the_copy_whose_acknowledgment_is_its_number(taken: bool, answers: bool) -> None:
    """RFC 9293 section 3.10.7.1. The asker acknowledged something between the two copies; ``taken``: the last one says
    so, as a sender does.
    """
    story = Story().handshake().sent_again(CLIENT, 5.0).data(5.1, SERVER)
    story.frame(5.3, CLIENT, length=100, retransmission=True).frame(5.31, SERVER, flags=FLAG_RST)
    if not taken:
        story.outside.add(number(5.31))
    (wait,) = waits(case_of(story, lasts=60.0))
    assert (wait.answer is not None) is answers


def test_what_is_there_once_is_not_repeated() -> None:
    """Two segments in a row, of which the second is sent again: only that one was asked in vain."""
    story = Story().handshake().data(1.0, SERVER).frame(1.1, CLIENT).data(5.0, CLIENT)
    story.sent_again(CLIENT, 5.1, 5.4)
    story.lost.add(number(5.0))
    assert waits(case_of(story, lasts=60.0)) == ()  # what has to be acknowledged first was sent once


@pytest.mark.parametrize(("more", "proves"), [(0.0, True), (-0.001, False)])
def test_on_a_slow_path_a_copy_takes_five_round_trips_to_be_answered(more: float, proves: bool) -> None:
    story = Story().frame(0.0, CLIENT, flags=FLAG_SYN).frame(0.199, SERVER, flags=FLAG_SYN | FLAG_ACK)
    story.frame(0.2, CLIENT)
    story.data(0.9, CLIENT).data(1.1, SERVER).frame(1.101, CLIENT).sent_again(CLIENT, *COPIES)
    sent = round(7.1 + 5 * 0.2 + more, 3)
    case, wait = wait_of(story.data(sent, SERVER))
    assert (went_on_without(case, wait) is not None) is proves


def test_who_acknowledges_all_of_it_went_on_with_it() -> None:
    """Its acknowledgment is in the capture, however late: then the copies arrived, or one did."""
    story = asked()
    story.lost.remove(number(9.5))
    case, wait = wait_of(story.data(12.0, SERVER))
    assert wait.answer is not None
    assert went_on_without(case, wait) is None


def test_copies_are_of_one_segment_of_one_side_before_it() -> None:
    story = asked(3).data(6.5, SERVER)
    case = case_of(story, lasts=60.0)
    frames = {frame.number: frame for frame in case.connection.frames}
    assert [f.number for f in copies_of(case.connection, frames[number(5.3)])] == [number(5.0), number(5.3)]
    bare = frames[number(1.1)]
    assert copies_of(case.connection, bare) == (bare,)
    asking = Story().handshake().data(1.0, SERVER).frame(1.1, CLIENT).probe(6.0, octets=1)
    probed = case_of(asking.probe(11.0, octets=1))
    last = probed.connection.frame(number(11.0))
    assert last is not None
    assert copies_of(probed.connection, last) == (last,)


def test_what_was_refused_before_it_came_again_was_asked_once() -> None:
    story = Story().handshake().data(1.0, SERVER).frame(1.1, CLIENT).data(5.0, CLIENT)
    story.frame(5.01, SERVER, flags=FLAG_RST | FLAG_ACK).frame(5.5, CLIENT, length=100, retransmission=True)
    assert waits(case_of(story, lasts=60.0)) == ()


@pytest.mark.parametrize(("drawn", "is_told"), [(3, True), (2, False)])
@pytest.mark.parametrize("ends", [None, 20.0])
def test_copies_that_drew_an_acknowledgment_each_arrived_and_were_not_taken_in(
    drawn: int, is_told: bool, ends: float | None
) -> None:
    """Each acknowledges nothing new; the first copy's does not count. What is taken in at last had not failed."""
    story, each = asked(), [round(seconds + 0.01, 3) for seconds in COPIES[1 : 1 + drawn]]
    for seconds in each:
        story.frame(seconds, SERVER)
    if ends is not None:
        story.frame(ends - 0.01, CLIENT, length=100, retransmission=True).frame(ends, SERVER)
    case, wait = wait_of(story)
    assert (wait.answer is None) is (ends is None)
    found = [frame.number for frame in answered_each(case, wait)]
    assert found == ([number(seconds) for seconds in each] if is_told and ends is None else [])
