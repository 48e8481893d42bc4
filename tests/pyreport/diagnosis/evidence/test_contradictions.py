"""When a log line was written, against the capture's times."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.contradictions import contradictions
from pyreport.logs.registry import parse_log_line
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of
from tests.pyreport.told import ids

RESET = "connection reset by peer"


def reset() -> Story:
    """The server's RST at 9.0 s, the last frame."""
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).reset(9.0, SERVER)


@pytest.mark.parametrize(("logged", "is_told"), [(609.0, False), (609.001, True), (3000.0, True), (9.5, False)])
def test_a_line_of_ten_minutes_after_the_capture_may_be_about_what_came_later(logged: float, is_told: bool) -> None:
    found = contradictions(case_of(reset(), log=RESET, logged=logged))
    assert ids(found) == (["log-after-capture"] if is_told else [])
    if is_told:
        assert found[0].values == {"after": at(logged) - at(9.0)}


def test_the_line_of_the_stories_has_whole_seconds() -> None:
    stamp = parse_log_line(f"2022-09-29 16:00:00 write tcp {CLIENT}->{SERVER}: write: {RESET}").stamp
    assert stamp is not None
    assert stamp.resolution_ns == 1_000_000_000


@pytest.mark.parametrize(("logged", "is_told"), [(9.0, False), (8.001, False), (8.0, True), (3.0, True)])
def test_a_line_of_before_the_close_cannot_be_about_it(logged: float, is_told: bool) -> None:
    """A stamp of whole seconds stands for the second that it begins."""
    found = contradictions(case_of(reset(), log=RESET, logged=logged))
    assert ids(found) == (["log-before-close"] if is_told else [])


def test_a_line_without_a_time_contradicts_no_time() -> None:
    assert contradictions(case_of(reset(), log=RESET)) == ()
