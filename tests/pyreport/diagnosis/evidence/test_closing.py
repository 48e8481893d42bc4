"""The sentence that says who closed, and how long after what."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Claim
from pyreport.connections.ending import farewell_of
from pyreport.diagnosis.evidence.closing import closed_first
from pyreport.diagnosis.evidence.replies import is_leave, open_request
from tests.dissector.trace import OPEN
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
