"""The rows of the table of packets: what is told once for several packets."""

from __future__ import annotations

import pytest

from pyreport.compare.fate import fates
from pyreport.compare.packet import Fate
from pyreport.compare.rows import Row, rows_of, with_repeats_folded
from tests.pyreport.compared import Wire


def rows(wire: Wire) -> list[Row]:
    alignment = wire.aligned()
    return [row for row in rows_of(alignment, fates(alignment)) if row.sender is not None]


def lengths_lost(*lengths: int) -> Wire:
    """Segments of these lengths that the server sends one after the other, and all get lost; then an exchange."""
    wire, seq = Wire().talk(1), 100
    for place, length in enumerate(lengths):
        wire.send(2 + place * 0.01, 1, seq=seq, ack=100, length=length, stamp=3_000 + place, lost=True)
        seq += length
    return wire


@pytest.mark.parametrize("count", [2, 12])
def test_packets_of_one_kind_that_had_one_fate_are_one_row(count: int) -> None:
    (row,) = (row for row in rows(lengths_lost(*[1448] * count)) if row.fate is Fate.LOST)
    first = 13
    assert (row.count, row.frames) == (count, (None, (first, first + count - 1)))
    assert row.times_ns[0] is None
    assert row.times_ns[1] is not None


def test_packets_that_differ_have_a_row_each() -> None:
    """In their length, or by what lies between them."""
    found = [row for row in rows(lengths_lost(1448, 1447, 1448)) if row.fate is Fate.LOST]
    assert [row.count for row in found] == [1, 1, 1]
    wire = lengths_lost(1448, 1448).send(3, 0, seq=100, ack=100, length=7, stamp=4_000)
    wire.send(3.5, 1, seq=100 + 2 * 1448, ack=107, length=1448, stamp=5_000, lost=True)
    assert [row.count for row in rows(wire) if row.fate is Fate.LOST] == [2, 1]


def test_packets_whose_delays_are_known_are_told_apart_until_no_delay_is_shown() -> None:
    wire = Wire().talk(1)
    for place in range(3):
        wire.send(5 + place, 1, seq=100, ack=100, flags=0x11, stamp=5_000 + place, delay_ns=2_000_000 * (place + 1))
    found = [row for row in rows(wire) if row.what.id == "row-fin"]
    assert [row.count for row in found] == [1, 1, 1]
    (one,) = with_repeats_folded(found, with_delays=True)
    assert (one.count, one.delay, one.frames) == (3, None, ((13, 15), (13, 15)))
    assert one.times_ns == found[0].times_ns
