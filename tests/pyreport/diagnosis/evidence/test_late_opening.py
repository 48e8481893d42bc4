"""A connection that opened after its SYN had been sent again and again."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.late_opening import late_opening
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, case_in, case_of, number
from tests.pyreport.segments import Segments

SYNS = (1.0, 2.0, 4.0, 8.0)


def opening(*syns: float, answered: bool = True) -> Story:
    """The client's SYNs, of which the last one is answered."""
    story = Story()
    for index, seconds in enumerate(syns):
        story.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=index > 0)
        if seconds != syns[-1] or not answered:
            story.lost.add(number(seconds))
    last = syns[-1]
    if answered:
        story.frame(last + 0.1, SERVER, flags=FLAG_SYN | FLAG_ACK).frame(last + 0.11, CLIENT)
    return story


@pytest.mark.parametrize(
    ("syns", "is_late"),
    [
        (SYNS, True),
        (SYNS[:3], False),  # ordinary loss
        ((1.0, 1.005, 2.0, 4.0), False),  # a mirror port's second copy
        ((1.0, 1.006, 2.0, 4.0), True),
    ],
)
def test_four_syns_before_an_answer_are_more_than_ordinary_loss_repeats(syns: tuple[float, ...], is_late: bool) -> None:
    case = case_of(opening(*syns), lasts=20.0, local=CLIENT)
    told = late_opening(case)
    assert (told is not None) is is_late
    if told is not None:
        assert told.frames == (*map(number, syns), number(syns[-1] + 0.1))
        assert (told.values["who"], told.values["syns"]) == (case.local_party, len(syns) - 1)
        assert told.values["took"] == round((syns[-1] + 0.1 - syns[0]) * 1e9)


def test_what_did_not_open_or_was_open_before_did_not_open_late() -> None:
    assert late_opening(case_of(opening(*SYNS, answered=False), lasts=20.0, local=CLIENT)) is None
    assert late_opening(case_of(Story().data(1.0, CLIENT).data(1.1, SERVER), lasts=20.0, local=CLIENT)) is None


def test_what_answers_for_an_earlier_connection_does_not_open_this_one() -> None:
    """The server's end still has that one; the client's RSTs end it, and the fourth SYN opens a new one."""
    story = Segments((64, 61))
    for second in range(4):
        start = second * 1_000_000
        story.add(start, CLIENT, flags=FLAG_SYN, seq=1_000, retransmission=second > 0)
        if second < 3:
            story.add(start + 20_000, SERVER, seq=2_000, ack=5_000_000)
            story.add(start + 20_020, CLIENT, flags=FLAG_RST, seq=5_000_000)
    story.add(3_020_000, SERVER, flags=FLAG_SYN | FLAG_ACK, seq=7_000, ack=1_001)
    story.add(3_020_100, CLIENT, seq=1_001, ack=7_001)
    told = late_opening(case_in(story.index(), story.span(), local=CLIENT))
    assert told is not None
    assert (told.frames, told.values["took"]) == ((1, 4, 7, 10, 11), 3_020_000_000)
