"""Full segments that do not pass while small ones do, at the edges of what tells it."""

from __future__ import annotations

import pytest

from pyreport.base.claim import claim
from pyreport.diagnosis.result import Explanation, Status
from pyreport.frames.capture_hints import Marks
from pyreport.quality import Flaw, FlawId, RestsOn
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number, weigh
from tests.pyreport.told import ids, told

COPIES = (5.0, 5.3, 5.9, 7.1, 9.5)


def sent(count: int = len(COPIES), heard: tuple[float, ...] = (5.5, 6.5, 7.05), passed: int = 0) -> Explanation:
    """Full segments of the server that do not arrive, while the client is heard at these times."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    if passed:
        story.data(2.0, SERVER, passed).frame(2.1, CLIENT)
    story.sent_again(SERVER, *COPIES[:count], length=1448)
    for seconds in heard:
        story.frame(seconds, CLIENT)
    return weigh("mtu_black_hole", case_of(story, lasts=30.0))


@pytest.mark.parametrize(("count", "status"), [(3, Status.NO_EVIDENCE), (4, Status.POSSIBLE), (5, Status.POSSIBLE)])
def test_four_copies_of_which_none_arrived_are_told(count: int, status: Status) -> None:
    found = sent(count, (5.5, 6.5, 7.05, 8.5)[: count - 1])
    assert found.status is status
    if status is Status.POSSIBLE:  # that the client is heard shows the way back alone
        said = told(found.evidence, "mtu-sent-again")
        assert said.frames == tuple(map(number, COPIES[:count]))
        assert (said.values["frame"], said.values["repeats"], said.values["octets"]) == (number(5.0), count - 1, 1448)
        assert said.values["lasted"] == round((COPIES[count - 1] - 5.0) * 1e9)
        assert told(found.evidence, "mtu-largest-passed").frames == (number(1.0),)


@pytest.mark.parametrize("sends", [(5.0, 5.3), COPIES])
def test_a_copy_of_a_mirror_port_is_no_segment_sent_again(sends: tuple[float, ...]) -> None:
    """Two sends with a twin each, two milliseconds behind it, are not four."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    story.sent_again(SERVER, *(time for sent in sends for time in (sent, sent + 0.002)), length=1448)
    for seconds in (5.2, 5.5, 6.5, 7.05):
        story.frame(seconds, CLIENT)
    found = weigh("mtu_black_hole", case_of(story, lasts=30.0))
    assert (found.status is Status.POSSIBLE) is (sends == COPIES)
    if sends == COPIES:
        assert told(found.evidence, "mtu-sent-again").values["repeats"] == len(COPIES) - 1


@pytest.mark.parametrize(
    ("passed", "status"), [(0, Status.POSSIBLE), (1447, Status.POSSIBLE), (1448, Status.RULED_OUT)]
)
def test_a_segment_as_large_that_passed_rules_it_out(passed: int, status: Status) -> None:
    found = sent(passed=passed)
    assert found.status is status
    if status is Status.RULED_OUT:
        assert told(found.evidence, "mtu-as-large-passed").frames == (number(2.0),)


def with_a_hole(octets: int, came: int = 100, *, opens: bool = True) -> Explanation:
    """Captured at the receiver, which never sees so many octets of the server, and small segments behind them."""
    story = Story().handshake() if opens else Story()
    story.data(0.9, CLIENT).data(1.0, SERVER, came).frame(1.1, CLIENT)
    story.after_unseen(5.0, SERVER, octets)
    for seconds in (5.01, 6.5, 8.0, 9.0):
        story.frame(seconds, CLIENT)
    story.frame(6.0, SERVER).frame(7.5, SERVER)
    return weigh("mtu_black_hole", case_of(story, lasts=10.0, local=CLIENT))


@pytest.mark.parametrize(("octets", "status"), [(536, Status.NO_EVIDENCE), (537, Status.SUPPORTED)])
def test_a_hole_that_one_packet_of_576_octets_fills_is_of_nothing_too_large(octets: int, status: Status) -> None:
    """Every path passes such packets (RFC 791 section 3.1): what is missing was lost for another reason."""
    assert with_a_hole(octets).status is status


@pytest.mark.parametrize(("came", "status"), [(1_199, Status.SUPPORTED), (1_200, Status.NO_EVIDENCE)])
def test_a_hole_of_a_size_that_came_before_is_of_nothing_too_large(came: int, status: Status) -> None:
    assert with_a_hole(1_200, came).status is status


def test_where_the_capture_lacks_the_syn_nobody_knows_what_is_full() -> None:
    assert with_a_hole(1_448, opens=False).status is Status.SUPPORTED


def test_a_hole_as_large_as_nothing_that_came_is_told_with_what_it_lies_between() -> None:
    found = with_a_hole(1448)
    assert found.status is Status.SUPPORTED
    said = told(found.evidence, "mtu-hole")
    assert said.frames[:2] == (number(1.0), number(5.0))
    assert said.values["octets"] == 1448


def test_who_is_not_heard_meanwhile_may_be_gone() -> None:
    assert sent(heard=()).status is Status.NO_EVIDENCE
    assert sent(heard=(5.0 + 0.001,)).status is Status.NO_EVIDENCE
    assert sent(heard=(20.0, 21.0, 22.0)).status is Status.NO_EVIDENCE


