"""The first segment after a silence, refused or dropped."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.first_after_silence import FirstAfterSilence, first_after_silence
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number


def asked() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER)


def refused(asks: float) -> FirstAfterSilence | None:
    """Data of the client that the server answers by an RST; the last segment before it came at 4.0 s."""
    story = asked().data(3.9, CLIENT).frame(4.0, SERVER).data(asks, CLIENT)
    return first_after_silence(case_of(story.reset(asks + 0.1, SERVER, "data", asks)))


@pytest.mark.parametrize(("asks", "is_silence"), [(5.999, False), (6.0, True), (60.0, True)])
def test_two_seconds_are_a_silence(asks: float, is_silence: bool) -> None:
    found = refused(asks)
    assert (found is not None) is is_silence
    if found is not None:
        assert (found.asker, found.silent) == (CLIENT, SERVER)
        assert (found.before.number, found.silence_ns) == (number(4.0), round((asks - 4.0) * 1e9))
        assert [frame.number for frame in found.asks] == [number(asks)]
        assert found.reset is not None
        assert found.reset.number == number(asks + 0.1)
        assert found.outlived is not None
        assert tuple(frame.number for frame in found.outlived) == (number(1.0), number(3.9))
        assert found.outlived_ns == 2_900_000_000


@pytest.mark.parametrize(("count", "is_dropped"), [(3, False), (4, True), (6, True)])
def test_three_repeats_in_vain_were_dropped(count: int, is_dropped: bool) -> None:
    story = asked().sent_again(CLIENT, *(30.0, 30.3, 30.9, 32.1, 34.5, 39.3)[:count])
    found = first_after_silence(case_of(story, lasts=90.0))
    assert (found is not None) is is_dropped
    if found is not None:
        assert (found.reset, len(found.asks), found.before.number) == (None, count, number(1.0))


def test_what_began_the_capture_followed_no_silence_of_it() -> None:
    story = Story().sent_again(CLIENT, 30.0, 30.3, 30.9, 32.1, 34.5)
    assert first_after_silence(case_of(story, lasts=90.0)) is None


def test_what_came_after_a_fin_is_no_matter_of_a_silence() -> None:
    story = asked().fin(9.0, SERVER, 1.0).sent_again(CLIENT, 30.0, 30.3, 30.9, 32.1, 34.5)
    assert first_after_silence(case_of(story, lasts=90.0)) is None


def test_what_waited_before_the_silence_was_not_dropped_for_it() -> None:
    """Older data was outstanding already."""
    story = asked().data(1.5, CLIENT)
    story.lost.add(number(1.5))
    story.sent_again(CLIENT, 30.0, 30.3, 30.9, 32.1, 34.5)
    assert first_after_silence(case_of(story, lasts=90.0)) is None


def test_nothing_was_outlived_where_one_segment_came_before() -> None:
    story = Story().data(1.0, SERVER).data(9.0, CLIENT).reset(9.1, SERVER, "data", 9.0)
    found = first_after_silence(case_of(story, local=CLIENT))
    assert found is not None
    assert (found.outlived, found.outlived_ns, found.silence_ns) == (None, 0, 8_000_000_000)


def test_probes_that_were_answered_in_the_end_were_not_dropped() -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    for seconds in (60.0, 65.0, 70.0, 75.0, 80.0):
        story.probe(seconds, answered=False)
    story.expected.clear()
    assert first_after_silence(case_of(story, lasts=81.0)) is not None
    assert first_after_silence(case_of(story.probe(85.0), lasts=120.0)) is None


def test_data_that_went_with_a_fin_did_not_come_after_it() -> None:
    story = asked()
    for seconds in (30.0, 30.3, 30.9, 32.1, 34.5):
        story.frame(seconds, CLIENT, flags=FLAG_FIN | FLAG_ACK, length=100, retransmission=seconds > 30.0)
        story.lost.add(number(seconds))
    found = first_after_silence(case_of(story, lasts=90.0))
    assert found is not None
    assert [frame.number for frame in found.asks] == [number(at) for at in (30.0, 30.3, 30.9, 32.1, 34.5)]


def test_an_rst_of_the_asker_itself_refused_nothing() -> None:
    """It gave up what had been dropped."""
    story = asked().sent_again(CLIENT, 30.0, 30.3, 30.9, 32.1, 34.5).frame(60.0, CLIENT, flags=FLAG_RST | FLAG_ACK)
    case = case_of(story, lasts=90.0, local=CLIENT)
    assert case.ending.reset is not None
    assert case.ending.reset.cause_frame is not None
    found = first_after_silence(case)
    assert found is not None
    assert (found.reset, len(found.asks)) == (None, 5)
