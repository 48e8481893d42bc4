"""What of a verdict is everyday."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict

OWN = (Attribution.LOCAL_APPLICATION,)


@pytest.mark.parametrize(
    ("kind", "shares", "is_everyday"),
    [
        (Kind.LOCAL_CLOSED, OWN, True),
        (Kind.LOCAL_CLOSED, (*OWN, Attribution.NETWORK_PATH), False),
        (Kind.PEER_CLOSED, OWN, False),
        (Kind.HEALTHY, (Attribution.HEALTHY,), True),
        (Kind.HEALTH_CHECK, (Attribution.HEALTHY,), True),
        (Kind.UNDETERMINED, (Attribution.CAPTURE_INCOMPLETE,), False),
    ],
)
def test_a_close_that_is_the_own_applications_alone_is_everyday(
    kind: Kind, shares: tuple[Attribution, ...], is_everyday: bool
) -> None:
    assert Verdict(kind, (), Confidence.LIKELY, shares, ()).is_everyday is is_everyday