IPV6 = ("[2001:db8::1]:40000", "[2001:db8::2]:9092")


@pytest.mark.parametrize(
    ("ends", "octets", "is_weighed"),
    [((CLIENT, SERVER), 536, False), ((CLIENT, SERVER), 537, True), (IPV6, 1_220, False), (IPV6, 1_221, True)],
)
def test_what_every_path_passes_with_the_smallest_headers_is_no_black_hole(
    ends: tuple[str, str], octets: int, is_weighed: bool
) -> None:
    """RFC 791: 576 octets, with 40 of headers; RFC 8200: 1,280, with 60."""
    client, server = ends
    story = Story(client, server).handshake().data(0.9, client).data(1.0, server).frame(1.1, client)
    story.sent_again(server, *COPIES, length=octets)
    for seconds in (5.5, 6.5, 7.05):
        story.frame(seconds, client)
    assert (weigh("mtu_black_hole", case_of(story, lasts=30.0)).status is Status.POSSIBLE) is is_weighed


@pytest.mark.parametrize(
    ("largest", "status"), [(1419, Status.SUPPORTED), (1420, Status.RULED_OUT), (1460, Status.RULED_OUT)]
)
def test_a_segment_that_is_full_but_for_its_options_passed_and_rules_a_hole_out(largest: int, status: Status) -> None:
    """The receiver takes 1,460 octets, of which options take 40 at most (RFC 9293 section 3.7.1)."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    for seconds in (0.0, 0.010):
        story.marks[number(seconds)] = Marks(mss=1_460)
    story.after_unseen(5.0, SERVER, 1_461)
    for seconds in (5.01, 6.5, 8.0, 9.0):
        story.frame(seconds, CLIENT)
    story.data(6.0, SERVER, largest).frame(7.5, SERVER)
    assert weigh("mtu_black_hole", case_of(story, lasts=10.0, local=CLIENT)).status is status


@pytest.mark.parametrize(("times", "status"), [((5.0, 5.3, 5.9, 7.0), True), ((5.0, 5.3, 5.9, 6.999), False)])
def test_two_seconds_of_copies_are_more_than_a_queue(times: tuple[float, ...], status: bool) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    story.sent_again(SERVER, *times, length=1448)
    for seconds in (5.5, 6.1, 6.9):
        story.frame(seconds, CLIENT)
    assert (weigh("mtu_black_hole", case_of(story, lasts=30.0)).status is Status.POSSIBLE) is status


@pytest.mark.parametrize(
    ("copies", "status"), [((5.0, 7.0, 9.0), Status.NO_EVIDENCE), ((5.0, 7.0, 9.0, 11.0), Status.POSSIBLE)]
)
def test_three_repeats_are_needed_however_long_they_take(copies: tuple[float, ...], status: Status) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    story.sent_again(SERVER, *copies, length=1448)
    for seconds in (5.5, 6.5, 7.5, 8.5, 9.5, 10.5):
        story.frame(seconds, CLIENT)
    assert weigh("mtu_black_hole", case_of(story, lasts=30.0)).status is status


@pytest.mark.parametrize(
    ("then", "small", "status"),
    [
        ("data", True, Status.POSSIBLE),
        ("data", False, Status.NO_EVIDENCE),  # it is alive, and the path may lose all that goes to it
        ("", True, Status.NO_EVIDENCE),
    ],
)
def test_what_the_other_side_sends_later_shows_that_no_copy_came_and_something_small_did(
    then: str, small: bool, status: Status
) -> None:
    """Its later segment acknowledges nothing of the copies; it heeded an acknowledgment, which is small."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    story.sent_again(SERVER, *COPIES[:1], length=1448)
    if small:
        story.data(5.1, CLIENT).frame(5.12, SERVER)
        story.lost.add(number(5.12))  # so that the client's acknowledgment stays where it is
    for seconds in COPIES[1:]:
        story.frame(seconds, SERVER, length=1448, retransmission=True)
        story.lost.add(number(seconds))
    if then:
        story.data(11.0, CLIENT)
    found = weigh("mtu_black_hole", case_of(at_the_server(story), lasts=30.0, local=CLIENT))
    assert found.status is status
    if status is Status.POSSIBLE:
        assert ids(found.evidence) == [
            "mtu-sent-again", "mtu-small-pass", "wait-data-went-on-without", "mtu-no-message",
        ]  # fmt: skip


def test_in_a_capture_of_one_direction_copies_alone_tell_of_no_size() -> None:
    """Evenly apart they may be copies of anything, and what the other side sends is not there."""
    story = Story().data(1.0, SERVER).sent_again(SERVER, 5.0, 5.6, 6.2, 6.8, 7.4, length=1448)
    flaw = Flaw(FlawId.ONE_SIDED, claim("quality-one-direction", (1,), silent=CLIENT), (RestsOn.ANSWERS,))
    found = weigh("mtu_black_hole", case_of(story, lasts=30.0, local=CLIENT, flaws=(flaw,)))
    assert found.status is Status.NO_EVIDENCE
