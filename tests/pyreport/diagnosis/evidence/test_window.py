"""A receive window that was closed, and what asks for it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.base.claim import Claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.window import (
    asked_in_vain,
    closed_window,
    reopened_window,
    tell_asked_in_vain,
    window_probes,
)
from pyreport.diagnosis.result import Attribution, Confidence, Kind
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from pyreport.quality import FlawId
from pyreport.quality.flaw import Flaw
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, verdict_of
from tests.pyreport.told import told


def talked() -> Story:
    """Both have windows of 500."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    for seconds in (0.0, 0.010, 0.011, 0.9, 1.0, 1.1):
        story.marked(seconds, window=500)
    return story


def shut(side: str, *, at: float = 2.0, opens: float | None = None, flags: int = FLAG_ACK) -> Story:
    """The side shuts its window; the other one sends at 3, 5 and 8 s."""
    story = talked().frame(at, side, flags=flags).marked(at, window=0)
    for seconds in (3.0, 5.0, 8.0):
        story.frame(seconds, story.other(side)).marked(seconds, window=500)
    return story if opens is None else story.frame(opens, side).marked(opens, window=1)


@pytest.mark.parametrize("side", [CLIENT, SERVER])
@pytest.mark.parametrize("closes", [None, 20.0])
def test_a_window_that_stays_closed_lasts_to_the_close_or_to_the_captures_end(side: str, closes: float | None) -> None:
    story = shut(side)
    if closes is not None:
        story.fin(closes, CLIENT, 1.0)
    found = closed_window(case_of(story, lasts=60.0, local=CLIENT))
    assert found is not None
    assert (found.side, found.since.number) == (side, number(2.0))
    assert [frame.number for frame in found.asks] == [number(3.0), number(5.0), number(8.0)]
    assert found.frames == tuple(map(number, (2.0, 3.0, 5.0, 8.0)))
    assert found.lasted_ns == round(((closes or 60.0) - 2.0) * 1e9)


def silent_after_shutting(side: str, lasts: float) -> Case:
    """Nobody sends anything once the window is shut."""
    return case_of(talked().frame(2.0, side).marked(2.0, window=0), lasts=lasts, local=CLIENT)


@pytest.mark.parametrize(("lasts", "is_stalled"), [(4.0, True), (3.9, False), (60.0, True)])
def test_who_shuts_its_window_and_says_nothing_more_may_not_read(lasts: float, is_stalled: bool) -> None:
    verdict = verdict_of(silent_after_shutting(SERVER, lasts))
    assert (verdict.kind is Kind.PEER_STALLED) is is_stalled
    if is_stalled:
        assert (verdict.confidence, verdict.attribution) == (Confidence.POSSIBLE, (Attribution.PEER_SERVICE,))
        values = told(verdict.claims, "peer-stalled-window-closed").values
        assert (values["asks"], values["lasted"]) == (0, round((lasts - 2.0) * 1e9))


def test_the_own_window_that_nobody_asks_for_is_not_the_peers() -> None:
    assert verdict_of(silent_after_shutting(CLIENT, 60.0)).kind is not Kind.PEER_STALLED


def test_a_hole_in_the_capture_does_not_show_how_long_a_window_stayed_closed() -> None:
    case = silent_after_shutting(SERVER, 60.0)
    hole = Flaw(FlawId.CAPTURE_HOLE, Claim("quality-capture-hole"))
    found = closed_window(replace(case, quality=replace(case.quality, flaws=(*case.quality.flaws, hole))))
    assert found is not None
    assert found.lasted_ns == 0


@pytest.mark.parametrize(
    "story",
    [
        talked(),
        shut(SERVER, opens=9.0),  # one octet is a window
        shut(SERVER, flags=FLAG_FIN | FLAG_ACK),  # what closes, reads no more
        shut(SERVER, flags=FLAG_RST | FLAG_ACK),
    ],
    ids=["never shut", "opened", "by a FIN", "by an RST"],
)
def test_what_is_open_or_closes_is_no_closed_window(story: Story) -> None:
    story.expected.clear()
    assert closed_window(case_of(story, lasts=60.0, local=CLIENT)) is None


def test_a_window_counts_from_the_first_frame_that_shuts_it_since_it_was_open() -> None:
    story = shut(SERVER, opens=9.0)
    for seconds in (10.0, 11.0):
        story.frame(seconds, SERVER).marked(seconds, window=0)
    found = closed_window(case_of(story.frame(12.0, CLIENT).marked(12.0, window=500), lasts=60.0, local=CLIENT))
    assert found is not None
    assert found.frames == (number(10.0), number(12.0))


