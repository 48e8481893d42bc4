"""A timer that may have fired although nothing shows it, at the edges of what tells it."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.explanations.keepalive_gave_up import fired_on_time
from pyreport.diagnosis.result import Status
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number, weigh
from tests.pyreport.told import ids, told


@pytest.mark.parametrize(
    ("after", "on_time"), [(5.0, True), (5.15, True), (4.85, True), (5.151, False), (4.849, False), (10.0, False)]
)
@pytest.mark.parametrize("at_server", [True, False])
def test_an_rst_at_the_time_of_the_next_probe_may_be_the_timers(after: float, on_time: bool, at_server: bool) -> None:
    """Within 2 % of the spacing and 50 ms, and captured where the answers left, not where they arrived."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    story.probe(6.0).probe(11.0).probe(16.0).reset(16.0 + after, CLIENT)
    found = fired_on_time(case_of(at_the_server(story) if at_server else story, local=SERVER))
    assert (found is not None) is (on_time and at_server)
    if found is not None:
        assert (found.frames, found.values["spacing"]) == ((number(16.0), number(16.0 + after)), 5_000_000_000)


def test_two_probes_tell_a_spacing_and_a_close_or_an_answer_tells_why_it_was_reset() -> None:
    """An RST after a FIN, or one that refuses a segment, did not come from the timer."""

    def base() -> Story:
        story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
        return story.probe(6.0).probe(11.0)

    two = fired_on_time(case_of(at_the_server(base().reset(16.0, CLIENT)), local=SERVER))
    assert two is not None
    closed = base().fin(15.0, SERVER, 1.0, acknowledged=None).reset(16.0, CLIENT)
    refused = base().data(15.99, SERVER).reset(16.0, CLIENT, "data", 15.99)
    for story in (closed, refused):
        assert fired_on_time(case_of(at_the_server(story), local=SERVER)) is None


def test_what_it_sent_in_between_or_a_single_probe_tells_no_time() -> None:
    base = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT).probe(6.0)
    single = case_of(at_the_server(base.reset(11.0, CLIENT)), local=SERVER)
    assert fired_on_time(single) is None
    spoke = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT).probe(6.0).probe(11.0)
    spoke.data(13.0, CLIENT).frame(13.01, SERVER).reset(16.0, CLIENT)
    assert fired_on_time(case_of(at_the_server(spoke), local=SERVER)) is None


@pytest.mark.parametrize("count", [2, 7, 8, 10])
@pytest.mark.parametrize("at_server", [True, False])
def test_fewer_probes_than_any_default_are_a_setting(count: int, at_server: bool) -> None:
    """Not where probes may have been lost before the capture had them."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT).probe(6.0).gave_up(11.0, count)
    found = weigh("keepalive_gave_up", case_of(at_the_server(story) if at_server else story))
    assert found.status is Status.SUPPORTED
    assert ("keepalive-gave-up-setting" in ids(found.evidence)) is (count < 8 and not at_server)
    gave_up = told(found.evidence, "keepalive-gave-up-rst")
    assert gave_up.frames == (number(11.0), number(11.0 + 5.0 * (count - 1)), number(11.0 + 5.0 * count))
    assert gave_up.values["probes"] == count
