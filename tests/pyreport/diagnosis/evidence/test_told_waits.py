"""What is told of a stretch in which one side asked in vain."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Party
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.told_waits import ARRIVED, REACHED_LINK, host_was_heard, no_answer
from pyreport.diagnosis.evidence.waits import Wait, waits
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN
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


@pytest.mark.parametrize(("flags", "kind"), [(FLAG_SYN, "syns"), (FLAG_SYN | FLAG_ACK, "data")])
def test_a_syn_that_arrived_is_told_as_one_and_an_answer_to_one_is_not(flags: int, kind: str) -> None:
    """The server was sent SYNs, or the client SYN-ACKs; each where it was captured."""
    story = Story()
    side = CLIENT
    if flags & FLAG_ACK:
        story.frame(1.0, CLIENT, flags=FLAG_SYN)
        side = SERVER
    for index, seconds in enumerate(COPIES):
        story.frame(seconds, side, flags=flags, retransmission=index > 0)
        story.lost.add(number(seconds))
    other = Story("10.0.0.1:41000", stream=1).handshake(0.1).data(0.2, "10.0.0.1:41000").data(0.3, SERVER)
    stories = [at_the_server(each) if side == CLIENT else each for each in (story, other)]
    case = case_of(*stories, lasts=30.0, local=CLIENT)
    (wait,) = waits(case)
    assert case.quality.vantage.is_at(wait.silent)
    how_far = ARRIVED if case.quality.vantage.is_surely_at(wait.silent) else REACHED_LINK
    assert no_answer(case, wait).id == (how_far.syns if kind == "syns" else how_far.data)
