"""Payload and a FIN that passed each other, whichever end closed, and what became of the payload."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Claim
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.crossing import crossed_fins, crossing
from pyreport.diagnosis.result import Kind
from pyreport.diagnosis.thresholds import IN_FLIGHT_NS
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from pyreport.narrative.key_facts import key_facts
from tests.pyreport.cases import CLIENT, SERVER, Story, case_in, case_of, number
from tests.pyreport.segments import Segments
from tests.pyreport.told import ids

ENDS = [pytest.param(CLIENT, id="client closes"), pytest.param(SERVER, id="server closes")]


def asked() -> Story:
    return Story().handshake().data(1.0, CLIENT).frame(1.01, SERVER).data(1.1, SERVER).frame(1.11, CLIENT)


def crossed(closer: str, sent: float) -> Story:
    """The closer's FIN at 13.1 s and payload of the other end, neither of which got there; both ends speak on."""
    story = asked()
    other = story.other(closer)
    story.frame(13.1, closer, flags=FLAG_FIN | FLAG_ACK).data(sent, other)
    story.lost |= {number(13.1), number(sent)}
    story.frame(13.15, other).frame(13.2, closer, flags=FLAG_FIN | FLAG_ACK, retransmission=True)
    story.lost |= {number(13.15), number(13.2)}
    return story


def case_with(story: Story) -> Case:
    return case_of(story, local=CLIENT)


@pytest.mark.parametrize("closer", ENDS)
@pytest.mark.parametrize("sent", [13.09, 13.11])
def test_what_crossed_is_refused_taken_in_or_neither(closer: str, sent: float) -> None:
    story = crossed(closer, sent)
    other = story.other(closer)
    found = crossing(case_with(story))
    assert found is not None
    assert (found.fin.number, found.request.number) == (number(13.1), number(sent))
    assert (found.taken_in, found.refused_by) == (None, None)

    refused = crossed(closer, sent).frame(13.3, closer, flags=FLAG_RST)
    found = crossing(case_with(refused))
    assert found is not None
    assert found.refused_by is not None
    assert (found.taken_in, found.refused_by.number) == (None, number(13.3))

    story.frame(13.3, other, length=100, retransmission=True).frame(13.31, closer).frame(13.4, closer)
    found = crossing(case_with(story))
    assert found is not None
    assert found.taken_in is not None
    assert (found.taken_in.number, found.refused_by) == (number(13.31), None)


@pytest.mark.parametrize("closer", ENDS)
def test_an_rst_behind_what_was_taken_in_refuses_something_else(closer: str) -> None:
    story = crossed(closer, 13.11)
    story.frame(13.3, story.other(closer), length=100, retransmission=True).frame(13.31, closer)
    found = crossing(case_with(story.frame(13.4, closer, flags=FLAG_RST)))
    assert found is not None
    assert (found.taken_in is not None, found.refused_by) == (True, None)


@pytest.mark.parametrize("closer", ENDS)
def test_one_octet_may_cross(closer: str) -> None:
    story = asked()
    story.frame(13.1, closer, flags=FLAG_FIN | FLAG_ACK).data(13.11, story.other(closer), length=1)
    story.lost |= {number(13.1), number(13.11)}
    found = crossing(case_with(story))
    assert found is not None
    assert found.request.number == number(13.11)


@pytest.mark.parametrize("closer", ENDS)
def test_what_one_end_knew_crossed_nothing(closer: str) -> None:
    """The other end had the FIN; or the closer had the payload; or what was sent is no payload."""
    knew = asked()
    other = knew.other(closer)
    knew.frame(13.1, closer, flags=FLAG_FIN | FLAG_ACK).data(13.11, other)
    assert crossing(case_with(knew)) is None
    had = asked().data(13.09, other).frame(13.1, closer, flags=FLAG_FIN | FLAG_ACK)
    assert crossing(case_with(had)) is None
    empty = asked().frame(13.1, closer, flags=FLAG_FIN | FLAG_ACK)
    empty.lost.add(number(13.1))
    assert crossing(case_with(empty.frame(13.11, other))) is None
    assert crossing(case_with(asked())) is None


@pytest.mark.parametrize("closer", ENDS)
def test_what_was_sent_longer_ago_than_a_round_trip_and_the_first_timer_was_lost(closer: str) -> None:
    """The first of what did not get there counts, to the millisecond."""
    way_ns = IN_FLIGHT_NS + round_trip_ns(case_with(asked()).connection)
    way = round(way_ns / 1e9, 3)
    assert round(way * 1e9) == way_ns > IN_FLIGHT_NS
    for earlier, crosses in ((way, True), (way + 0.001, False)):
        assert (crossing(case_with(crossed(closer, 13.1 - earlier))) is not None) is crosses


@pytest.mark.parametrize("closer", ENDS)
@pytest.mark.parametrize("late", [False, True])
def test_a_fin_that_never_came_crossed_nothing(closer: str, late: bool) -> None:
    """What is sent later than the path takes had the FIN, or the FIN was lost."""
    story = asked()
    apart = (IN_FLIGHT_NS + round_trip_ns(case_with(asked()).connection)) / 1e9
    sent = 13.1 + apart + (0.01 if late else -0.01)
    story.frame(13.1, closer, flags=FLAG_FIN | FLAG_ACK).data(sent, story.other(closer))
    story.lost |= {number(13.1), number(sent)}
    assert (crossing(case_with(story)) is None) is late


def closing_both(second: int, ack_of_first: bool) -> Case:
    """A round trip of 20 ms, captured at the client; the server's FIN comes in so many us after the client's."""
    story = Segments().handshake(20_000, 20).add(1_000_000, CLIENT, 100).add(1_020_000, SERVER, 200)
    story.add(1_020_010, CLIENT)
    known = story.next[CLIENT]
    story.add(9_000_000, CLIENT, flags=FLAG_FIN | FLAG_ACK)
    story.add(9_000_000 + second, SERVER, flags=FLAG_FIN | FLAG_ACK, ack=None if ack_of_first else known)
    story.add(9_000_040 + second, CLIENT).add(9_021_000 + second, SERVER)
    return case_in(story.index(), story.span())


@pytest.mark.parametrize("second", [50, 10_000, 24_000])
def test_fins_that_do_not_acknowledge_each_other_crossed(second: int) -> None:
    case = closing_both(second, ack_of_first=False)
    crossed = crossed_fins(case)
    assert crossed is not None
    assert crossed.values["apart"] == second * 1000
    verdict = diagnose(case)[1]
    assert verdict.kind is Kind.HEALTHY
    assert "close-crossed" in ids(verdict.claims)
    assert verdict.claims[0].values["first"] is False
    assert "fact-closers-both" in [fact.value.id for fact in key_facts(case) if isinstance(fact.value, Claim)]


@pytest.mark.parametrize(("second", "ack_of_first"), [(20_050, True), (26_000, False), (3_000_000, False)])
def test_a_fin_that_answers_or_comes_long_after_crossed_nothing(second: int, ack_of_first: bool) -> None:
    """A server that never got the client's FIN closes by itself, later."""
    case = closing_both(second, ack_of_first)
    assert crossed_fins(case) is None
    assert diagnose(case)[1].claims[0].values["first"] is True
