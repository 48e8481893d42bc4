"""The vote on the place of the capture."""

from __future__ import annotations

import pytest

from pyreport.base.claim import claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.index import build_index
from pyreport.frames.capture_hints import Marks
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_SYN
from pyreport.quality.vantage import Clue, Place, Vantage, captured_at, vantage_of
from pyreport.quality.vantage.delays import Shown, handshake_clue, reply_clue
from pyreport.quality.vantage.link_layer import checksum_clue, packet_type_clue, padding_clue, segment_size_clue
from pyreport.quality.vantage.paused import pause_clue
from pyreport.quality.vantage.routing import hop_limit_clue
from tests.pyreport.cases import CLIENT, SERVER, Story
from tests.pyreport.segments import US, Segments

IN, OTHER, OUT = Marks(packet_type=0), Marks(packet_type=3), Marks(packet_type=4)
UNFINISHED, WHOLE = Marks(unfinished_checksum=True), Marks(unfinished_checksum=False)
BARE, PADDED = Marks(padded=False), Marks(padded=True)


def place(clue: Clue | None) -> Place | None:
    return clue.place if clue else None


def exchange(limits: tuple[int, int] = (64, 64)) -> Segments:
    """Four segments a side, told so fast that nothing follows from the times."""
    story = Segments(limits)
    for index in range(4):
        story.add(index * 20, CLIENT, 10).add(index * 20 + 10, SERVER, 10)
    return story


# Each clue by itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("client", "server", "where"),
    [
        (64, 61, Place.A),
        (61, 64, Place.B),
        (128, 54, Place.A),
        (64, 64, None),
        (60, 61, Place.BETWEEN),
        (64, 0, None),
    ],
)
def test_hop_limits(client: int, server: int, where: Place | None) -> None:
    assert place(hop_limit_clue(exchange((client, server)).connection)) is where


@pytest.mark.parametrize(
    ("to_server", "to_client", "where"),
    [
        (20_000, 100, Place.A),
        (100, 20_000, Place.B),
        (10_000, 10_000, Place.BETWEEN),
        (220, 10, Place.A),
        (80, 10, None),  # a round trip that a host takes as well
        (300, 200, None),  # neither is clearly the longer, and a host may take as much
        (90_000, 700, None),  # near the client, but maybe not on it
    ],
)
def test_handshake(to_server: int, to_client: int, where: Place | None) -> None:
    clue = handshake_clue(Segments().handshake(to_server, to_client).connection)
    assert place(clue) is where
    if clue is not None:
        assert clue.claim.frames == (1, 2, 3)


def test_a_handshake_with_a_second_syn_is_not_used() -> None:
    story = Segments().add(0, CLIENT, flags=FLAG_SYN).add(1_000_000, CLIENT, flags=FLAG_SYN, seq=1_000)
    story.add(1_020_000, SERVER, flags=FLAG_SYN | FLAG_ACK).add(1_020_010, CLIENT)
    assert handshake_clue(story.connection) is None


def test_answers_to_probes_and_fins() -> None:
    """The server's kernel answers probes after the round trip, the client's acknowledges the FIN at once."""
    story = Segments().add(0, CLIENT, 10).add(30, SERVER).probe(5_000_000, CLIENT, 220)
    story.add(6_000_000, SERVER, flags=FLAG_FIN | FLAG_ACK).add(6_000_010, CLIENT)
    assert place(reply_clue(story.connection)) is None  # the server once answered within 30 us: it is near as well
    story = Segments().probe(5_000_000, CLIENT, 220)
    story.add(6_000_000, SERVER, flags=FLAG_FIN | FLAG_ACK).add(6_000_010, CLIENT)
    clue = reply_clue(story.connection)
    assert clue is not None
    assert clue.place is Place.A
    times = {"near_time": 10 * US, "far_time": 220 * US}
    assert clue.claim == claim("vantage-one-is-near", (2, 4), shown=Shown.FASTEST, near=CLIENT, far=SERVER, **times)


