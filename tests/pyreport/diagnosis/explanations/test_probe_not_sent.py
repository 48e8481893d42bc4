"""A probe that was due and is not there, at the edges of what shows that the capture ran."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Status
from tests.pyreport.cases import Story, case_of, gap_before_close, weigh
from tests.pyreport.told import ids


@pytest.mark.parametrize(
    ("seconds", "ran"), [((23.75,), True), ((23.749,), False), ((23.751,), False), ((22.0, 29.0), True), ((), False)]
)
def test_other_frames_of_the_host_show_that_the_capture_ran(seconds: tuple[float, ...], ran: bool) -> None:
    """No more than half of the 15.5 s from 16.0 s on without one."""
    client = "10.0.0.1:41003"
    other = Story(client, stream=3).data(0.6, client)
    for moment in seconds:
        other.data(moment, client)
    found = weigh("probe_not_sent", case_of(gap_before_close(), other))
    assert ("probe-not-sent-capture-ran" in ids(found.evidence)) is ran
    assert found.status is (Status.SUPPORTED if ran else Status.POSSIBLE)
