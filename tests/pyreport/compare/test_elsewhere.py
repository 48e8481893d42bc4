"""Counterparts in other streams, the least round trip, clock steps, and an end that stood still."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.compare.alignment import Alignment, align
from pyreport.compare.conclude import conclude, gravest_first
from pyreport.compare.conclusion import Conclusion, ConclusionKind, Where, delay_of
from pyreport.compare.fate import fates
from pyreport.compare.flow import Flow
from pyreport.compare.packet import Fate, Packet
from pyreport.compare.view import NO_SHIFT
from pyreport.diagnosis.result import Confidence
from pyreport.frames.finding import Level
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, Frame
from tests.pyreport.compared import DELAY_NS, PARTIES, SERVER, SERVER_SEQ, START_NS, Wire
from tests.pyreport.told import ids

UNTRANSLATED = Endpoint("192.168.0.9:40000")


def talked() -> Wire:
    """Eight requests and responses in four seconds."""
    wire = Wire()
    for index in range(8):
        stamp = 1_000 + index
        wire.send(index / 2, 0, seq=100 * index, ack=100 * index, length=100, stamp=stamp)
        wire.send(index / 2 + 0.01, 1, seq=100 * index, ack=100 * index + 100, length=100, stamp=stamp)
    return wire


def cut_at_the_server(wire: Wire, seconds: float) -> Alignment:
    """The capture at the server ends then."""
    first, second = wire.views()
    second.reading.span.last_time_ns = START_NS + round(seconds * NS_PER_S)
    return align((first, second), NO_SHIFT, PARTIES)


def the_reset(alignment: Alignment) -> Packet:
    (found,) = [packet for packet in fates(alignment) if packet.captured.is_reset]
    return found


# The least round trip ------------------------------------------------------------------------------------------------


def reset_after(delay_ms: float) -> Packet:
    """A request 20 s after all else, and the RST that answers it; the server's capture had ended."""
    wire = talked().send(24.0, 0, seq=800, ack=800, length=100, far=False, stamp=9_000)
    back = 24.0 + (delay_ms * NS_PER_MS - DELAY_NS) / NS_PER_S
    return the_reset(cut_at_the_server(wire.send(back, 1, seq=800, flags=FLAG_RST, near=False), 5.0))


def test_what_is_not_known_of_the_clocks_is_no_least_delay() -> None:
    """By the bounds of a drift that nobody measured, any answer after 20 s comes too soon."""
    assert Flow(talked().aligned(), 1).least_round_trip_ns == 2 * DELAY_NS
    assert reset_after(4.1).fate is Fate.NOT_COVERED


def test_an_answer_in_less_than_half_of_the_measured_round_trip_is_foreign() -> None:
    found = reset_after(1.0)
    assert (found.fate, ids(found.why)[0]) == (Fate.NOT_SENT, "answer-is-faster-than-the-path")
    assert found.why[0].values["least"] == 2 * DELAY_NS


# Another stream ------------------------------------------------------------------------------------------------------


def untranslated(seq: int) -> Alignment:
    """The server's RST leaves for another address, as when a NAT had forgotten the connection; the client has it."""
    wire = talked().send(20.0, 1, seq=800, flags=FLAG_RST, near=False)
    frame = Frame(
        900, START_NS + 20 * NS_PER_S, 1, SERVER, UNTRANSLATED, SERVER_SEQ + seq, 0, 0, FLAG_RST, 64
    )  # fmt: skip
    wire.frames[1].append(frame)
    return wire.aligned()


def test_a_reset_that_left_in_another_stream_was_sent() -> None:
    found = the_reset(untranslated(800))
    assert (found.fate, ids(found.why)) == (Fate.ARRIVED, ["packet-is-in-another-stream"])
    assert found.frames[1] == (900,)
    assert found.why[0].values["destination"] == UNTRANSLATED


def test_an_other_reset_in_another_stream_is_no_counterpart() -> None:
    assert the_reset(untranslated(900)).fate is Fate.NOT_SENT


# An end that stood still ---------------------------------------------------------------------------------------------


def waited(*, pause: bool, busy: bool = False) -> tuple[Alignment, tuple[Conclusion, ...]]:
    """The server's FIN and its repeats over 8 s reach the client at once, at 20 s of the server's time. ``pause``: the
    client's clock stood for 16 s then; ``busy``: it sent something meanwhile.
    """
    wire, back = talked(), 16 * NS_PER_S if pause else 0
    if busy:
        wire.send(14.0, 0, seq=800, ack=800, length=10, stamp=2_000).send(14.01, 1, seq=800, ack=810, stamp=2_000)
    for index, seconds in enumerate((10.0, 10.4, 11.2, 12.8, 16.0, 18.0)):
        late = round((20.0 - seconds) * NS_PER_S) + index * NS_PER_MS
        wire.send(
            seconds, 1, seq=800, ack=810 if busy else 800, flags=FLAG_FIN | FLAG_ACK, delay_ns=late - back,
            stamp=3_000 + index,
        )  # fmt: skip
    for index in range(4):
        start = 21.0 + index
        wire.send(start - back / NS_PER_S, 0, seq=800, ack=801, delay_ns=DELAY_NS + back, stamp=4_000 + index)
        wire.send(start + 0.1, 1, seq=801, ack=800, delay_ns=DELAY_NS - back, stamp=5_000 + index)
    alignment = wire.aligned()
    return alignment, conclude(alignment, fates(alignment))


def stood(conclusions: tuple[Conclusion, ...]) -> list[Conclusion]:
    return [conclusion for conclusion in conclusions if conclusion.kind is ConclusionKind.STOOD_STILL]


def test_the_end_at_which_packets_of_seconds_arrive_at_once_stood_still() -> None:
    (found,) = stood(waited(pause=False)[1])
    assert (found.where, found.confidence) == (Where.CLIENT, Confidence.LIKELY)
    assert found.claims[0].values["count"] == 6
    assert found.claims[0].values["made"] == 8 * NS_PER_S


def test_a_clock_that_stood_there_confirms_it() -> None:
    alignment, conclusions = waited(pause=True)
    (found,) = stood(conclusions)
    assert (found.where, found.confidence) == (Where.CLIENT, Confidence.CONFIRMED)
    assert ids(found.claims) == ["end-took-in-at-once", "its-clock-stood-too"]
    fin = next(packet for packet in fates(alignment) if packet.captured.is_fin)
    assert delay_of(alignment, fin) is None


def test_an_end_that_went_on_sending_did_not() -> None:
    assert stood(waited(pause=False, busy=True)[1]) == []


@pytest.mark.parametrize("level", [Level.ERROR, Level.NOTE])
def test_what_an_end_that_stood_still_held_up_is_told_after_that(level: Level) -> None:
    """However grave a FIN is that arrived with the rest; one that did not is told by its own weight."""
    found = stood(waited(pause=False)[1])[0]
    held = Conclusion(ConclusionKind.ARRIVED, Where.SERVER, level, Confidence.CONFIRMED, (), found.frames)
    other = replace(held, level=Level.ERROR, frames=((999,), (999,)))
    assert in_order((held, found)) == [ConclusionKind.STOOD_STILL, ConclusionKind.ARRIVED]
    assert in_order((other, found)) == [ConclusionKind.ARRIVED, ConclusionKind.STOOD_STILL]


def in_order(conclusions: tuple[Conclusion, ...]) -> list[ConclusionKind]:
    return [one.kind for one in gravest_first((), conclusions)]
