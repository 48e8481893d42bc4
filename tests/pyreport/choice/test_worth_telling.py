"""Which connections have something to say, where the plugin's findings have no level for it."""

from __future__ import annotations

import pytest

from pyreport.choice.worth_telling import rows_of
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of
from tests.pyreport.diagnosis.test_health import closed_instead


def is_told(case: Case) -> bool:
    return bool(rows_of([(case, *diagnose(case))]))


def test_a_server_that_closes_instead_of_replying_is_told() -> None:
    assert is_told(closed_instead(551))


@pytest.mark.parametrize(
    "case",
    [
        closed_instead(20),  # leave was taken
        closed_instead(551, replies=5.002),
        case_of(Story().handshake().data(1.0, CLIENT).frame(1.01, SERVER).fin(6.0, CLIENT, 1.0), lasts=6.5),
    ],
    ids=["leave", "replied to", "closed by the client"],
)
def test_an_orderly_close_is_not(case: Case) -> None:
    assert not is_told(case)
