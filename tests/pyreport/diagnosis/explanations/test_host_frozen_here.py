"""A local host that did not run, at the edges of what tells it."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Status
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    at_the_server,
    case_of,
    gap_before_close,
    idle_close,
    number,
    resumed_neighbour,
    steady_neighbour,
    weigh,
    with_timestamps,
)
from tests.pyreport.diagnosis.evidence.test_second_clock import stamp
from tests.pyreport.told import ids, told


def frozen(*, overdue: float = 31.502, busy: float = 0.0, counts: int | None = None, at_server: bool = False) -> Case:
    """No connection of the host sends anything from 12 to 31.5 s, but one at ``busy``; then the others' probes are
    there. ``counts``: how many packets the host's counter made in the gap.
    """
    story = gap_before_close()
    if counts is not None:
        for index, seconds in enumerate((0.0, 0.011, 6.0, 11.0)):
            story.marked(seconds, ip_id=100 + index)
        story.marked(31.501, ip_id=104 + counts)
    others = [resumed_neighbour(1, overdue), resumed_neighbour(2, overdue + 0.001)]
    if busy:
        others.append(Story("10.0.0.1:41003", stream=3).data(busy, "10.0.0.1:41003"))
    if at_server:
        story, others = at_the_server(story), [at_the_server(other) for other in others]
    return case_of(story, *others, lasts=40.0, local=CLIENT)


@pytest.mark.parametrize(("overdue", "status"), [(32.501, Status.SUPPORTED), (32.502, Status.POSSIBLE)])
def test_timers_that_ran_out_meanwhile_fire_within_a_second(overdue: float, status: Status) -> None:
    """After the first frame of the host, its acknowledgment at 31.501 s."""
    found = weigh("host_frozen_here", frozen(overdue=overdue))
    assert (found.status is Status.SUPPORTED) is (status is Status.SUPPORTED)


@pytest.mark.parametrize(("busy", "whole"), [(16.0, True), (16.001, False), (27.502, True), (27.501, False)])
def test_the_host_is_silent_for_all_of_the_gap_but_an_interval(busy: float, whole: bool) -> None:
    """From the last probe to the close, 20.5 s, less the 5 s between probes; the others sent until 12.002 s."""
    found = weigh("host_frozen_here", frozen(busy=busy))
    assert ("host-frozen-here-sent-meanwhile" in ids(found.evidence)) is not whole


def test_a_counter_that_made_nothing_proves_the_silence_wherever_it_was_captured() -> None:
    for at_server in (False, True):
        found = weigh("host_frozen_here", frozen(counts=0, at_server=at_server))
        assert found.status is Status.SUPPORTED
        assert "packets-made-none" in ids(found.evidence)
        assert found.weightiest.values["none_made"] is True
    elsewhere = weigh("host_frozen_here", frozen(at_server=True))
    assert (elsewhere.status, ids(elsewhere.evidence)[-1]) == (Status.POSSIBLE, "host-frozen-here-place-unknown")
    late = weigh("host_frozen_here", frozen(counts=0, overdue=33.9))
    assert late.status is Status.POSSIBLE
    assert "packets-made-none" in ids(late.evidence)
    assert "host-frozen-here-overdue" not in ids(late.evidence)
    made = weigh("host_frozen_here", frozen(counts=3))
    assert (made.status, ids(made.evidence)) == (Status.RULED_OUT, ["packets-made-unseen"])


@pytest.mark.parametrize("acknowledged", [True, False])
@pytest.mark.parametrize("neighbours", [0, 1])
def test_the_own_kernels_acknowledgment_of_the_fin_shows_that_it_ran_then(acknowledged: bool, neighbours: int) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.1, 11)
    story.fin(61.0, SERVER, 1.0, acknowledged=0.001 if acknowledged else None)
    others = [steady_neighbour(1, 64.0)] * neighbours
    found = weigh("host_frozen_here", case_of(story, *others, lasts=61.05, local=CLIENT))
    prompt = [claim.frames for claim in found.evidence if claim.id == "fin-acknowledged"]
    assert prompt == ([(number(61.001),)] if acknowledged else [])
    if not neighbours and not acknowledged:
        assert ids(found.evidence) == ["host-frozen-here-nobody-probed"]


def test_the_peers_acknowledgment_of_the_own_fin_tells_nothing_of_the_own_host() -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.1, 11).fin(61.0, CLIENT, 1.0)
    found = weigh("host_frozen_here", case_of(story, lasts=70.0, local=CLIENT))
    assert ids(found.evidence) == ["host-frozen-here-nobody-probed"]


@pytest.mark.parametrize(("streams", "status"), [((1, 2, 3), Status.RULED_OUT), ((), Status.NO_EVIDENCE)])
@pytest.mark.parametrize("at_server", [True, False])
def test_others_on_time_rule_it_out_where_their_clocks_were_seen_elsewhere(
    streams: tuple[int, ...], status: Status, at_server: bool
) -> None:
    """At the peer, the capture's clock is another host's; here, the peer's timestamps have to agree with it."""
    story = idle_close()
    others = [steady_neighbour(stream, 64.0) for stream in streams]
    if at_server:
        story, others = at_the_server(story), [at_the_server(other) for other in others]
    else:
        others = [with_timestamps(other) for other in others]
    found = weigh("host_frozen_here", case_of(story, *others, local=CLIENT))
    assert found.status is status
    if streams:
        assert ("clock-of-the-peer-agrees" in ids(found.evidence)) is not at_server
        on_time = told(found.evidence, "host-frozen-here-others-on-time")
        assert on_time.values["others"] == 3