def test_a_delayed_acknowledgment_does_not_make_an_end_far() -> None:
    """Both sides only acknowledge data, the server after 40 ms: it may be at hand and in no hurry."""
    story = Segments()
    for index in range(3):
        start = index * 1_000_000
        story.add(start, CLIENT, 10).add(start + 40_000, SERVER).add(start + 50_000, SERVER, 10)
        story.add(start + 50_020, CLIENT)
    assert reply_clue(story.connection) is None


def test_an_answer_after_a_retransmission_may_be_that_to_the_first_copy() -> None:
    story = Segments().probe(0, CLIENT, 20_000).add(30_000, SERVER, 10)
    story.add(230_000, SERVER, 10, seq=2_000, retransmission=True).add(230_010, CLIENT)
    assert reply_clue(story.connection) is None


def test_answers_in_the_middle_of_the_path() -> None:
    story = Segments().probe(0, CLIENT, 9_000).probe(1_000_000, SERVER, 7_000)
    assert place(reply_clue(story.connection)) is Place.BETWEEN


@pytest.mark.parametrize(
    ("client", "server", "where"),
    [
        (OUT, IN, Place.A),
        (IN, OUT, Place.B),
        (IN, IN, Place.BOTH),
        (OTHER, OTHER, Place.BETWEEN),
        (OUT, OUT, None),
        (Marks(), Marks(), None),
        (OUT, Marks(), None),
    ],
)
def test_packet_types(client: Marks, server: Marks, where: Place | None) -> None:
    clue = packet_type_clue(exchange().marked(client=client, server=server).connection)
    assert place(clue) is where
    assert clue is None or clue.is_hard


def test_a_forwarding_host_sees_each_frame_come_and_go() -> None:
    story = Segments()
    for index in range(3):
        for side, length in ((CLIENT, 10), (SERVER, 20)):
            story.add(index * 100, side, length, marks=IN)
            story.add(index * 100 + 1, side, length, seq=story.next[side] - length, marks=OUT)
    assert place(packet_type_clue(story.connection)) is Place.BETWEEN


@pytest.mark.parametrize(
    ("client", "server", "where"),
    [
        (UNFINISHED, WHOLE, Place.A),
        (WHOLE, UNFINISHED, Place.B),
        (UNFINISHED, UNFINISHED, Place.UNKNOWN),
        (WHOLE, WHOLE, None),
        (UNFINISHED, Marks(), None),
    ],
)
def test_checksums(client: Marks, server: Marks, where: Place | None) -> None:
    clue = checksum_clue(exchange().marked(client=client, server=server).connection)
    assert place(clue) is where
    assert clue is None or clue.is_hard is (where is not Place.UNKNOWN)


def test_two_frames_are_too_few_for_checksums() -> None:
    story = Segments()
    for index in range(2):
        story.add(index, CLIENT, 10, marks=UNFINISHED).add(index, SERVER, 10, marks=WHOLE)
    assert checksum_clue(story.connection) is None


@pytest.mark.parametrize(
    ("client", "server", "where"),
    [(BARE, PADDED, Place.A), (PADDED, BARE, Place.B), (PADDED, PADDED, Place.BETWEEN), (BARE, BARE, None)],
)
def test_padding(client: Marks, server: Marks, where: Place | None) -> None:
    assert place(padding_clue(exchange().marked(client=client, server=server).connection)) is where


def test_large_segments_are_a_remark() -> None:
    def story(length: int, *, server_mss: int = 1_460) -> Segments:
        story = Segments().add(0, CLIENT, flags=FLAG_SYN, marks=Marks(mss=1_460))
        story.add(10, SERVER, flags=FLAG_SYN | FLAG_ACK, marks=Marks(mss=server_mss)).add(20, CLIENT)
        return story.add(30, CLIENT, length)

    clue = segment_size_clue(story(14_600).connection)
    assert clue is not None
    assert clue.place is Place.UNKNOWN
    assert clue.claim == claim("vantage-large-segments", (4,), limit=1_460, largest=14_600)
    assert segment_size_clue(story(1_460).connection) is None
    assert segment_size_clue(story(14_600, server_mss=0).connection) is None


