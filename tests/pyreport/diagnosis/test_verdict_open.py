"""Verdicts on a connection that nothing ended, at the edges of what is told beside its gaps."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Attribution, Kind
from pyreport.frames.frame import FLAG_ACK, FLAG_RST
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    at_the_server,
    case_of,
    number,
    verdict_of,
    weigh,
    with_timestamps,
)
from tests.pyreport.told import ids


def probed(*later: float, lasts: float, at_server: bool = True) -> Case:
    """Probes at 6 and 11 s, and single ones later, although one is due every 5 s."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.01, CLIENT).probes(6.0, 2)
    for seconds in later:
        story.probe(seconds)
    return case_of(at_the_server(story) if at_server else story, lasts=lasts, local=CLIENT)


@pytest.mark.parametrize(
    ("later", "lasts", "at_server", "told"),
    [
        ((), 60.0, True, True),
        ((41.0,), 60.0, True, True),
        ((41.0,), 42.0, True, False),  # probes went on
        ((), 60.0, False, False),  # where they are made they are not lost on the way
    ],
)
def test_probes_that_are_missing_to_the_end_away_from_their_host_were_not_sent_or_lost(
    later: tuple[float, ...], lasts: float, at_server: bool, told: bool
) -> None:
    verdict = verdict_of(probed(*later, lasts=lasts, at_server=at_server))
    assert (verdict.kind, verdict.attribution) == (Kind.UNDETERMINED, (Attribution.CAPTURE_INCOMPLETE,))
    assert ("keepalive-not-sent-or-lost" in ids(verdict.claims)) is told


@pytest.mark.parametrize(("later", "gaps"), [((), 1), ((41.0,), 2), ((41.0, 46.0, 51.0, 76.0), 2)])
def test_the_first_two_gaps_decide(later: tuple[float, ...], gaps: int) -> None:
    case = probed(*later, lasts=100.0)
    assert len(case.connection.missed()) == {0: 1, 1: 2, 4: 3}[len(later)]
    deciding = verdict_of(case).deciding
    assert len(deciding) == gaps
    assert all(claim.id.startswith("keepalive-gap") for claim in deciding)
    assert deciding[0].frames[0] == number(11.0)


def test_without_a_gap_what_does_not_hold_decides() -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).data(5.0, CLIENT).frame(5.01, SERVER)
    verdict = verdict_of(case_of(story, lasts=9.0, local=CLIENT))
    assert (verdict.kind, ids(verdict.deciding)) == (Kind.UNDETERMINED, ["health-no-reply"])


def test_what_shows_that_an_rst_came_from_elsewhere_decides_by_its_two_weightiest_proofs() -> None:
    """The server sent on behind it, it had come another way, and its timestamp is not the server's."""
    story = Story().handshake()
    for tenth in range(8):
        story.data(1.0 + tenth / 10, SERVER)
    story.frame(1.75, CLIENT).data(7.0, SERVER).frame(7.01, CLIENT).data(8.0, CLIENT).frame(8.01, SERVER)
    with_timestamps(story).frame(5.0, SERVER, flags=FLAG_RST | FLAG_ACK, ttl=50).marked(5.0, timestamp=5)
    case = case_of(story, local=CLIENT, lasts=20.0)
    proofs = ["middlebox-close-goes-on", "closing-frame-other-ttl", "closing-frame-timestamp-off-line"]
    assert ids(weigh("middlebox_close", case).evidence) == proofs
    verdict = verdict_of(case)
    assert verdict.kind is Kind.MIDDLEBOX_CLOSED
    assert ids(verdict.deciding) == proofs[:2]
    assert verdict.claims[0].id == "reset-that-ended-nothing"
