"""What became of the next attempt to connect to a service."""

from __future__ import annotations

from typing import Any

import pytest

from pyreport.diagnosis.evidence.same_service import Opening, next_opening
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, START_NS
from tests.pyreport.segments import FIRST_SEQ, MS, Segments

ISN = FIRST_SEQ[CLIENT]
SYN_ACK: dict[str, Any] = {"flags": FLAG_SYN | FLAG_ACK, "ack": ISN + 1}
CHALLENGE: dict[str, Any] = {"flags": FLAG_ACK, "seq": 77_000, "ack": 55_000}  # numbers of another connection
REFUSAL: dict[str, Any] = {"flags": FLAG_RST | FLAG_ACK, "ack": ISN + 1}
BARE: dict[str, Any] = {"flags": FLAG_RST, "seq": 77_000, "ack": 0}  # without ACK, as for what came with one
LATER: dict[str, Any] = {"flags": FLAG_ACK, "ack": ISN + 101}  # of data of this connection


@pytest.mark.parametrize(
    ("answers", "outcome", "shown_by"),
    [
        ([SYN_ACK], Opening.ACCEPTED, 2),
        ([CHALLENGE, SYN_ACK], Opening.ACCEPTED, 4),
        ([CHALLENGE, REFUSAL], Opening.REFUSED, 4),
        ([CHALLENGE, BARE], Opening.REFUSED, 4),
        ([CHALLENGE], Opening.EARLIER, 2),
        ([CHALLENGE, CHALLENGE], Opening.EARLIER, 2),
        ([REFUSAL], Opening.REFUSED, 2),
        ([], Opening.UNANSWERED, 1),
    ],
    ids=["taken", "later", "refused later", "refused without ACK", "a challenge", "two of them", "refused", "nothing"],
)
def test_an_acknowledgment_of_an_earlier_connection_opens_none(
    answers: list[dict[str, Any]], outcome: Opening, shown_by: int
) -> None:
    """RFC 5961 section 4: a SYN on an open connection draws a challenge ACK; the RST for it makes room for the next."""
    told = Segments()
    for index, answer in enumerate(answers or [{}]):
        told.add(index * 1_000_000, CLIENT, flags=FLAG_SYN, seq=ISN)
        if answer:
            told.add(index * 1_000_000 + 500, SERVER, **answer)
    assert next_opening(told.index(), SERVER, START_NS - MS) == (outcome, shown_by)


def test_a_capture_that_lacks_the_syn_ack_shows_an_opening_all_the_same() -> None:
    told = Segments().add(0, CLIENT, flags=FLAG_SYN)
    told.add(100, SERVER, flags=FLAG_SYN | FLAG_ACK, captured=False).add(200, CLIENT).add(300, CLIENT, 100)
    told.add(800, SERVER, **LATER)
    outcome, frame = next_opening(told.index(), SERVER, START_NS - MS) or (None, 0)
    assert (outcome, frame) == (Opening.ACCEPTED, told.frames[-1].number)
