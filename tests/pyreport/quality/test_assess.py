"""What is wrong with a capture, and what that weakens."""

from __future__ import annotations

import pytest

from pyreport.base.claim import claim
from pyreport.capture.pcapng import DropCounters
from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.result import Kind
from pyreport.frames.capture_hints import Marks
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, CaptureSpan
from pyreport.quality import Flaw, FlawId, Quality, RestsOn, assess
from pyreport.quality.copies import copies
from pyreport.quality.packet_counter import CounterGap, counter_gaps
from pyreport.quality.sequence_gaps import Unseen, unseen
from tests.pyreport import cases
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    START_NS,
    Story,
    case_of,
    reading_of,
    steady_neighbour,
    verdict_of,
)
from tests.pyreport.segments import MS, US, Segments


def exchange() -> Segments:
    """A whole connection: handshake, a request and its answer."""
    story = Segments((64, 61)).handshake(20_000, 20)
    return story.add(30_000, CLIENT, 100).add(50_000, SERVER, 500).add(50_050, CLIENT)


def quality_of(story: Segments, **given: object) -> Quality:
    span = given.pop("span", None) or story.span()
    index = story.index()
    return assess(index.connections[0], index, span, **given)  # type: ignore[arg-type]


def flaw(found: Quality, flaw_id: FlawId) -> Flaw:
    (only,) = [flaw for flaw in found.flaws if flaw.id == flaw_id]
    return only


def test_a_sound_capture_has_no_flaw() -> None:
    found = quality_of(exchange(), drops=DropCounters(0, 0), log_ns=START_NS)
    assert found.flaws == ()
    assert found.vantage.end == CLIENT


# Octets that nobody saw ----------------------------------------------------------------------------------------------


def reopened(challenge: int) -> Segments:
    """A client that has forgotten its connection opens one on the same ports: the server acknowledges what it has
    of the old one (``challenge``: how far ahead its numbers are), the client refuses that, and its next SYN is taken.
    """
    story = Segments((64, 61)).add(0, CLIENT, flags=FLAG_SYN)
    story.add(20_000, SERVER, seq=2_000 - challenge, ack=5_000_000)
    story.add(20_020, CLIENT, flags=FLAG_RST, seq=5_000_000)
    story.add(1_000_000, CLIENT, flags=FLAG_SYN, seq=1_000, retransmission=True)
    story.add(1_020_000, SERVER, flags=FLAG_SYN | FLAG_ACK).add(1_020_020, CLIENT)
    story.add(1_030_000, CLIENT, 100).add(1_050_000, SERVER, 500)
    return story.add(1_050_050, CLIENT)


@pytest.mark.parametrize("challenge", [77_000_000, -77_000_000])
def test_what_a_server_still_has_of_an_earlier_connection_is_not_of_this_one(challenge: int) -> None:
    story = reopened(challenge)
    connection = story.index().connections[0]
    assert quality_of(story).flaws == ()
    assert all(not space_of(connection, side).outstanding for side in (CLIENT, SERVER))


def test_an_early_acknowledgment_with_no_syn_ack_after_it_counts() -> None:
    story = Segments((64, 61)).add(0, CLIENT, flags=FLAG_SYN).add(20_000, SERVER, seq=2_000, ack=1_001)
    story.add(30_000, CLIENT, 100).add(50_000, SERVER, 500, seq=2_400)
    assert story.index().connections[0].before_opening() == frozenset()
    assert unseen(story.index().connections[0], SERVER) == ()


def test_what_was_acknowledged_and_not_captured() -> None:
    story = exchange().add(60_000, SERVER, 200, captured=False).add(60_050, CLIENT)
    assert unseen(story.connection, SERVER) == (Unseen(SERVER, 200, 7),)
    assert unseen(story.connection, CLIENT) == ()
    found = flaw(quality_of(story), FlawId.LOST_FRAMES)
    assert found.claim == claim("quality-lost-frames", (7,), receiver=CLIENT, sender=SERVER, bytes=200)
    assert RestsOn.ABSENCE in found.weakens


def test_a_hole_between_captured_segments() -> None:
    story = exchange().add(60_000, SERVER, 200, captured=False).add(60_010, SERVER, 300).add(60_050, CLIENT)
    assert unseen(story.connection, SERVER) == (Unseen(SERVER, 200, 8),)


def test_a_hole_that_a_retransmission_fills_is_none() -> None:
    story = exchange().add(60_000, SERVER, 200, captured=False).add(60_010, SERVER, 300)
    story.add(260_000, SERVER, 200, seq=story.next[SERVER] - 500).add(260_050, CLIENT)
    assert unseen(story.connection, SERVER) == ()


