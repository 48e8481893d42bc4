"""A reply that comes when its asker, which had closed behind the request, no longer takes it."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Attribution, Confidence, Kind
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, verdict_of
from tests.pyreport.told import ids, told

ASKED = 4.0


def closed_behind(request: float, replied: float, took: float = 0.2) -> Story:
    """Requests with a reply each that ``took`` so long, one at ``request``, the client's FIN at 4.0 s, and a reply that
    draws an RST.
    """
    story = Story().handshake()
    for turn in range(3):
        answered = round(1.0 + turn / 2 + took, 3)
        story.data(1.0 + turn / 2, CLIENT).data(answered, SERVER).frame(answered + 0.01, CLIENT)
    story.data(request, CLIENT).frame(request + 0.01, SERVER)
    harmless = "asked_for" if replied < ASKED + 1.5 else None
    story.fin(ASKED, CLIENT, request).write_after_fin(replied, SERVER, ASKED, harmless=harmless)
    return story.reset_after_fin(replied + 0.01, CLIENT, replied, "write", ASKED)


@pytest.mark.parametrize(
    ("request_at", "replied", "is_late"),
    [
        (3.95, 10.0, True),
        (3.95, 5.0, False),  # no later than replies may be: the client did not wait
        (3.95, 5.95, True),
        (3.95, 5.949, False),
        (3.8, 10.0, True),
        (3.799, 10.0, False),  # the close was no part of the request
    ],
)
def test_a_slow_reply_is_not_the_clients_fault_alone(request_at: float, replied: float, is_late: bool) -> None:
    verdict = verdict_of(case_of(closed_behind(request_at, replied), log="", lasts=30.0))
    assert verdict.kind is Kind.LOCAL_CLOSED
    assert ("reply-came-too-late" in ids(verdict.claims)) is is_late
    assert (Attribution.PEER_SERVICE in verdict.attribution) is is_late
    assert verdict.confidence is (Confidence.POSSIBLE if is_late else Confidence.LIKELY)
    if is_late:
        found = told(verdict.claims, "reply-came-too-late")
        assert found.frames == (number(request_at), number(replied), number(replied + 0.01))
        assert found.values["waited"] == round((replied - request_at) * 1e9)


@pytest.mark.parametrize(("replied", "is_late"), [(6.349, False), (6.35, True)])
def test_a_reply_is_late_that_takes_five_times_as_long_as_any_before(replied: float, is_late: bool) -> None:
    """The others took 0.48 s at most."""
    verdict = verdict_of(case_of(closed_behind(3.95, replied, 0.48), lasts=30.0))
    assert ("reply-came-too-late" in ids(verdict.claims)) is is_late


def test_who_is_refused_for_what_it_writes_after_its_request_gave_no_late_reply() -> None:
    """The server closes right behind the client's request; what the client sends later is one more request."""
    story = Story().handshake()
    for turn in range(3):
        story.data(1.0 + turn / 2, CLIENT).data(1.2 + turn / 2, SERVER).frame(1.21 + turn / 2, CLIENT)
    story.data(3.95, CLIENT).fin(ASKED, SERVER, 3.95).write_after_fin(10.0, CLIENT, ASKED)
    story.reset_after_fin(10.01, SERVER, 10.0, "write", ASKED)
    verdict = verdict_of(case_of(story, lasts=30.0, local=SERVER))
    assert verdict.kind is Kind.LOCAL_CLOSED
    assert "reply-came-too-late" not in ids(verdict.claims)
