"""Which connection of the other capture it is: by numbers, whatever the addresses are, and never by guessing."""

from __future__ import annotations

from random import Random

from msgspec import structs

from pyreport.base.endpoint import Endpoint
from pyreport.compare.partner import Partner, is_ambiguous
from pyreport.compare.rewritten_numbers import rewritten
from pyreport.compare.same_numbers import NumberIndex
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex, build_index
from pyreport.frames.capture_hints import Marks
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN, Frame

CLIENT, SERVER = Endpoint("10.0.0.1:40000"), Endpoint("10.0.0.5:9092")
OUTSIDE = Endpoint("203.0.113.9:61000")


def talk(
    stream: int = 0, client: Endpoint = CLIENT, client_seq: int = 7_000, server_seq: int = 90_000, first: int = 1,
    lengths: tuple[int, ...] = (50, 170, 20, 310), syn: bool = False,
) -> list[Frame]:  # fmt: skip
    """A connection in which the two sides take turns, from the ``first`` frame number on."""
    numbers = {client: client_seq, SERVER: server_seq}
    frames = []
    if syn:
        frames.append(Frame(first, first, stream, client, SERVER, client_seq - 1, 0, 0, FLAG_SYN, 64))
    for turn, length in enumerate(lengths):
        source, other = (SERVER, client) if turn % 2 else (client, SERVER)
        number = first + syn + turn
        frames.append(
            Frame(number, number, stream, source, other, numbers[source], numbers[other], length, FLAG_ACK, 64)
        )
        numbers[source] += length
    return frames


def index_of(*connections: list[Frame]) -> CaptureIndex:
    return build_index(frame for frames in connections for frame in frames)


def connection(frames: list[Frame]) -> Connection:
    return index_of(frames).connections[frames[0].stream]


def partners(ours: list[Frame], *theirs: list[Frame]) -> list[Partner]:
    return NumberIndex(index_of(*theirs)).partners(connection(ours))


def test_addresses_and_ports_do_not_matter() -> None:
    other = talk(0, client_seq=1, server_seq=2)
    (partner,) = partners(talk(), other, talk(1, client=OUTSIDE, first=100))
    assert (partner.connection.stream, partner.hits, partner.same_ends) == (1, 4, False)
    assert partner.partner_of(CLIENT) == OUTSIDE
    assert partner.partner_of(SERVER) == SERVER


def test_a_part_of_the_connection_is_enough() -> None:
    (partner,) = partners(talk()[:2], talk()[1:])
    assert partner.hits == 1


def test_the_same_ends_with_other_numbers_are_another_connection() -> None:
    assert partners(talk(), talk(client_seq=8_000, server_seq=91_000)) == []


def test_two_handshakes_with_different_numbers_contradict() -> None:
    ours, theirs = talk(syn=True), talk(syn=True)
    theirs[0] = Frame(1, 1, 0, CLIENT, SERVER, 123, 0, 0, FLAG_SYN, 64)
    assert partners(ours, theirs) == []


def test_two_that_fit_equally_well_are_ambiguous() -> None:
    found = partners(
        talk(), talk(0, client=Endpoint("10.8.0.1:1024")), talk(1, client=Endpoint("10.8.0.2:1024"), first=50)
    )
    assert len(found) == 2
    assert is_ambiguous(found)
    assert not is_ambiguous(partners(talk(), talk(0), talk(1, client=OUTSIDE, first=50)))


def stamped(frames: list[Frame], start: int = 0) -> list[Frame]:
    return [
        structs.replace(frame, marks=Marks(timestamp=start + 10 * i, timestamp_echo=start + 10 * i + 3))
        for i, frame in enumerate(frames)
    ]


def test_rewritten_numbers_are_found_by_timestamps() -> None:
    """Nothing but equal lengths, as in an idle connection: only the timestamps tell."""
    ours, theirs = talk(lengths=(0,) * 8), talk(0, client_seq=7_555, server_seq=89_923, lengths=(0,) * 8)
    other = talk(1, client=OUTSIDE, client_seq=1, server_seq=1, lengths=(0,) * 8, first=100)
    others = index_of(stamped(theirs), stamped(other, start=50_000))
    (partner,) = rewritten(connection(stamped(ours)), others.connections.values())
    assert partner.connection.stream == 0
    assert partner.shift.by_sender == (555, 2**32 - 77)


def test_rewritten_numbers_are_found_by_lengths() -> None:
    chance = Random(3)
    lengths = tuple(chance.randrange(20, 1400) for _ in range(24))
    ours, theirs = talk(lengths=lengths), talk(client_seq=9, server_seq=90_000, lengths=lengths)
    (partner,) = rewritten(connection(ours), index_of(theirs).connections.values())
    assert partner.shift.by_sender == ((9 - 7_000) % 2**32, 0)


def test_equal_lengths_without_timestamps_are_no_pattern() -> None:
    """Requests of one length, 10 in one capture and 10 in the other: they could be lined up anywhere."""
    ours = talk(lengths=(40,) * 20)
    theirs = talk(client_seq=99_000, server_seq=1_000, lengths=(40,) * 20)
    assert rewritten(connection(ours), index_of(theirs).connections.values()) == []
