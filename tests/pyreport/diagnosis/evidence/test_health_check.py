"""What looks like a monitor's check, and what only looks alike."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.health_check import checked_service
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of


def check(after: float = 0.02) -> Story:
    """The client opens the connection and resets it."""
    return Story().handshake(1.0).frame(1.0 + after, CLIENT, flags=FLAG_RST | FLAG_ACK)


@pytest.mark.parametrize(("after", "is_check"), [(0.02, True), (1.0, True), (1.001, False)])
def test_a_check_is_over_within_a_second(after: float, is_check: bool) -> None:
    assert checked_service(case_of(check(after)).connection) == (SERVER if is_check else None)


@pytest.mark.parametrize(
    "alike",
    [
        pytest.param(check().data(1.015, CLIENT), id="payload"),
        pytest.param(check().frame(1.015, SERVER, flags=FLAG_FIN | FLAG_ACK), id="a FIN"),
        pytest.param(check().frame(1.015, SERVER, flags=FLAG_RST | FLAG_ACK), id="the server's RST"),
        pytest.param(Story().handshake(1.0), id="no RST"),
        pytest.param(Story().frame(1.0, CLIENT).frame(1.01, CLIENT, flags=FLAG_RST), id="from the middle"),
        pytest.param(
            Story().frame(1.0, CLIENT, flags=FLAG_SYN).frame(1.1, CLIENT, flags=FLAG_RST), id="nobody answered"
        ),
    ],
)
def test_what_looks_alike_and_is_none(alike: Story) -> None:
    assert checked_service(case_of(alike, lasts=9.0).connection) is None