@pytest.mark.parametrize(("opens", "is_told"), [(4.0, True), (3.999, False), (9.0, True)])
def test_a_window_that_opens_again_is_told_where_it_was_shut_for_two_seconds(opens: float, is_told: bool) -> None:
    told = reopened_window(case_of(shut(SERVER, opens=opens), lasts=60.0, local=CLIENT))
    assert (told is not None) is is_told
    if told is not None:
        asks = [seconds for seconds in (3.0, 5.0, 8.0) if seconds < opens]
        assert told.frames == tuple(map(number, (2.0, *asks, opens)))
        assert (told.values["first"], told.values["last"]) == (number(2.0), number(opens))
        assert told.values["lasted"] == round((opens - 2.0) * 1e9)


def test_the_longest_of_them_is_told_and_none_that_nobody_asked_for() -> None:
    story = shut(SERVER, opens=4.5)
    story.frame(10.0, SERVER).marked(10.0, window=0).frame(20.0, SERVER).marked(20.0, window=500)
    told = reopened_window(case_of(story, lasts=60.0, local=CLIENT))
    assert told is not None
    assert (told.values["first"], told.values["last"]) == (number(2.0), number(4.5))
    story.frame(11.0, CLIENT).marked(11.0, window=500)
    told = reopened_window(case_of(story, lasts=60.0, local=CLIENT))
    assert told is not None
    assert (told.values["first"], told.values["last"]) == (number(10.0), number(20.0))


def asked(length: int, *, behind: bool, flags: int = FLAG_ACK) -> Case:
    """The server's window is shut; the client sends so many octets, of a number that it had sent before or not."""
    story = talked().frame(2.0, SERVER).marked(2.0, window=0)
    story.frame(5.0, CLIENT, flags=flags, length=length).marked(5.0, window=500)
    if behind:
        story.probing.add(number(5.0))
    return case_of(story.frame(9.0, SERVER).marked(9.0, window=0), lasts=60.0, local=CLIENT)


@pytest.mark.parametrize(
    ("length", "behind", "flags", "is_probe"),
    [
        (1, False, FLAG_ACK, True),
        (1, True, FLAG_ACK, True),
        (0, True, FLAG_ACK, True),
        (0, False, FLAG_ACK, False),  # an acknowledgment
        (2, False, FLAG_ACK, False),
        (1, False, FLAG_ACK | FLAG_FIN, False),
    ],
)
def test_a_window_probe_is_an_octet_or_an_empty_segment_of_an_old_number(
    length: int, behind: bool, flags: int, is_probe: bool
) -> None:
    assert window_probes(asked(length, behind=behind, flags=flags)) == ({number(5.0)} if is_probe else set())


def test_nothing_asks_for_a_window_that_is_open() -> None:
    case = case_of(talked().data(5.0, CLIENT, 1), lasts=60.0, local=CLIENT)
    assert window_probes(case) == set()


@pytest.mark.parametrize(
    ("asks", "is_told"),
    [
        ((3.0, 3.5, 4.0, 5.0), True),
        ((3.0, 3.5, 4.0, 4.999), False),  # a moment in which all may be lost
        ((3.0, 4.0, 5.0), False),  # too few
        ((2.5, 3.0, 4.0, 5.0), False),  # the first had its answer
    ],
)
def test_four_that_ask_for_a_window_over_two_seconds_got_no_answer(asks: tuple[float, ...], is_told: bool) -> None:
    """The server shuts its window at 2 s, and says so once more at 2.6 s."""
    story = talked().frame(2.0, SERVER).marked(2.0, window=0).frame(2.6, SERVER).marked(2.6, window=0)
    for seconds in asks:
        story.frame(seconds, CLIENT).marked(seconds, window=500)
    case = case_of(story, lasts=30.0, local=CLIENT)
    found = asked_in_vain(case, case.peer)
    assert (found is not None) is is_told
    assert asked_in_vain(case, case.local) is None
    if found is not None:
        told = tell_asked_in_vain(case, found)
        assert (told.values["frame"], told.values["asks"]) == (number(2.0), 4)
        assert told.values["lasted"] == round((asks[-1] - asks[0]) * 1e9)
        assert (told.values["who"], told.values["other"]) == (case.peer_party, case.local_party)


def test_nobody_is_asked_for_a_window_that_is_open() -> None:
    case = case_of(talked(), lasts=30.0, local=CLIENT)
    assert asked_in_vain(case, case.peer) is None
