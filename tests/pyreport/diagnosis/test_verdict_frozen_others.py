"""A host that stood still, told by its other connections, with what looks alike."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.neighbours import neighbours, probes_at_once
from pyreport.diagnosis.result import Attribution, Status
from pyreport.frames.findings import Missed, MissedEndedBy
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    at,
    case_of,
    gap_before_close,
    number,
    resumed_neighbour,
    steady_neighbour,
    verdict_of,
    weigh,
)


def beside_the_frozen(*neighbours: Story, last_data: float = 1.0) -> Case:
    """A connection without keep-alive, on a host of which two others probe."""
    story = Story().handshake().data(last_data - 0.1, CLIENT).data(last_data, SERVER).fin(41.0, SERVER, last_data)
    return case_of(story, *neighbours, lasts=45.0)


def test_a_host_that_stood_still_did_so_on_a_connection_without_keepalive() -> None:
    case = beside_the_frozen(resumed_neighbour(1, 31.502), resumed_neighbour(2, 31.503))
    result = weigh("host_frozen_here", case)
    assert (result.status, result.weightiest.id) == (Status.SUPPORTED, "host-frozen-here-stood")
    assert Attribution.LOCAL_HOST in verdict_of(case).attribution


@pytest.mark.parametrize(
    "alike",
    [
        beside_the_frozen(steady_neighbour(1, 40.0), steady_neighbour(2, 40.0)),  # no probe is missing
        beside_the_frozen(resumed_neighbour(1, 32.002), resumed_neighbour(2, 32.003)),  # the timers had run on
        beside_the_frozen(resumed_neighbour(1, 31.502), resumed_neighbour(2, 31.503), last_data=35.0),  # over before
    ],
    ids=["steady", "on the grid", "before"],
)
def test_a_host_whose_others_ran_or_stood_at_another_time_did_not(alike: Case) -> None:
    assert weigh("host_frozen_here", alike).status is not Status.SUPPORTED


@pytest.mark.parametrize(("first_word", "at_once"), [("probe", True), ("data", False)])
def test_a_probe_that_leaves_at_once_counts_where_the_peers_close_had_ended_the_gap(
    first_word: str, at_once: bool
) -> None:
    story = Story("10.0.0.1:41001", stream=1).data(0.5, "10.0.0.1:41001").probe(7.0).probe(12.0)
    story.frame(25.0, SERVER, flags=FLAG_FIN | FLAG_ACK)
    story.lost.add(number(25.0))
    if first_word == "probe":
        story.probe(31.502, answered=False)
    else:
        story.frame(31.502, "10.0.0.1:41001", length=10)
    case = case_of(gap_before_close(), story, lasts=40.0)
    lapses = neighbours(case, at(17.0), at(31.5)).lapses
    first = lapses[0][1]
    assert isinstance(first, Missed)
    assert first.ended_by is MissedEndedBy.FIN
    assert bool(probes_at_once(case, lapses, at(31.5), NS_PER_S)) is at_once