@pytest.mark.parametrize("at_server", [True, False])
def test_what_came_in_at_once_tells_of_the_host_where_it_was_captured(at_server: bool) -> None:
    """At the peer, the capture shows when the host took it in by nothing."""
    made = {27.0: 15.0, 27.01: 16.5, 27.02: 18.0}
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(3.0, CLIENT).data(5.0, SERVER)
    for seconds in made:
        story.data(seconds, SERVER)
    story = stamp(story.frame(27.1, CLIENT), {}, made)
    found = weigh("host_frozen_here", case_of(at_the_server(story) if at_server else story, local=CLIENT))
    assert ("clock-burst" in ids(found.evidence)) is not at_server


@pytest.mark.parametrize(("probes", "start"), [(7, 36.1), (0, 40.010)])
def test_the_host_is_looked_at_from_its_last_probe_else_its_last_segment_to_a_cadence_after_the_close(
    probes: int, start: float
) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.1, probes)
    story.data(40.0, SERVER).frame(40.010, CLIENT).fin(44.0, SERVER, 40.0)
    others = [steady_neighbour(stream, 49.0) for stream in (1, 2, 3)]
    found = weigh("host_frozen_here", case_of(story, *others, lasts=49.5, local=CLIENT))
    on_time = told(found.evidence, "host-frozen-here-others-on-time")
    assert on_time.values["span"] == round((44.0 + (5.0 if probes else 0.0) - start) * 1e9)


@pytest.mark.parametrize(("resumes", "is_told"), [(62.0, True), (60.9, False)])
def test_a_host_of_which_others_lack_probes_was_silent_for_more_than_half_of_the_stretch(
    resumes: float, is_told: bool
) -> None:
    """From the last probe at 51.1 s until 61.0 s; its acknowledgment at 56.001 s lies in the middle."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.1, 10).fin(56.0, SERVER, 1.0)
    others = [resumed_neighbour(stream, resumes + stream / 1000, last_probe=49.0) for stream in (1, 2)]
    case = case_of(at_the_server(story), *map(at_the_server, others), lasts=61.0, local=CLIENT)
    found = weigh("host_frozen_here", case)
    assert ("host-frozen-here-others-missed" in ids(found.evidence)) is is_told


@pytest.mark.parametrize(("hops", "told"), [((61, 61), True), ((64, 61), True), ((61, 64), False)])
def test_others_on_time_rule_nothing_out_by_a_clock_that_may_be_the_hosts_own(
    hops: tuple[int, int], told: bool
) -> None:
    """Captured on the way, the place may be the host that carries the local one; only at the peer it is not."""
    stories = [idle_close(), *(steady_neighbour(stream, 64.0) for stream in (1, 2, 3))]
    for story in stories:
        story.hop_limit = dict(zip((story.client, story.server), hops, strict=True))
    found = weigh("host_frozen_here", case_of(*stories, local=CLIENT))
    assert ("clock-only-one" in ids(found.evidence)) is told
    assert found.status is (Status.NO_EVIDENCE if told else Status.RULED_OUT)
