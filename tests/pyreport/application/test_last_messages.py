"""The last message each way: who spoke last, and how much."""

from __future__ import annotations

from msgspec import structs

from pyreport.application.last_messages import last_messages
from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_S
from pyreport.connections.connection import Connection
from pyreport.connections.index import build_index
from pyreport.frames.frame import FLAG_ACK, Frame
from tests.pyreport.plugin_findings import found_by_plugin

A, B = Endpoint("10.0.0.1:40000"), Endpoint("10.0.9.9:7000")


def connection(*told: tuple[Endpoint, int, int]) -> Connection:
    """Segments of (side, sequence number, length), a second apart and numbered from 1; each acknowledges all before."""
    sent, frames = {A: 1, B: 1}, []
    for number, (side, seq, length) in enumerate(told, 1):
        other = B if side == A else A
        frames.append(Frame(number, number * NS_PER_S, 0, side, other, seq, sent[other], length, FLAG_ACK, 64))
        sent[side] = (seq + length) % 2**32
    return build_index(found_by_plugin(frames)).connections[0]


def sizes(made: Connection, until: int | None = None) -> dict[str, tuple[int, int, int]]:
    return {m.source: (m.first_frame, m.last_frame, m.octets) for m in last_messages(made, until).values()}


def test_the_last_run_of_each_side() -> None:
    made = connection((A, 1, 10), (B, 1, 20), (A, 11, 30), (A, 41, 5), (B, 21, 0), (B, 21, 7))
    assert sizes(made) == {A: (3, 4, 35), B: (6, 6, 7)}


def test_only_up_to_a_frame() -> None:
    made = connection((A, 1, 10), (B, 1, 20), (A, 11, 30))
    assert sizes(made, until=2) == {A: (1, 1, 10), B: (2, 2, 20)}


def test_what_was_sent_again_counts_once() -> None:
    assert sizes(connection((A, 1, 10), (A, 11, 10), (A, 1, 10), (A, 11, 10))) == {A: (1, 4, 20)}
    assert sizes(connection((A, 11, 10), (A, 1, 10))) == {A: (1, 2, 20)}


def test_sequence_numbers_that_wrap() -> None:
    assert sizes(connection((A, 0xFFFF_FFF6, 10), (A, 0, 10))) == {A: (1, 2, 20)}


def test_the_octet_of_a_probe_is_no_message() -> None:
    assert sizes(connection((A, 1, 10), (B, 1, 20), (A, 10, 1))) == {A: (1, 1, 10), B: (2, 2, 20)}


def test_one_side_may_be_silent() -> None:
    assert sizes(connection((A, 1, 10))) == {A: (1, 1, 10)}
    assert sizes(connection((A, 1, 0))) == {}


def test_what_is_sent_again_later_is_not_what_was_said_last() -> None:
    made = connection((A, 1, 10), (B, 1, 20))
    again = structs.replace(made.frames[0], number=3, time_ns=9 * NS_PER_S, retransmission=True)
    told = last_messages(build_index([*made.frames, again]).connections[0], None)
    assert [(m.source, m.last_frame, m.time_ns) for m in told.values()] == [(A, 1, NS_PER_S), (B, 2, 2 * NS_PER_S)]
    alone = build_index([again]).connections[0]  # the first copy is not in the capture
    assert last_messages(alone, None)[A].time_ns == 9 * NS_PER_S
