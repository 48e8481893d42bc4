"""What the other side may say against a verdict, and what answers it."""

from __future__ import annotations

import pytest

from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import ExplanationId, Kind, Objection, Status
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, verdict_of
from tests.pyreport.told import ids

COPIES = (5.0, 5.3, 5.9, 7.1, 9.5)


def objection_of(case: Case) -> Objection:
    found = verdict_of(case).objection
    assert found is not None
    return found


def in_vain(*others: Story, length: int = 100, heard: tuple[float, ...] = ()) -> Case:
    """Data of the client that nothing acknowledges; ``heard``: when the server is heard on the connection."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    story.sent_again(CLIENT, *COPIES, length=length)
    for seconds in heard:
        story.frame(seconds, SERVER)
    return case_of(story, *others, lasts=60.0, local=CLIENT)


def alive() -> Story:
    other = Story("10.0.0.1:41000", "10.0.9.9:8888", stream=1).handshake(0.1)
    for half in range(1, 60):
        other.data(half / 2 + 0.03, "10.0.0.1:41000").data(half / 2 + 0.04, "10.0.9.9:8888")
    return other


@pytest.mark.parametrize(
    ("case", "proof"),
    [
        (in_vain(alive()), ExplanationId.HOST_FROZEN_THERE),
        (in_vain(length=1448, heard=(5.5, 6.5, 7.05, 8.5)), ExplanationId.HOST_FROZEN_THERE),
    ],
    ids=["the host was heard", "small ones pass"],
)
def test_that_the_other_host_was_down_is_answered_by_what_shows_otherwise(case: Case, proof: ExplanationId) -> None:
    weighed = {found.id: found for found in diagnose(case)[0]}
    assert verdict_of(case).kind is Kind.PATH_LOST
    found = objection_of(case)
    assert found.argument.id == "objection-other-host-down"
    assert weighed[proof].status in (Status.RULED_OUT, Status.SUPPORTED)
    assert any(reply in (weighed[proof].weightiest, *weighed[proof].evidence) for reply in found.reply)


def test_where_nothing_tells_silence_looks_the_same() -> None:
    found = objection_of(in_vain())
    assert (found.argument.id, ids(found.reply)[0]) == ("objection-other-host-down", "silence-looks-the-same")


@pytest.mark.parametrize(
    ("last", "reply"), [(CLIENT, "reply-may-be-owed"), (SERVER, "reply-not-owed"), ("", "reply-no-data")]
)
def test_an_own_close_is_held_against_what_was_said_last(last: str, reply: str) -> None:
    story = Story().handshake()
    if last:
        story.data(1.0, last).frame(1.01, story.other(last))
    story.answering_fin(2.5, CLIENT).frame(2.51, SERVER)
    found = objection_of(case_of(story, lasts=20.0, local=CLIENT))
    assert ids(found.reply) == [reply]
    if last:
        assert (found.reply[0].frames, found.reply[0].values["waited"]) == ((number(1.0),), 1_500_000_000)
