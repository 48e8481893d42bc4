"""Counters that begin again at zero."""

from __future__ import annotations

import pytest

from pyreport.base.endpoint import Endpoint
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_SYN, Frame
from pyreport.frames.seq import Unwrapper, ahead, id_since, shifted, since

LAST = 2**32 - 1


@pytest.mark.parametrize(
    ("number", "of", "distance"),
    [(5, 3, 2), (3, 5, -2), (4, 4, 0), (1, LAST, 2), (LAST, 1, -2), (2**31 - 1, 0, 2**31 - 1), (2**31, 0, -(2**31))],
)
def test_a_distance_has_a_sign(number: int, of: int, distance: int) -> None:
    assert ahead(number, of) == distance


def test_a_distance_since_a_start_has_none() -> None:
    assert (since(5, 3), since(3, 5), since(1, LAST)) == (2, LAST - 1, 2)


def test_an_identification_begins_again_at_zero() -> None:
    assert (id_since(5, 3), id_since(3, 5), id_since(1, 65_535), id_since(4, 4)) == (2, 65_534, 2, 0)


def test_a_number_moves_across_zero() -> None:
    assert (shifted(LAST, 3), shifted(2, -3), shifted(0, -1)) == (2, LAST, LAST)


def test_numbers_unwrap_both_ways() -> None:
    unwrap = Unwrapper(LAST - 9)
    assert [unwrap(number) for number in (LAST, 5, LAST, LAST - 19)] == [9, 15, 9, -10]


@pytest.mark.parametrize(
    ("flags", "length", "space"),
    [(FLAG_ACK, 0, 0), (FLAG_ACK, 7, 7), (FLAG_SYN, 0, 1), (FLAG_ACK | FLAG_FIN, 7, 8), (FLAG_SYN | FLAG_FIN, 1, 3)],
)
def test_syn_and_fin_take_a_number_each(flags: int, length: int, space: int) -> None:
    frame = Frame(1, 0, 0, Endpoint("10.0.0.1:1"), Endpoint("10.0.0.2:2"), LAST, 0, length, flags, 64)
    assert (frame.space, frame.end) == (space, (LAST + space) % 2**32)
