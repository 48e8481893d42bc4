"""RSTs that came sooner than the host that they name answers, and those that only look so."""

from __future__ import annotations

import pytest

from pyreport.diagnosis import diagnose
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict
from pyreport.frames.frame import FLAG_ACK, FLAG_RST
from tests.pyreport.cases import CLIENT, SERVER, case_in
from tests.pyreport.segments import Segments
from tests.pyreport.told import ids

SECOND = 1_000_000  # in the stories' microseconds
ROUND_TRIP = 28_000
NEAR, FAR = 64, 61
PATH, PEER = Attribution.NETWORK_PATH, Attribution.PEER_SERVICE


def talked(turns: int) -> Segments:
    story = Segments((NEAR, FAR)).handshake(ROUND_TRIP, 20)
    for turn in range(1, turns + 1):
        story.add(turn * SECOND, CLIENT, 100).add(turn * SECOND + ROUND_TRIP, SERVER, 200)
        story.add(turn * SECOND + ROUND_TRIP + 10, CLIENT)
    return story


def refused(story: Segments, delay: int, *before: tuple[int, int], flags: int = FLAG_RST, limit: int = FAR) -> Verdict:
    """The request after a minute's silence draws an RST after so many us; ``before`` are segments that the client sends
    before that, at so many us after it began, with so much payload.
    """
    last = 60 * SECOND
    for us, length in before or ((0, 100),):
        story.add(last + us, CLIENT, length)
        at = last + us
    story.limits[SERVER] = limit
    story.add(at + delay, SERVER, flags=flags, ack=0 if flags == FLAG_RST else None)
    return diagnose(case_in(story.index(), story.span()))[1]


@pytest.mark.parametrize(
    ("turns", "delay", "confidence", "shares"),
    [
        (4, ROUND_TRIP // 7, Confidence.LIKELY, (PATH,)),
        (4, ROUND_TRIP // 20, Confidence.LIKELY, (PATH,)),
        # Few answers have shown how long that host takes.
        (1, ROUND_TRIP // 7, Confidence.POSSIBLE, (PATH, PEER)),
        (0, ROUND_TRIP // 7, Confidence.POSSIBLE, (PATH, PEER)),
    ],
)
def test_an_rst_at_a_share_of_the_round_trip_was_made_nearer(
    turns: int, delay: int, confidence: Confidence, shares: tuple[Attribution, ...]
) -> None:
    verdict = refused(talked(turns), delay)
    assert (verdict.kind, verdict.confidence, verdict.attribution) == (Kind.MIDDLEBOX_CLOSED, confidence, shares)


@pytest.mark.parametrize("turns", [0, 4])
@pytest.mark.parametrize("delay", [ROUND_TRIP * 6 // 10, ROUND_TRIP, ROUND_TRIP * 3])
def test_an_rst_that_takes_as_long_as_an_answer_may_be_one(turns: int, delay: int) -> None:
    assert refused(talked(turns), delay).kind is not Kind.MIDDLEBOX_CLOSED


def test_another_hop_limit_and_too_soon_are_two_signs() -> None:
    verdict = refused(talked(1), ROUND_TRIP // 7, limit=250)
    assert (verdict.kind, verdict.confidence, verdict.attribution) == (
        Kind.MIDDLEBOX_CLOSED,
        Confidence.LIKELY,
        (PATH,),
    )
    alone = refused(talked(4), ROUND_TRIP, limit=250)
    assert (alone.kind, alone.confidence) == (Kind.MIDDLEBOX_CLOSED, Confidence.POSSIBLE)


@pytest.mark.parametrize("first", [100, 0])
def test_the_answer_to_an_earlier_segment_is_not_too_soon_for_the_last(first: int) -> None:
    """Data, or an ACK alone, a round trip before: its answer comes 1 ms after the next segment."""
    verdict = refused(talked(4), 1000, (0, first), (ROUND_TRIP - 1000, 100))
    assert verdict.kind is not Kind.MIDDLEBOX_CLOSED
    assert "reset-answers-too-soon" not in ids(verdict.claims)


def test_segments_of_one_moment_are_no_earlier_ones() -> None:
    verdict = refused(talked(4), 1000, (0, 100), (50, 100))
    assert (verdict.kind, verdict.confidence) == (Kind.MIDDLEBOX_CLOSED, Confidence.LIKELY)


def test_what_a_socket_sends_unasked_is_no_answer() -> None:
    """An RST with an ACK that covers the request, which no host without the connection sends."""
    assert refused(talked(4), ROUND_TRIP // 7, flags=FLAG_RST | FLAG_ACK).kind is Kind.PEER_RESET