def test_what_was_not_acknowledged_may_have_been_lost_on_the_way() -> None:
    story = exchange().add(60_000, SERVER, 200, captured=False).add(60_010, SERVER, 300)
    story.add(60_050, CLIENT, ack=story.next[SERVER] - 500)
    assert unseen(story.connection, SERVER) == ()


@pytest.mark.parametrize("flag", [FLAG_SYN, FLAG_FIN])
def test_syn_and_fin_count_one(flag: int) -> None:
    story = exchange().add(60_000, SERVER, flags=flag | FLAG_ACK, captured=False).add(60_050, CLIENT)
    assert unseen(story.connection, SERVER) == (Unseen(SERVER, 1, 7),)
    story = exchange().add(60_000, SERVER, flags=flag | FLAG_ACK).add(60_050, CLIENT)
    assert unseen(story.connection, SERVER) == ()


def test_a_capture_that_starts_with_a_probe() -> None:
    """The probe repeats the number before the next: that octet was sent long ago."""
    assert unseen(Segments().probe(0, CLIENT).add(500_000, CLIENT, 10).add(520_000, SERVER).connection, CLIENT) == ()


def test_a_capture_that_starts_in_the_middle_lacks_nothing() -> None:
    story = Segments().add(0, CLIENT, 100).add(20, SERVER, 50).add(40, CLIENT)
    assert unseen(story.connection, CLIENT) == unseen(story.connection, SERVER) == ()


def test_sequence_numbers_go_round() -> None:
    story = Segments()
    story.next[SERVER] = 2**32 - 100
    story.add(0, SERVER, 60).add(10, SERVER, 200, captured=False).add(20, SERVER, 10).add(30, CLIENT)
    assert unseen(story.connection, SERVER) == (Unseen(SERVER, 200, 3),)


def test_unbelievable_acknowledgments_are_not_believed() -> None:
    story = exchange().add(60_000, CLIENT, ack=2**31).add(60_010, CLIENT, flags=FLAG_RST | FLAG_ACK, ack=5_000)
    assert unseen(story.connection, SERVER) == ()


# The sender's own counter --------------------------------------------------------------------------------------------


def counted(ids: list[int], *, others: bool = True, length: int = 0) -> tuple[CounterGap, ...]:
    """Segments of the client with these IP identifications, another connection of its host busy in between."""
    story = Segments()
    for index, number in enumerate(ids):
        story.add(index * 1_000, CLIENT, length, marks=Marks(ip_id=number % 2**16))
    other = Segments(stream=1)
    for index in range(len(ids)):
        other.add(index * 1_000 + 500, CLIENT, 10, marks=Marks(ip_id=40_000 + 7 * index))
    index_ = story.index(other) if others else story.index()
    return counter_gaps(index_.connections[0], CLIENT, index_)


def test_a_gap_in_a_counter_of_the_connection() -> None:
    assert counted([*range(100, 110), *range(113, 118)]) == (CounterGap(CLIENT, 10, 11, 3),)


def test_a_counter_without_gaps_goes_round_as_well() -> None:
    assert counted(list(range(65_530, 65_545))) == ()


def test_a_counter_that_may_be_the_hosts_is_not_used() -> None:
    """No other connection was busy, so it never had to prove that it counts this one alone."""
    assert counted([*range(100, 110), *range(113, 118)], others=False) == ()


def test_a_counter_of_the_host_is_not_used() -> None:
    assert counted([100, 102, 104, 107, 109, 111, 113, 115]) == ()


def test_random_or_no_numbers_are_not_used() -> None:
    assert counted([100, 5_123, 61_000, 3, 777, 20_001]) == ()
    assert counted([0] * 12) == ()


def test_numbers_out_of_order_are_not_missing() -> None:
    assert counted([*range(100, 110), 111, 110, *range(112, 118)]) == ()


def test_large_segments_take_several_numbers() -> None:
    assert counted([*range(100, 106), 110, 114, *range(115, 118)], length=4_000) == ()


def test_gaps_in_the_counter_are_a_flaw() -> None:
    story = Segments()
    for index, number in enumerate([*range(100, 110), *range(111, 116)]):
        story.add(index * 1_000, CLIENT, marks=Marks(ip_id=number))
    story.add(20_000, SERVER, 10)
    other = Segments(stream=1)
    for index in range(16):
        other.add(index * 1_000 + 500, CLIENT, 10)
    index_ = story.index(other)
    found = flaw(assess(index_.connections[0], index_, story.span()), FlawId.COUNTER_GAPS)
    assert found.claim == claim("quality-counter-gap", (10, 11), side=CLIENT, packets=1)


