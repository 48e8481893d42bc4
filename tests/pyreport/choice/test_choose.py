"""Which connection a report is about when nothing was named."""

from __future__ import annotations

import pytest

from pyreport.base.claim import claim
from pyreport.choice.choose import Wanted, choose
from pyreport.frames.frame import FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, number, overlooked_close
from tests.pyreport.end_to_end.test_analysis import reading


def orderly(stream: int) -> Story:
    story = Story(f"10.0.0.1:{41000 + stream}", stream=stream).handshake(stream / 10).data(stream + 1.0, SERVER)
    return story.fin(stream + 2.5, SERVER, stream + 1.0).answering_fin(stream + 2.6, story.client)


def test_a_dead_path_goes_before_an_orderly_close() -> None:
    dead = Story(stream=1).handshake().data(1.0, SERVER).sent_again(CLIENT, 5.0, 5.2, 5.6, 6.4, 8.0)
    selection = choose(reading(orderly(2), dead), Wanted()).selection
    assert (selection.connection.stream, selection.local) == (1, None)
    assert selection.why == claim("chosen-only-findings")


def test_lost_data_goes_before_the_worst_findings() -> None:
    dead = Story("10.0.0.1:41001", stream=1).handshake(0.1).data(1.1, SERVER)
    dead.sent_again("10.0.0.1:41001", 5.0, 5.2, 5.6, 6.4, 8.0)
    selection = choose(reading(dead, overlooked_close()), Wanted()).selection
    assert selection.connection.stream == 1
    assert selection.why == claim("chosen-worst-end-of-several", others=1)


def test_where_nothing_broke_the_report_says_so() -> None:
    selection = choose(reading(orderly(1), orderly(2)), Wanted()).selection
    assert selection.why == claim("chosen-most-to-say")


@pytest.mark.parametrize("answered", [True, False])
def test_of_two_connections_of_the_ends_that_were_named_the_broken_one_is_meant(answered: bool) -> None:
    """A port that is used again; no finding of the plugin stands for a SYN that nobody answers."""
    well = Story(stream=0).handshake().data(1.0, SERVER).fin(2.5, SERVER, 1.0).answering_fin(2.6, CLIENT)
    again = Story(stream=1)
    for seconds in (20.0, 21.0, 23.0, 27.0):
        again.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=seconds > 20)
        again.lost.add(number(seconds))
    if answered:
        again = Story(stream=1).handshake(20.0).data(21.0, SERVER).fin(22.5, SERVER, 21.0).answering_fin(22.6, CLIENT)
    selection = choose(reading(well, again), Wanted(ends=(CLIENT, SERVER))).selection
    assert (selection.connection.stream, selection.rivals, selection.local) == (0 if answered else 1, 1, CLIENT)
