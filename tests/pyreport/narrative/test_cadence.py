"""The figure of the probes: their gaps, the grid, what was due and did not come."""

from __future__ import annotations

from pyreport.base.units import NS_PER_S
from pyreport.narrative.cadence import cadence
from pyreport.narrative.model import Cadence
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, idle_close, number

SECOND = NS_PER_S


def drawn(story: Story) -> Cadence:
    figure = cadence(case_of(story))
    assert figure is not None
    return figure


def probing(*times: float) -> Story:
    story = Story().data(0.9, CLIENT).data(1.0, SERVER)
    for seconds in times:
        story.probe(seconds)
    return story


def test_each_gap_stands_at_the_later_probe() -> None:
    figure = drawn(idle_close())
    assert {gap.gap_ns for gap in figure.gaps} == {5 * SECOND}
    assert figure.gaps[0].frame == number(11.1)
    assert all(gap.is_answered for gap in figure.gaps)
    (grid,) = figure.grids
    assert grid.cadence_ns == 5 * SECOND
    assert 0 < grid.within_ns < SECOND // 10


def test_the_close_and_the_probe_that_was_not_due_yet_are_told() -> None:
    figure = drawn(idle_close())
    assert figure.close_ns == at(61.0)
    assert figure.next_due_ns is not None
    assert at(61.0) < figure.next_due_ns <= figure.end_ns
    assert figure.missed_ns == ()


def test_each_probe_that_did_not_come_has_its_time() -> None:
    figure = drawn(probing(6.0, 11.0, 16.0, 21.0, 46.0))
    assert len(figure.missed_ns) == 4
    assert figure.missed_ns
    assert all(figure.start_ns < due <= figure.end_ns for due in figure.missed_ns)
    assert sorted(set(figure.missed_ns)) == list(figure.missed_ns)


def test_an_unanswered_probe_is_told_from_an_answered_one() -> None:
    story = probing(6.0, 11.0, 16.0, 21.0)
    story.probe(26.0, answered=False)
    assert [gap.is_answered for gap in drawn(story).gaps] == [True, True, True, False]


def test_few_probes_show_no_grid() -> None:
    assert cadence(case_of(probing(6.0, 11.0, 16.0))) is None
    assert cadence(case_of(probing(6.0, 11.0, 16.0, 21.0))) is not None
    assert cadence(case_of(Story().data(0.9, CLIENT).data(1.0, SERVER))) is None
