"""How a connection ended, put together from the findings."""

from __future__ import annotations

import pytest

from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, idle_close, number, overlooked_close


def test_nothing_ended() -> None:
    ending = case_of(Story().handshake()).ending
    assert (ending.closer, ending.first, ending.dead, ending.close_wait_end(at(9.0))) == (None, None, None, None)


def test_fin_then_reset() -> None:
    ending = case_of(overlooked_close()).ending
    assert ending.closer == SERVER
    assert ending.first is ending.fin
    assert ending.dead is not None
    assert ending.dead.number == number(66.2)
    assert ending.close_wait_end(at(100.0)) == at(66.2)
    assert [f.frame for f in ending.post_fin_probes] == [number(66.0)]


def test_both_sides_close() -> None:
    ending = case_of(idle_close().answering_fin(62.0, CLIENT)).ending
    assert ending.answering_fin is not None
    assert ending.close_wait_end(at(100.0)) == at(62.0)
    assert ending.dead is None


def test_a_fin_without_more_lasts_to_the_end_of_the_capture() -> None:
    assert case_of(idle_close()).ending.close_wait_end(at(100.0)) == at(100.0)


def test_reset_alone_is_the_first_sign() -> None:
    ending = case_of(Story().handshake().reset(5.0, CLIENT)).ending
    assert (ending.closer, ending.fin) == (CLIENT, None)
    assert ending.first is ending.reset


def test_giving_up_is_the_first_sign() -> None:
    ending = case_of(Story().handshake().gave_up(6.0, 2)).ending
    assert ending.first is ending.gave_up
    assert ending.closer == CLIENT


@pytest.mark.parametrize("ignored", [(), (29.5,), (29.5, 33.0), (62.0,)], ids=str)
@pytest.mark.parametrize("is_refused", [True, False])
def test_an_rst_that_its_receiver_takes_no_notice_of_ends_nothing(ignored: tuple[float, ...], is_refused: bool) -> None:
    """Its number lies outside the window (RFC 9293 section 3.5.3), before the FIN or after it."""
    story = idle_close()
    if is_refused:
        story.probe(66.0, answered=False, after_fin=61.0).reset_after_fin(66.2, SERVER, 66.0, "probe", 61.0)
    for seconds in ignored:
        story.outside_window(seconds, SERVER)
    case = case_of(story, lasts=80.0)
    assert case.ending.fin is not None
    assert (case.ending.dead.number if case.ending.dead else None) == (number(66.2) if is_refused else None)
    assert case.close_wait_ns == at(66.2 if is_refused else 80.0) - at(61.0)


@pytest.mark.parametrize(
    ("beside", "is_one"),
    [(FLAG_ACK | FLAG_RST, False), (FLAG_ACK | FLAG_SYN, False), (0, False), (FLAG_ACK, True)],
)
def test_the_fin_of_a_segment_that_nobody_takes_answers_nothing(beside: int, *, is_one: bool) -> None:
    """RFC 9293 3.10.7.4: an RST, a SYN, and what has no acknowledgment."""
    story = Story().data(1.0, CLIENT).frame(5.0, CLIENT, flags=FLAG_FIN | beside)
    answering = case_of(story.frame(20.0, SERVER, flags=FLAG_FIN | FLAG_ACK)).connection.fin_of(CLIENT)
    assert (answering is not None) is is_one
