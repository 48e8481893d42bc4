"""What counts as sent again."""

from __future__ import annotations

from pyreport.base.units import NS_PER_MS
from pyreport.frames.retransmissions import Retransmissions

MS = NS_PER_MS


class Sender:
    """One side that sends; `again` says of each segment whether it was sent before."""

    def __init__(self) -> None:
        self.sent = Retransmissions()
        assert self.again(0, 100, 100) is False

    def again(self, time_ns: int, seq: int, length: int, *, fin: bool = False, source: str = "a") -> bool:
        return self.sent.note(0, source, time_ns, seq, length, length + fin)


def test_old_octets_are_sent_again_and_new_ones_are_not() -> None:
    sender = Sender()
    assert not sender.again(10 * MS, 200, 50)
    assert sender.again(20 * MS, 200, 50)
    assert sender.again(30 * MS, 150, 200), "some are old"
    assert not sender.again(40 * MS, 350, 0, fin=True)
    assert sender.again(250 * MS, 350, 0, fin=True)


def test_each_side_has_its_own_numbers() -> None:
    assert not Sender().again(1, 100, 100, source="b")


def test_an_acknowledgment_and_a_probe_send_nothing_again() -> None:
    sender = Sender()
    assert not sender.again(10 * MS, 199, 0)
    assert not sender.again(10 * MS, 199, 1)
    assert sender.again(10 * MS, 198, 2)


def test_a_segment_that_was_overtaken_is_not_sent_again_but_one_that_was_lost_is() -> None:
    early, late = Sender(), Sender()
    for sender in (early, late):
        assert not sender.again(10 * MS, 300, 100)
    assert not early.again(12 * MS, 200, 100)
    assert late.again(14 * MS, 200, 100)


def test_the_numbers_begin_again_at_zero() -> None:
    sent = Retransmissions()
    assert not sent.note(0, "a", 0, 2**32 - 10, 20, 20)
    assert sent.note(0, "a", 10 * MS, 0, 10, 10)
    assert not sent.note(0, "a", 20 * MS, 10, 10, 10)
