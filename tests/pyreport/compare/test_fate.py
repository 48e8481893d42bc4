"""What became of a packet that only one capture has: lost, made on the way, or a capture that does not tell."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Party
from pyreport.compare.packet import Fate
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from tests.pyreport.compared import DELAY_NS, FAR_TTL, Wire, lost

FIN = FLAG_FIN | FLAG_ACK
OTHER_TTL = 57


def test_what_both_captures_have_arrived() -> None:
    packets = Wire(ahead_ns=-5_000_000_000).talk(1).packets()
    assert [p.fate for p in packets] == [Fate.ARRIVED] * 3
    assert all(p.is_proven for p in packets)


def test_delays_are_measured_across_the_clocks() -> None:
    alignment = Wire(ahead_ns=90_000_000_000).talk(1).talk(3).aligned()
    way = alignment.way(0)
    assert way is not None
    pair = alignment.pairings[0].pairs[0]
    low, high = way.delay(pair.near.time_ns, pair.far.time_ns).closed
    assert low <= DELAY_NS <= high


# FIN and RST -----------------------------------------------------------------------------------------------------


def test_a_fin_that_the_other_side_never_acknowledges_is_lost() -> None:
    wire = Wire().talk(1).send(5, 1, seq=100, ack=100, flags=FIN, lost=True)
    wire.send(6, 0, seq=100, ack=100, length=50)
    packet = wire.packet(FLAG_FIN)
    assert (packet.fate, packet.is_proven) == (Fate.LOST, True)
    assert packet.proof == ((wire.frames[0][-1].number,), ())


def test_a_fin_that_the_receivers_own_capture_acknowledges_arrived() -> None:
    wire = Wire().talk(1).send(5, 1, seq=100, ack=100, flags=FIN, far=False)
    wire.send(5.01, 0, seq=100, ack=101)
    assert wire.packet(FLAG_FIN).fate is Fate.ARRIVED_UNSEEN


def test_an_acknowledgment_that_only_the_sender_has_does_not_prove_it() -> None:
    wire = Wire().talk(1).send(5, 1, seq=100, ack=100, flags=FIN, far=False)
    wire.send(5.01, 0, seq=100, ack=101, near=False)
    assert wire.packet(FLAG_FIN).fate is Fate.UNKNOWN


def test_a_packet_outside_the_other_capture_is_not_called_lost() -> None:
    wire = Wire(until=4).talk(1)
    wire.send(5, 1, seq=100, ack=100, flags=FIN, far=False)
    packet = wire.packet(FLAG_FIN)
    assert packet.fate is Fate.NOT_COVERED
    assert [claim.id for claim in packet.why] == ["capture-ended-before"]


def test_a_packet_beside_the_end_of_the_other_capture_is_not_said_to_be_after_it() -> None:
    """All that both captures have went one way, so the packet may have needed any time: it may have come or not."""
    wire = Wire(until=5)
    for seconds in (1, 2, 3):
        wire.send(seconds, 0, seq=100 * seconds, length=100, stamp=seconds)
    packet = wire.send(4.9, 1, seq=100, ack=100, flags=FIN, far=False).packet(FLAG_FIN)
    assert packet.fate is Fate.NOT_COVERED
    assert [claim.id for claim in packet.why] == ["capture-may-have-ended-before"]


def test_a_reset_after_which_its_sender_goes_on_was_not_sent() -> None:
    wire = Wire().talk(1).forged_reset(5).send(6, 1, seq=100, ack=100, length=10, lost=True)
    packet = wire.packet(FLAG_RST)
    assert (packet.fate, packet.is_proven) == (Fate.NOT_SENT, True)
    assert packet.proof[1] == (wire.frames[1][-1].number,) * 2


def test_a_reset_that_nothing_contradicts_is_only_probably_not_sent() -> None:
    packet = Wire().talk(1).forged_reset(5).packet(FLAG_RST)
    assert (packet.fate, packet.is_proven) == (Fate.NOT_SENT, False)


def test_a_reset_that_the_other_capture_does_not_cover_cannot_be_told() -> None:
    assert Wire(until=4).talk(1).forged_reset(5).packet(FLAG_RST).fate is Fate.NOT_COVERED


def test_its_hop_limit_gives_a_reset_away_even_then() -> None:
    packet = Wire(until=4).talk(1).talk(2).talk(3).forged_reset(5, ttl=OTHER_TTL).packet(FLAG_RST)
    assert (packet.fate, packet.is_proven) == (Fate.NOT_SENT, False)
    assert [claim.id for claim in packet.why] == ["hop-limit-is-unlike", "capture-ended-before"]
    assert packet.why[0].values == {"who": Party.SERVER, "hop_limit": OTHER_TTL, "usual": FAR_TTL}


def test_a_reset_that_both_have_arrived() -> None:
    packet = Wire().talk(1).send(5, 1, seq=100, flags=FLAG_RST).packet(FLAG_RST)
    assert (packet.fate, packet.is_proven) == (Fate.ARRIVED, True)


def test_a_forged_fin_is_not_counted_by_its_alleged_sender() -> None:
    wire = Wire().talk(1).send(5, 1, seq=100, ack=100, flags=FIN, near=False)
    wire.send(6, 1, seq=100, ack=100, length=10)
    assert wire.packet(FLAG_FIN).fate is Fate.NOT_SENT


def test_a_fin_that_its_sender_counts_was_sent() -> None:
    wire = Wire().talk(1).send(5, 1, seq=100, ack=100, flags=FIN, near=False)
    wire.send(6, 1, seq=101, ack=100)
    assert wire.packet(FLAG_FIN).fate is Fate.SENT_UNSEEN


def test_a_capture_that_lacks_what_was_there_proves_nothing_by_its_silence() -> None:
    """The server's capture lost a segment that the server acknowledged, so it may have lost the client's RST too."""
    wire = Wire().talk(1).send(3, 0, seq=100, ack=100, length=10, far=False).send(3.01, 1, seq=100, ack=110)
    wire.send(5, 0, seq=110, flags=FLAG_RST, far=False)
    assert wire.packet(FLAG_RST).fate is Fate.UNKNOWN


# Payload -----------------------------------------------------------------------------------------------------------


def test_of_two_copies_the_one_that_arrived_is_told_by_its_time() -> None:
    """The first copy is lost; nothing but the time tells the copies apart."""
    wire = Wire().talk(1).talk(2)
    wire.send(5, 0, seq=100, ack=100, length=10, lost=True).send(5.4, 0, seq=100, ack=100, length=10)
    first = wire.frames[0][-2].number
    assert lost(wire.packets()) == [first]


def test_segments_that_a_network_card_cuts_arrive_in_pieces() -> None:
    wire = Wire().talk(1).send(3, 0, seq=100, ack=100, length=3000, far=False)
    for piece in range(3):
        wire.send(3, 0, seq=100 + 1000 * piece, ack=100, length=1000, near=False)
    wire.send(3.1, 1, seq=100, ack=3100)
    assert {p.fate for p in wire.packets()} == {Fate.ARRIVED, Fate.ARRIVED_IN_PIECES}


def test_segments_that_a_network_card_joins_arrive_too() -> None:
    wire = Wire().talk(1)
    for piece in range(3):
        wire.send(3, 0, seq=100 + 1000 * piece, ack=100, length=1000, far=False)
    wire.send(3, 0, seq=100, ack=100, length=3000, near=False).send(3.1, 1, seq=100, ack=3100)
    fates = [p.fate for p in wire.packets()]
    assert Fate.LOST not in fates
    assert Fate.NOT_SENT not in fates


def test_a_piece_that_is_absent_is_no_arrival() -> None:
    wire = Wire().talk(1).send(3, 0, seq=100, ack=100, length=3000, far=False)
    wire.send(3, 0, seq=100, ack=100, length=1000, near=False).send(4, 1, seq=100, ack=1100)
    (packet,) = [p for p in wire.packets() if p.captured.frame.length == 3000]
    assert packet.fate is Fate.LOST


# Probes ------------------------------------------------------------------------------------------------------------


def probes(wire: Wire, lost_ones: tuple[int, ...] = (), stamped: bool = False) -> Wire:
    """Six probes a second apart from 3 s on, answered but for those that are lost."""
    for index in range(6):
        is_lost = index in lost_ones
        stamp = 1000 * index if stamped else None
        wire.send(3 + index, 0, seq=99, ack=100, lost=is_lost, stamp=stamp)
        if not is_lost:
            wire.send(3.003 + index, 1, seq=100, ack=100, stamp=stamp)
    return wire


@pytest.mark.parametrize("stamped", [True, False])
@pytest.mark.parametrize("gone", [(0,), (2, 3), (5,), (0, 1, 2, 3, 4)])
def test_which_of_several_equal_probes_are_lost(gone: tuple[int, ...], stamped: bool) -> None:
    wire = probes(Wire(ahead_ns=3_600_000_000_000).talk(1), gone, stamped)
    numbers = [f.number for f in wire.captured(0) if f.found(Probe)]
    assert lost(wire.packets()) == [numbers[index] for index in gone]


def test_equal_probes_closer_together_than_the_path_is_long_are_left_open() -> None:
    """Two probes 1 ms apart, one of which arrives: which one, nothing tells."""
    wire = Wire().talk(1).talk(2)
    wire.send(5, 0, seq=99, ack=100, lost=True).send(5.001, 0, seq=99, ack=100)
    found = [p.fate for p in wire.packets() if p.near is not None and p.near.frame.found(Probe)]
    assert Fate.LOST not in found
    assert Fate.UNKNOWN in found


def test_a_probe_whose_answer_came_is_not_called_lost() -> None:
    """The server's capture has neither the probe nor the answer that the client got."""
    wire = Wire().talk(1).send(5, 0, seq=99, ack=100, far=False)
    wire.send(5.003, 1, seq=100, ack=100, near=False)
    assert wire.packet().fate is Fate.UNKNOWN


def test_a_probe_that_was_answered_by_the_other_capture_arrived() -> None:
    wire = Wire().talk(1).send(5, 0, seq=99, ack=100, far=False)
    wire.send(5.003, 1, seq=100, ack=100)
    assert wire.packet().fate is Fate.ARRIVED_UNSEEN
