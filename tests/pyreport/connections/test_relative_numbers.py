"""Relative numbers: as Wireshark counts them."""

from __future__ import annotations

from msgspec import structs

from pyreport.connections.connection import Connection
from pyreport.connections.relative_numbers import relative_numbers
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, Frame
from tests.pyreport.cases import CLIENT, SERVER

ISN, PEER_ISN = 4_294_967_290, 700


def segment(number: int, source: str, seq: int, ack: int, flags: int = FLAG_ACK, length: int = 0) -> Frame:
    source_end, destination = (CLIENT, SERVER) if source == CLIENT else (SERVER, CLIENT)
    return Frame(number, number, 0, source_end, destination, seq % 2**32, ack, length, flags, 64)


OPENING = [
    segment(1, CLIENT, ISN, 0, FLAG_SYN),
    segment(2, SERVER, PEER_ISN, (ISN + 1) % 2**32, FLAG_SYN | FLAG_ACK),
    segment(3, CLIENT, ISN + 1, PEER_ISN + 1, length=100),
    segment(4, SERVER, PEER_ISN + 1, (ISN + 101) % 2**32),
]


def told(frames: list[Frame]) -> list[tuple[int, int | None]]:
    numbers = relative_numbers(Connection(0, CLIENT, SERVER, frames))
    return [(numbers.seq(frame), numbers.ack(frame)) for frame in frames]


def test_the_syn_is_0_and_the_first_octet_1_across_the_end_of_the_numbers() -> None:
    assert told(OPENING) == [(0, None), (0, 1), (1, 1), (1, 101)]


def test_what_began_before_the_capture_begins_at_1() -> None:
    assert told(OPENING[2:]) == [(1, 1), (1, 101)]


def test_a_keepalive_probe_that_opens_the_capture_is_1_and_the_next_octet_2() -> None:
    probe = segment(1, CLIENT, 999, PEER_ISN)
    assert told([probe, segment(2, SERVER, PEER_ISN, 1000)]) == [(1, 1), (1, 2)]


def test_a_segment_without_an_ack_flag_acknowledges_nothing() -> None:
    reset = structs.replace(OPENING[3], flags=FLAG_RST, ack=0)
    assert told([*OPENING[:3], reset])[-1] == (1, None)


def test_one_side_alone_can_be_counted() -> None:
    assert told([OPENING[0]]) == [(0, None)]
