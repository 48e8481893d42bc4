"""What is told of keep-alive intervals where the capture has no frame of anybody."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.keepalive import capture_rested, keepalive_sentence, missed_until
from tests.pyreport.cases import CLIENT, SERVER, Story, case_in, case_of, gap_before_close, reading_of, steady_neighbour


def probed(again: float, *, seen: bool) -> Case:
    """Probes every 5 s until 26 s, the next one at ``again``, and the server's FIN. ``seen``: others are seen all the
    time, so that none of the client's is missing from the capture.
    """
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER)
    for seconds in (6.0, 11.0, 16.0, 21.0, 26.0, again):
        story.probe(seconds)
    story.fin(again + 0.5, SERVER, 1.0)
    others = (steady_neighbour(1, again + 1.0),) if seen else ()
    index, span = reading_of(story, *others, lasts=again + 1.0, alone=True)
    return case_in(index, span, local=CLIENT)


@pytest.mark.parametrize(
    ("again", "seen", "rests", "missed"),
    [
        (46.0, False, True, 0),  # nobody knows whether three were sent
        (46.0, True, False, 3),
        (31.0, False, False, 0),
    ],
)
def test_that_no_interval_was_missed_is_not_said_of_time_without_a_frame(
    again: float, seen: bool, rests: bool, missed: int
) -> None:
    case = probed(again, seen=seen)
    assert bool(case.span.holes) is rests
    told = keepalive_sentence(case)
    assert told is not None
    assert (capture_rested(case, case.local), told.values["rested"], told.values["missed"]) == (rests, rests, missed)


def test_a_rest_after_the_close_is_nobodys() -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(2.0).probe(3.0).probe(4.0)
    story.fin(4.5, SERVER, 1.0).data(60.0, CLIENT)
    index, span = reading_of(story, lasts=60.0, alone=True)
    case = case_in(index, span, local=CLIENT)
    assert not capture_rested(case, case.local)


def test_a_rest_before_the_first_probe_is_no_time_in_which_one_was_due() -> None:
    """Another connection's probes show that the capture has a hole; of this one none is due in it."""
    other = Story("10.0.0.1:41000", stream=1).data(0.5, "10.0.0.1:41000")
    for seconds in (6.0, 11.0, 16.0, 21.0, 26.0, 46.0, 51.0, 56.0):
        other.probe(seconds + 0.1)
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER)
    for seconds in (46.0, 51.0, 56.0):
        story.probe(seconds)
    story.fin(56.5, SERVER, 1.0)
    index, span = reading_of(story, other, lasts=60.0, alone=True)
    case = case_in(index, span, local=CLIENT)
    assert [case.connection.frame(hole.frame) is not None for hole in span.holes] == [True]
    assert not capture_rested(case, case.local)


def test_the_intervals_of_a_gap_count_from_the_time_when_its_first_probe_was_due() -> None:
    case = case_of(gap_before_close(), local=CLIENT)
    (missed,) = case.connection.missed(case.local)
    assert missed.intervals == 3
    assert missed_until(case, case.local, missed.due_at_ns) == 3
    assert missed_until(case, case.local, missed.due_at_ns - 1) == 0
