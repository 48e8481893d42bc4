"""A capture that begins in the middle: what may have come before it, and what cannot have."""

from __future__ import annotations

from pyreport.diagnosis.result import Confidence, Kind
from pyreport.quality import FlawId, Quality, assess
from pyreport.quality.beginning import may_have_closed_before
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, verdict_of


def late_start(*, server_sent: bool) -> Story:
    """The client probes, writes and is refused; whether the server sent data in the capture."""
    story = Story()
    if server_sent:
        story.data(0.5, SERVER).frame(0.51, CLIENT)
    story.probe(5.0).probe(10.0).data(12.5, CLIENT)
    story.lost.add(number(12.5))
    return story.reset(12.6, SERVER, "data", 12.5)


def assessed(story: Story) -> Quality:
    case = case_of(story)
    return assess(case.connection, case.index, case.span)


def test_a_side_that_sent_no_data_in_the_capture_may_have_closed_before_it() -> None:
    flaws = {flaw.id for flaw in assessed(late_start(server_sent=False)).flaws}
    assert FlawId.NO_BEGINNING in flaws
    case = case_of(late_start(server_sent=False), flaws=assessed(late_start(server_sent=False)).flaws)
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.confidence) == (Kind.UNDETERMINED, Confidence.UNDETERMINED)
    assert "reset-may-follow-a-fin" in [claim.id for claim in verdict.claims]


def test_a_side_that_sent_data_in_the_capture_had_not() -> None:
    assert FlawId.NO_BEGINNING not in {flaw.id for flaw in assessed(late_start(server_sent=True)).flaws}
    assert verdict_of(case_of(late_start(server_sent=True))).kind is Kind.PEER_RESET
    whole = case_of(Story().handshake().probe(6.0))
    assert not may_have_closed_before(whole.connection, SERVER)
