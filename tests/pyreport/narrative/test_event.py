"""The table of the connections of one event."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.event import Common, Event
from pyreport.diagnosis.result import Confidence, Kind
from pyreport.narrative.event import MOST_ROWS, event_table
from tests.pyreport.cases import SERVER, Story, case_of


@pytest.mark.parametrize(("count", "rows"), [(MOST_ROWS, MOST_ROWS), (MOST_ROWS + 1, MOST_ROWS + 1), (12, MOST_ROWS)])
def test_no_row_is_left_out_for_a_line_that_says_so(count: int, rows: int) -> None:
    """Of nine connections all are shown, of twelve eight, and that there are four more."""
    connection = case_of(Story().handshake().fin(6.0, SERVER)).connection
    event = Event(
        kind=Kind.PEER_RESTARTED, confidence=Confidence.LIKELY, common=Common.MOMENT, near="10.0.0.1",
        far="10.0.0.9:9092", connections=(connection,) * count, first_ns=0, last_ns=1,
    )  # fmt: skip
    table = event_table(event)
    assert table is not None
    assert len(table.rows) == rows
    assert (table.more is not None and table.more.values["count"]) == (count - rows if count > rows else False)
