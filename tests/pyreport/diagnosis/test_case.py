"""What a case says of its connection's end."""

from __future__ import annotations

import pytest

from pyreport.frames.frame import FLAG_ACK, FLAG_RST
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number


def closed() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER)


@pytest.mark.parametrize(
    ("then", "is_lost", "seen"),
    [
        ("acknowledged", False, True),
        ("silent", True, False),
        ("silent", False, False),
        ("writes", False, True),
        ("resets", False, True),
        ("resets", True, False),
    ],
)
def test_a_fin_is_seen_when_something_covers_it(then: str, is_lost: bool, seen: bool) -> None:
    story = closed().fin(9.0, CLIENT, 1.0, acknowledged=0.01 if then == "acknowledged" else None)
    if is_lost:
        story.lost.add(number(9.0))
    if then == "writes":
        story.data(9.5, SERVER)
    elif then == "resets":
        story.frame(9.5, SERVER, flags=FLAG_RST | FLAG_ACK)
    assert case_of(story, lasts=20.0, local=CLIENT).has_seen_fin is seen


def test_what_never_closed_has_no_fin_to_be_seen() -> None:
    assert not case_of(closed(), lasts=20.0).has_seen_fin


@pytest.mark.parametrize(("close", "last"), [(None, 16.0), (13.0, 11.0), (10.999, 6.0), (3.0, None)])
def test_the_last_probe_before_the_end_is_the_local_ends_own(close: float | None, last: float | None) -> None:
    story = closed()
    for seconds in (6.0, 11.0, 16.0):
        story.probe(seconds).probe(seconds + 0.5, SERVER)
    story.expected.clear()
    if close is not None:
        story.fin(close, SERVER, acknowledged=None)
        story.expected.clear()
    found = case_of(story, lasts=16.51, local=CLIENT).last_probe_before_end
    assert (found.number if found else None) == (None if last is None else number(last))


@pytest.mark.parametrize(
    ("answers", "logged", "kept", "unnoticed"),
    [
        (12.0, None, 3.0, 3.0),
        (12.0, 15.0, 3.0, 3.0),  # it closed: what its log says later is of something else
        (None, None, 11.0, 11.0),
        (None, 30.0, 11.0, 21.0),
        (None, 15.0, 11.0, 11.0),
    ],
)
def test_how_long_a_fin_went_unnoticed(
    answers: float | None, logged: float | None, kept: float, unnoticed: float
) -> None:
    story = closed().fin(9.0, SERVER, 1.0)
    if answers is not None:
        story.answering_fin(answers, CLIENT)
    case = case_of(story, log="" if logged is None else "broken pipe", logged=logged, lasts=20.0, local=CLIENT)
    assert (case.close_wait_ns, case.fin_unnoticed_ns) == (round(kept * 1e9), round(unnoticed * 1e9))
    other = case_of(story, lasts=20.0, local=SERVER)
    assert (other.close_wait_ns, other.fin_unnoticed_ns) == (None, None)
    assert case.span.last_time_ns == at(20.0)


def test_a_probe_that_ends_the_capture_is_the_last_one() -> None:
    case = case_of(closed().probe(6.0).probe(11.0, answered=False), local=CLIENT)
    assert case.last_probe_before_end is case.connection.last
