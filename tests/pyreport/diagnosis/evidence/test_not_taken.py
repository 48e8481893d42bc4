"""An RST that its receiver took no notice of."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_MS
from pyreport.diagnosis.evidence.not_taken import not_taken
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number


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
