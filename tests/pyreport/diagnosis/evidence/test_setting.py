"""A keep-alive setting that changed is told wherever the connection is told, and only then."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Claim, Party
from pyreport.diagnosis.case import Case
from pyreport.narrative.key_facts import keepalive_rows, key_facts
from pyreport.narrative.walkthrough import walk
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, verdict_of
from tests.pyreport.connections.test_new_spacing import probing

TOLD = "keepalive-setting-changed"


def told_in(case: Case) -> dict[str, list[Claim]]:
    """The claims of the change, by where they stand."""
    places = {
        "verdict": verdict_of(case).claims,
        "walkthrough": [told for step in walk(case) for told in step.claims],
        "side": [told for row in keepalive_rows(case) for told in row.remarks],
    }
    return {place: [told for told in claims if told.id == TOLD] for place, claims in places.items()}


def changed(*, closed: bool = False, reset: bool = False) -> Story:
    story = probing(1, 1, 1, 3, 3)
    if closed:
        return story.data(15.0, CLIENT).frame(15.01, SERVER).fin(15.5, CLIENT, 15.0)
    return story.reset(15.0, SERVER) if reset else story


@pytest.mark.parametrize("story", [changed(), changed(closed=True), changed(reset=True)])
def test_every_kind_of_verdict_tells_it_with_the_walkthrough_and_the_facts(story: Story) -> None:
    """The table of the sides, on the page behind them, does not say it once more."""
    case = case_of(story, lasts=16.0)
    places = told_in(case)
    assert {place: len(claims) for place, claims in places.items()} == {"verdict": 1, "walkthrough": 1, "side": 0}
    (told,) = places["verdict"]
    assert told.values["who"] is Party.CLIENT
    assert places["walkthrough"] == [told]  # with its reason, which is told where it has not been
    assert told.frames == (number(11.0), number(14.0))
    assert [fact.frames for fact in key_facts(case) if fact.label.id == "fact-setting-changed"] == [told.frames]


def test_of_two_changes_the_reason_is_told_once() -> None:
    case = case_of(probing(1, 1, 1, 3, 3, 3, 7, 7), lasts=40.0)
    first, second = (told for told in verdict_of(case).claims if told.id == TOLD)
    assert (first.values["again"], second.values["again"]) == (False, True)
    (fact,) = (fact for fact in key_facts(case) if fact.label.id == "fact-setting-changed")
    assert [note.values["after"] for note in fact.notes if isinstance(note, Claim)] == [
        told.values["after"] for told in (first, second)
    ]


def test_the_new_spacing_begins_a_step_of_its_own() -> None:
    steps = [(step.first_frame, step.last_frame) for step in walk(case_of(changed(), lasts=16.0))]
    assert (number(5.0), number(8.01)) in steps
    assert (number(11.0), number(14.01)) in steps


def test_nothing_is_said_of_a_setting_that_stays() -> None:
    places = told_in(case_of(probing(1, 1, 1, 3, 1, 1), lasts=16.0))
    assert not any(places.values())
