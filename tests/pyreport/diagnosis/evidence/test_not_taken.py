"""An RST that its receiver took no notice of."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Claim
from pyreport.base.units import NS_PER_MS
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence import not_taken as module
from pyreport.diagnosis.evidence.not_taken import ended_nothing, first_rst, not_taken, unheeded
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number

FIRST_ONES = 50


def refused() -> Story:
    """The server's RST at 5 s; an answer takes 10 ms."""
    return Story().handshake().data(0.9, CLIENT).data(0.910, SERVER).frame(0.911, CLIENT).reset(5.0, SERVER)


@pytest.mark.parametrize(
    ("side", "seconds", "flags", "length", "is_told"),
    [
        (CLIENT, 5.201, FLAG_ACK, 100, True),
        (CLIENT, 5.200, FLAG_ACK, 100, False),  # it may have been on its way
        (CLIENT, 9.0, FLAG_ACK | FLAG_FIN, 0, True),
        (CLIENT, 9.0, FLAG_ACK, 0, False),  # nothing that needs a connection
        (CLIENT, 9.0, FLAG_SYN, 0, False),  # a new one
        (SERVER, 9.0, FLAG_ACK, 100, False),  # its sender's own
    ],
)
def test_who_goes_on_well_after_an_rst_did_not_take_it(
    side: str, seconds: float, flags: int, length: int, is_told: bool
) -> None:
    told = not_taken(case_of(refused().frame(seconds, side, flags=flags, length=length), lasts=20.0), number(5.0))
    assert (told is not None) is is_told
    if told is not None:
        assert told.frames == (number(5.0), number(seconds))
        assert told.values["after"] == round((seconds - 5.0) * 1000) * NS_PER_MS


def test_it_is_told_of_all_that_came_after_it_and_of_no_other_frame() -> None:
    story = refused().data(4.0, CLIENT).data(9.0, CLIENT).data(11.0, CLIENT)
    case = case_of(story, lasts=20.0)
    told = not_taken(case, number(5.0))
    assert told is not None
    assert told.frames == (number(5.0), number(9.0), number(11.0))
    assert (told.values["reset"], told.values["first"], told.values["count"]) == (number(5.0), number(9.0), 2)
    assert not_taken(case, number(4.0)) is None
    assert not_taken(case, number(6.0)) is None


@pytest.mark.parametrize(
    ("side", "flags", "came", "went_on"),
    [
        (SERVER, FLAG_ACK, True, True),
        (SERVER, FLAG_ACK, False, False),  # it acknowledges what was before
        (SERVER, FLAG_ACK | FLAG_RST, True, False),
        (SERVER, 0, True, False),
        (CLIENT, FLAG_ACK, True, False),
        ("", 0, True, False),
    ],
    ids=["acknowledged", "only what was before", "refused", "no ACK", "its own", "nothing"],
)
def test_an_rst_ended_nothing_where_the_end_whose_name_it_bears_takes_what_comes_then(
    side: str, flags: int, came: bool, went_on: bool
) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(0.910, SERVER).frame(0.911, CLIENT)
    story.outside_window(5.0, SERVER).data(9.0, CLIENT)
    if not came:
        story.lost.add(number(9.0))
    if side:
        story.frame(9.1, side, flags=flags)
    if flags & FLAG_RST:
        story.outside.add(number(9.1))  # the plugin holds neither for the end
    case = case_of(story, lasts=20.0)
    reset = case.connection.frame(number(5.0))
    assert reset is not None
    assert case.ending.dead is None
    assert ended_nothing(case, reset) is went_on


@pytest.mark.parametrize(("heeded", "first"), [(0, FIRST_ONES), (1, None)])
def test_of_very_many_rsts_the_first_ones_are_looked_at(
    heeded: int, first: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look is one at all frames. That an RST behind them ended nothing is not said without a look at it."""
    story = Story().handshake().data(0.9, CLIENT).data(0.910, SERVER).frame(0.911, CLIENT)
    for place in range(2 * FIRST_ONES):
        story.outside_window(2.0 + place / 100, SERVER)
    if not heeded:
        story.data(8.0, CLIENT).data(8.1, SERVER).frame(8.11, CLIENT)
    case, looks = case_of(story, lasts=20.0), list[int]()

    def counted(of: Case, reset: int) -> Claim | None:
        looks.append(reset)
        return not_taken(of, reset)

    monkeypatch.setattr(module, "not_taken", counted)
    found = first_rst(case)
    assert found is not None
    assert found.number == number(2.0 if first is None else 2.0 + first / 100)
    assert len(looks) == (1 if heeded else FIRST_ONES)
    looks.clear()
    assert (unheeded(case) is None) is bool(heeded)
    assert len(looks) == (FIRST_ONES if heeded else 2)
