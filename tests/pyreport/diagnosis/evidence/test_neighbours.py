"""What the host's other connections did in a stretch of time."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.gaps import gap_end_ns
from pyreport.diagnosis.evidence.neighbours import frames_of, kept_their_grid, neighbours, others, probes_at_once
from pyreport.frames.findings import Late, Missed
from tests.pyreport.cases import (
    SERVER,
    Story,
    at,
    case_of,
    gap_before_close,
    number,
    resumed_neighbour,
    steady_neighbour,
)


@pytest.mark.parametrize("count", [1, 3])
def test_a_lapse_counts_that_touches_the_stretch(count: int) -> None:
    """Not those of the connection itself, which lacks probes until 31.5 s."""
    resumed = [resumed_neighbour(stream, 32.0 + stream / 1000) for stream in range(1, count + 1)]
    case = case_of(gap_before_close(), *resumed, steady_neighbour(9, 60.0))
    whole = neighbours(case, at(0.0), at(34.0))
    assert [stream for stream, _ in whole.lapses] == list(range(1, count + 1))
    (due, ends) = whole.lapses[0][1].due_at_ns, gap_end_ns(whole.lapses[0][1])
    for start, end, touches in (
        (at(0.0), due, True),
        (at(0.0), due - 1, False),
        (ends, at(34.0), True),
        (ends + 1, at(34.0), False),
        (due, ends, True),
    ):
        found = neighbours(case, start, end)
        assert any(stream == 1 for stream, _ in found.lapses) is touches
    assert others(whole.lapses) == count
    assert frames_of(whole.lapses) == tuple(number(32.0 + stream / 1000) for stream in range(1, count + 1))
    assert {stream for stream, _ in whole.on_time} >= {9}
    assert all(stream != 0 for stream, _ in whole.on_time)
    assert not set(frames_of(whole.lapses)) & set(frames_of(whole.on_time))


@pytest.mark.parametrize(
    ("end", "is_prompt"), [(32.0, True), (31.001, True), (31.0, False), (33.001, True), (33.002, False)]
)
def test_overdue_probes_come_at_once_within_a_second(end: float, is_prompt: bool) -> None:
    case = case_of(gap_before_close(), resumed_neighbour(1, 32.001))
    lapses = neighbours(case, at(0.0), at(60.0)).lapses
    assert [found.frame for found in probes_at_once(case, lapses, at(end), 10**9)] == ([number(32.001)] * is_prompt)


@pytest.mark.parametrize(
    ("resumes", "kept"),
    [(32.0, True), (32.07, True), (31.93, True), (32.071, False), (31.929, False), (34.5, False), (30.0, False)],
)
def test_timers_that_ran_on_come_back_on_their_grid(resumes: float, kept: bool) -> None:
    """A probe each 5 s until 12 s: on the grid is to a hundredth of that and 20 ms."""
    one = Story("10.0.0.1:41001", stream=1).data(0.5, "10.0.0.1:41001").probe(2.0).probe(7.0).probe(12.0).probe(resumes)
    case = case_of(one, local="10.0.0.1:41001")
    (missed,) = case.connection.missed(case.local)
    assert bool(kept_their_grid(missed, ())) is kept


@pytest.mark.parametrize(("more_ns", "is_prompt"), [(0, True), (1, False)])
def test_an_overdue_probe_that_a_close_had_forestalled_is_the_hosts_first_frame_from_then_on(
    more_ns: int, is_prompt: bool
) -> None:
    one = Story("10.0.0.1:41001", stream=1).data(0.5, "10.0.0.1:41001").probe(2.0).probe(7.0).probe(12.0)
    one.fin(31.0, SERVER, 0.5, acknowledged=None).expect(31.0, Missed, last_probe_frame=number(12.0), ended_by="fin")
    one.probe(32.001, answered=False, after_fin=31.0).frame(32.002, "10.0.0.1:41001")
    case = case_of(gap_before_close(), one, lasts=60.0)
    lapses = neighbours(case, at(0.0), at(60.0)).lapses
    found = probes_at_once(case, lapses, at(32.001) + more_ns, 10**9)
    assert [probe.frame for probe in found] == [number(32.001)] * is_prompt


def test_a_late_probe_did_not_come_back_on_its_grid() -> None:
    late = Story("10.0.0.1:41002", stream=2).data(0.6, "10.0.0.1:41002").probes(2.1, 3).probes(18.6, 4)
    on_grid = Story("10.0.0.1:41001", stream=1).data(0.5, "10.0.0.1:41001").probe(2.0).probe(7.0).probe(12.0)
    case = case_of(on_grid.probe(32.0), late, local="10.0.0.1:41001")
    (missed,) = case.connection.missed(case.local)
    lapses = neighbours(case, at(0.0), at(34.0)).lapses
    assert [type(lapse) for _, lapse in lapses] == [Late]
    assert kept_their_grid(missed, ()) == [missed]
    assert kept_their_grid(missed, lapses) == []