# The vote ------------------------------------------------------------------------------------------------------------


def outcome(story: Segments) -> Vantage:
    return vantage_of(story.connection)


def test_clues_that_agree() -> None:
    story = Segments((64, 61)).handshake(20_000, 20).add(30_000, CLIENT, 10)
    found = outcome(story)
    assert (found.place, found.end, found.is_disputed) == (Place.A, CLIENT, False)
    assert len(found.clues) == 2
    assert found.is_at(CLIENT)
    assert not found.is_at(SERVER)
    assert captured_at(story.connection) == CLIENT


def test_one_against_one_is_not_determinable() -> None:
    found = outcome(Segments((61, 64)).handshake(20_000, 20))
    assert (found.place, found.end, found.is_disputed) == (Place.UNKNOWN, None, True)


def test_two_against_one_win_and_the_dispute_is_kept() -> None:
    story = Segments((61, 64)).handshake(20_000, 20).probe(1_000_000, CLIENT, 20_000).probe(2_000_000, SERVER, 20)
    found = outcome(story)
    assert (found.place, found.end, found.is_disputed) == (Place.A, CLIENT, True)


def test_a_hard_clue_decides_against_others() -> None:
    found = outcome(Segments((64, 61)).handshake(20_000, 20).marked(client=IN, server=OUT))
    assert (found.place, found.end, found.is_disputed) == (Place.B, SERVER, True)


def test_hard_clues_that_contradict_each_other_decide_nothing() -> None:
    client, server = Marks(packet_type=0, unfinished_checksum=True), Marks(packet_type=4, unfinished_checksum=False)
    found = outcome(exchange((64, 61)).marked(client=client, server=server))
    assert (found.place, found.end, found.is_disputed) == (Place.UNKNOWN, None, True)


def test_on_one_subnet_with_a_short_round_trip_it_is_not_determinable() -> None:
    found = outcome(Segments().handshake(60, 10).add(200, CLIENT, 10))
    assert (found.place, found.clues) == (Place.UNKNOWN, ())


def test_a_hard_clue_decides_there_too() -> None:
    assert captured_at(Segments().handshake(60, 10).marked(client=OUT, server=IN).connection) == CLIENT


def test_two_ends_with_one_address() -> None:
    connection = exchange().connection
    connection.b = Endpoint("10.0.0.1:9092")
    found = vantage_of(connection)
    assert found.place is Place.BOTH
    assert found.end is None
    assert found.is_at(connection.a)
    assert found.is_at(connection.b)


# A pause -------------------------------------------------------------------------------------------------------------


def paused(client_step: int, server_step: int) -> Story:
    """Both sides' timestamps; from 5 s on each is ahead by so many seconds."""
    story = Story().handshake()
    for second in range(1, 10):
        story.data(second, CLIENT).data(second + 0.010, SERVER)
        ahead = (client_step, server_step) if second >= 5 else (0, 0)
        story.marked(second, timestamp=1_000_000 + 1000 * (second + ahead[0]))
        story.marked(second + 0.010, timestamp=5_000_010 + 1000 * (second + ahead[1]))
    return story


@pytest.mark.parametrize(
    ("client_step", "server_step", "where"), [(0, 22, Place.A), (22, 0, Place.B), (22, 22, None), (0, 0, None)]
)
def test_a_capture_that_stood_still_with_a_host_was_taken_there(
    client_step: int, server_step: int, where: Place | None
) -> None:
    """Where both clocks went on, the capture's was set back."""
    connection = build_index(paused(client_step, server_step).numbered()).connections[0]
    assert place(pause_clue(connection)) is where
