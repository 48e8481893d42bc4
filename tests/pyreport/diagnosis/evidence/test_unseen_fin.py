"""A FIN of the other side that the capture lacks, told by what is acknowledged with the first one."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.unseen_fin import unseen_fin
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number


def closed(octets: int, *, seen: bool = False, by_fin: bool = False, then: int = 0) -> Story:
    """The server acknowledges so many octets of the client that the capture lacks (``seen``: that it has), and closes;
    ``by_fin``: with its FIN alone. ``then``: how much more of the client it acknowledges after its FIN.
    """
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.01, CLIENT)
    story.data(60.0, CLIENT, octets)
    if not seen:
        story.not_captured(60.0)
    if not by_fin:
        story.frame(60.01, SERVER)
    story.answering_fin(61.0, SERVER)
    if then:
        story.data(61.5, CLIENT, then).not_captured(61.5).frame(61.51, SERVER)
    return story


@pytest.mark.parametrize("by_fin", [True, False])
@pytest.mark.parametrize(("octets", "is_told"), [(1, True), (2, False)])
def test_one_octet_more_than_the_capture_has_may_be_the_other_sides_fin(
    octets: int, is_told: bool, by_fin: bool
) -> None:
    case = case_of(closed(octets, by_fin=by_fin), lasts=90.0)
    assert case.doubt is not None
    found = unseen_fin(case)
    assert (found is not None) is is_told
    if found is not None:
        shown = number(61.0 if by_fin else 60.01)
        assert (found.frames, found.values["frame"]) == ((shown, number(61.0)), shown)


def test_what_the_capture_has_or_what_came_after_the_fin_is_none() -> None:
    assert unseen_fin(case_of(closed(1, seen=True), lasts=90.0)) is None
    assert unseen_fin(case_of(closed(2, then=1), lasts=90.0)) is None


def test_only_the_last_step_is_the_fins() -> None:
    """An octet of long before was payload, for more followed it."""
    story = Story().handshake().data(0.9, CLIENT, 1).frame(0.95, SERVER).data(1.0, CLIENT, 5).data(1.1, SERVER)
    story.data(60.0, CLIENT, 300).not_captured(60.0).frame(60.01, SERVER).answering_fin(61.0, SERVER)
    assert unseen_fin(case_of(story, lasts=90.0)) is None