# Copies --------------------------------------------------------------------------------------------------------------


def copied(after_us: int, *, length: int = 10, first_id: int = 7, second_id: int = 7) -> tuple[int, ...]:
    story = Segments().add(0, CLIENT, length, marks=Marks(ip_id=first_id))
    story.add(after_us, CLIENT, length, seq=1_000, marks=Marks(ip_id=second_id))
    return copies(story.connection)


def test_second_copies() -> None:
    assert copied(30) == (2,)
    assert copied(30, length=0) == (2,)


def test_what_is_no_copy() -> None:
    assert copied(200_000) == ()  # a retransmission by a system that counts no packets
    assert copied(30, second_id=8) == ()  # a packet of its own
    assert copied(30, length=0, first_id=0, second_id=0) == ()  # maybe two equal acknowledgments
    assert copied(30, first_id=0, second_id=0) == (2,)


def test_a_segment_sent_again_has_a_later_timestamp() -> None:
    """What was sent again over seconds comes in at once after a pause; without an IP identification (IPv6) only the
    timestamps tell that from copies.
    """
    story = Segments().add(0, CLIENT, 10, marks=Marks(timestamp=1_000))
    story.add(30, CLIENT, 10, seq=1_000, marks=Marks(timestamp=1_400))
    assert copies(story.connection) == ()


def test_copies_are_a_flaw_when_they_are_many() -> None:
    story = Segments()
    for index in range(20):
        story.add(index * 1_000, CLIENT, 10, marks=Marks(ip_id=index + 1))
        if index < 2:
            story.add(index * 1_000 + 5, CLIENT, 10, seq=story.next[CLIENT] - 10, marks=Marks(ip_id=index + 1))
    story.add(30_000, SERVER, 10)
    found = flaw(quality_of(story), FlawId.COPIES)
    assert found.claim == claim("quality-copies", (2, 4), copies=2, every=23)
    assert found.weakens == (RestsOn.COUNTS,)


# One direction -------------------------------------------------------------------------------------------------------


def test_one_direction_only() -> None:
    story = Segments().add(0, CLIENT, 10).add(10, SERVER, 500, captured=False).add(20, CLIENT)
    found = flaw(quality_of(story), FlawId.ONE_SIDED)
    assert found.claim == claim("quality-one-direction", (1, 2), silent=SERVER)
    assert {RestsOn.ABSENCE, RestsOn.ANSWERS} <= set(found.weakens)


def test_a_silent_peer_looks_the_same_and_that_is_said() -> None:
    story = Segments().add(0, CLIENT, 10).add(200_000, CLIENT, 10, seq=1_000)
    assert flaw(quality_of(story), FlawId.ONE_SIDED).claim == claim("quality-one-side-only", (1, 2), silent=SERVER)


def test_a_syn_without_an_answer_is_no_flaw_of_the_capture() -> None:
    story = Segments().add(0, CLIENT, flags=FLAG_SYN).add(1_000_000, CLIENT, flags=FLAG_SYN, seq=1_000)
    assert [flaw.id for flaw in quality_of(story).flaws] == ["no_data"]


def test_the_same_on_all_connections() -> None:
    story = Segments().add(0, CLIENT, 10).add(10, SERVER, 500, captured=False).add(20, CLIENT)
    index = story.index(Segments(stream=1).add(0, CLIENT, 10).add(10, SERVER, 500, captured=False).add(20, CLIENT))
    found = flaw(assess(index.connections[0], index, story.span()), FlawId.ONE_SIDED).claim
    values = {"silent": SERVER, "alike": 2, "every": 2, "everywhere": True}
    assert (found.id, found.values) == ("quality-one-direction-shared", values)


# The whole capture ---------------------------------------------------------------------------------------------------


def test_drops_that_the_file_tells() -> None:
    found = flaw(quality_of(exchange(), drops=DropCounters(2, 11)), FlawId.DROPPED)
    assert found.claim == claim("quality-dropped", total=13, interface=2, system=11)


def test_the_capture_ends_before_the_log_line() -> None:
    log_ns = START_NS + 50_050 * US + 3_000 * MS
    found = flaw(quality_of(exchange(), log_ns=log_ns), FlawId.ENDS_EARLY)
    assert found.claim == claim("quality-ends-early", (6,), early=3_000 * MS)
    assert found.weakens == (RestsOn.ENDING,)


