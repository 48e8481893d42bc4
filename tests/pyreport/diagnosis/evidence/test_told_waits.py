"""What is told of a stretch in which one side asked in vain."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Party
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.told_waits import host_was_heard, no_answer
from pyreport.diagnosis.evidence.waits import Wait, waits
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number

COPIES = (5.0, 5.3, 5.9, 7.1, 9.5)


def asked(count: int, *, probes: bool = False, at_server: bool = False) -> tuple[Case, Wait]:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    if probes:
        story.probes_in_vain(6.1, count)
        lasts = 6.1 + 5.0 * count + 2.0
    else:
        story.sent_again(CLIENT, *COPIES[:count])
        lasts = 30.0
    case = case_of(at_the_server(story) if at_server else story, lasts=lasts, local=CLIENT)
    (wait,) = waits(case)
    return case, wait


@pytest.mark.parametrize("count", [2, 4, 5])
def test_data_was_repeated_once_less_than_it_was_sent(count: int) -> None:
    case, wait = asked(count)
    for told in (no_answer(case, wait), host_was_heard(case, wait, 7)):
        assert told.frames == tuple(map(number, COPIES[:count]))
        assert told.values["repeats"] == count - 1
        assert (told.values["asker"], told.values["silent"]) == (Party.CLIENT, Party.SERVER)
    assert host_was_heard(case, wait, 7).values["heard"] == 7


@pytest.mark.parametrize("count", [2, 4])
def test_each_probe_counts(count: int) -> None:
    case, wait = asked(count, probes=True)
    for told in (no_answer(case, wait), host_was_heard(case, wait, 7)):
        assert told.frames == wait.frames
        assert told.values["probes"] == count


@pytest.mark.parametrize(("probes", "kind"), [(False, "data"), (True, "probes")])
@pytest.mark.parametrize("at_server", [True, False])
def test_how_far_it_came_is_told_by_where_it_was_captured(probes: bool, kind: str, at_server: bool) -> None:
    case, wait = asked(4, probes=probes, at_server=at_server)
    told = no_answer(case, wait)
    assert told.id.startswith(f"wait-{kind}-")
    assert (told.id == f"wait-{kind}-no-answer") is not at_server
    assert case.quality.vantage.is_at(wait.silent) is at_server
    assert host_was_heard(case, wait, 1).id == f"wait-{kind}-host-heard"
