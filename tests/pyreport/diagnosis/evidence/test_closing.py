"""The sentence that says who closed, and how long after what."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Claim
from pyreport.base.units import NS_PER_S
from pyreport.connections.ending import farewell_of
from pyreport.diagnosis.evidence.closing import closed_first, reset_followed
from pyreport.diagnosis.evidence.replies import is_leave, open_request
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN
from tests.dissector.trace import OPEN
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number
from tests.pyreport.diagnosis.evidence.test_second_clock import inside
from tests.pyreport.traced import case_of_trace


@pytest.mark.parametrize(
    ("before", "identifier"),
    [(OPEN, "close-after-farewell"), ("54.000 other", "close-with-data")],
    ids=["an exchange before it", "the capture begins with it"],
)
def test_data_beside_a_fin_is_leave_only_behind_an_exchange(before: str, identifier: str) -> None:
    """The first data that a capture shows may be a request: nobody knows what was said before."""
    case = case_of_trace(f"{before}\n61.000 client FIN len=20 : fin\n61.001 server ACK : fin_ack\n62.000 other")
    fin = case.ending.fin
    assert fin is not None
    told = closed_first(case, fin)
    assert isinstance(told, Claim)
    assert told.id == identifier
    request = open_request(case)
    assert request is not None
    is_farewell = identifier == "close-after-farewell"
    assert (farewell_of(fin) is not None, is_leave(case, request)) == (is_farewell, is_farewell)


@pytest.mark.parametrize("farewell", [0, 40])
def test_a_close_after_the_handshake_tells_what_was_sent_unasked(farewell: int) -> None:
    story = Story().handshake()
    if farewell:
        story.data(30.0, SERVER, farewell)
    case = case_of(story.answering_fin(30.001, SERVER), lasts=60.0)
    assert case.ending.fin is not None
    told = closed_first(case, case.ending.fin)
    assert (told.id, told.values["sent"]) == ("close-after-handshake", farewell)


@pytest.mark.parametrize(("delay", "counts", "told"), [
    (0.004, False, "reset-answers-too-soon"),
    (0.029, False, "reset-answers"),
    (0.004, True, "reset-answers"),  # its own socket may abort at any time
])  # fmt: skip
def test_an_rst_that_comes_too_soon_to_be_an_answer(delay: float, counts: bool, told: str) -> None:
    story = Story()
    story.frame(0.0, CLIENT, flags=FLAG_SYN).frame(0.030, SERVER, flags=FLAG_SYN | FLAG_ACK).frame(0.031, CLIENT)
    for index, seconds in enumerate((1.0, 2.0, 3.0, 4.0, 5.0)):
        story.data(seconds, CLIENT).data(seconds + 0.030, SERVER).frame(seconds + 0.031, CLIENT)
        if counts:
            story.marked(seconds + 0.030, ip_id=100 + index)
    cause = round(61.0 - delay, 3)
    story.data(cause, CLIENT).reset(61.0, SERVER, "data", cause)
    if counts:
        story.marked(61.0, ip_id=105)
    case = case_of(story, lasts=90.0)
    assert case.ending.reset is not None
    found = reset_followed(case.connection, case.ending.reset)
    assert (found.id, found.frames) == (told, (number(cause), number(61.0)))
    assert found.values.get("delay", round(delay * 1e9)) == round(delay * 1e9)


def test_a_close_while_the_capture_stood_still_is_told_by_both_clocks() -> None:
    """The capture stood still with its host for 7 s of the 14 s."""
    case = inside()
    assert case.ending.fin is not None
    said = closed_first(case, case.ending.fin)
    assert said.id == "close-after-data-two-clocks"
    assert (said.values["idle"], said.values["capture"]) == (14 * NS_PER_S, 7 * NS_PER_S)