def test_that_does_not_matter_when_the_connection_was_dead() -> None:
    story = exchange().add(60_000, SERVER, flags=FLAG_RST)
    found = flaw(quality_of(story, log_ns=START_NS + 9_000 * MS), FlawId.ENDS_EARLY)
    assert found.claim.id == "quality-ends-early-dead"
    assert found.weakens == ()


def test_the_capture_starts_after_the_log_line() -> None:
    found = flaw(quality_of(exchange(), log_ns=START_NS - 2_000 * MS), FlawId.STARTS_LATE)
    assert found.claim == claim("quality-starts-late", (1,), late=2_000 * MS)
    assert RestsOn.ENDING in found.weakens


def test_no_payload() -> None:
    found = flaw(quality_of(Segments().probe(0, CLIENT).probe(5_000_000, CLIENT)), FlawId.NO_DATA)
    assert found.weakens == (RestsOn.TIMES,)


def span_of(*milliseconds: int) -> CaptureSpan:
    span = CaptureSpan()
    for number, moment in enumerate(milliseconds, 1):
        span.cover(number, START_NS + moment * MS)
    return span


def test_a_clock_that_goes_back() -> None:
    found = flaw(quality_of(exchange(), span=span_of(0, 100, 40, 200, 190)), FlawId.CLOCK_STEPS)
    assert found.claim == claim("quality-clock-steps", (3,), steps=2, largest=60 * MS)
    assert found.weakens == (RestsOn.TIMES,)


def test_a_little_disorder_is_no_clock_step() -> None:
    span = CaptureSpan()
    for number, moment in enumerate((0, 900, 100, 1_000), 1):
        span.cover(number, START_NS + moment * US)
    assert span.largest_step_ns == 800 * US
    assert quality_of(exchange(), span=span).flaws == ()


def test_frames_that_were_cut() -> None:
    span = CaptureSpan()
    span.cover(1, START_NS, 1_514, 96)
    span.cover(2, START_NS, 66, 66)
    span.cover(3, START_NS, 1_000, 94)
    found = flaw(quality_of(exchange(), span=span), FlawId.CUT_FRAMES)
    assert found.claim == claim("quality-cut-frames", cut=2, every=3, kept=96)
    assert found.weakens == (RestsOn.PAYLOAD,)


def test_the_flaws_against_a_claim() -> None:
    found = quality_of(exchange(), drops=DropCounters(0, 1), span=span_of(0, 100, 40))
    assert [flaw.id for flaw in found.against(RestsOn.TIMES)] == ["clock_steps"]
    assert [flaw.id for flaw in found.against(RestsOn.TIMES, RestsOn.COUNTS)] == ["dropped", "clock_steps"]
    assert found.against(RestsOn.PAYLOAD) == ()


# Time without a frame ------------------------------------------------------------------------------------------------


def test_time_in_which_nobody_is_seen_proves_nothing() -> None:
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 3).data(120.0, CLIENT)
    index, span = reading_of(story, lasts=120.0, alone=True)
    found = flaw(assess(index.connections[0], index, span), FlawId.CAPTURE_HOLE)
    assert found.claim.frames == (cases.number(16.010), cases.number(120.0))
    assert found.claim.values == {"count": 1, "longest": 103_990 * MS}
    assert {RestsOn.ABSENCE, RestsOn.ANSWERS} <= set(found.weakens)
    case = case_of(story, flaws=(found,))
    assert verdict_of(case).kind is not Kind.HEALTHY


def test_silence_while_others_are_seen_is_no_hole() -> None:
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 3).data(120.0, CLIENT)
    index, span = reading_of(story, steady_neighbour(1, 120.0), lasts=120.0, alone=True)
    assert [flaw.id for flaw in assess(index.connections[0], index, span).flaws] == []


def test_a_rest_of_a_few_seconds_is_no_flaw() -> None:
    story = Story().handshake().data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0).data(15.0, CLIENT)
    index, span = reading_of(story, lasts=15.0, alone=True)
    assert [hole.length_ns // MS for hole in span.holes] == [7_990]
    assert not assess(index.connections[0], index, span).flaws


def test_a_hole_behind_the_end_of_a_connection_is_not_its() -> None:
    over = Story().handshake().data(1.0, SERVER).fin(2.0, SERVER, 1.0).answering_fin(2.1, CLIENT).frame(2.2, SERVER)
    other = Story("10.0.0.1:41001", stream=1).data(0.5, "10.0.0.1:41001").probes(3.0, 3).data(120.0, "10.0.0.1:41001")
    index, span = reading_of(over, other, lasts=120.0, alone=True)
    assert len(span.holes) == 1
    assert not any(flaw.id is FlawId.CAPTURE_HOLE for flaw in assess(index.connections[0], index, span).flaws)
