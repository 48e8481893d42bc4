"""The table of known limits stands where a limit may be the cause."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.diagnosis.evidence.idle_limits import idle_limits
from pyreport.diagnosis.result import Kind
from pyreport.narrative.limits import limits_to_show
from tests.pyreport.cases import case_of, idle_close


@pytest.mark.parametrize(("kind", "stands"), [(Kind.PEER_CLOSED_IDLE, True), (Kind.PATH_LOST, False)])
def test_without_an_equal_default_it_goes_by_the_verdict(kind: Kind, *, stands: bool) -> None:
    limits = idle_limits(case_of(idle_close()))
    assert limits is not None
    assert (limits_to_show(replace(limits, equal=()), kind) is not None) is stands


def test_an_equal_default_is_always_told() -> None:
    limits = idle_limits(case_of(idle_close()))
    assert limits is not None
    assert limits.equal
    assert limits_to_show(limits, Kind.PATH_LOST) is limits
    assert limits_to_show(None, Kind.PEER_CLOSED_IDLE) is None


def test_what_ended_many_ages_at_once_is_held_against_no_limit() -> None:
    limits = idle_limits(case_of(idle_close()))
    assert limits is not None
    assert limits.equal
    assert limits_to_show(limits, Kind.PEER_RESTARTED) is None
