"""What tells one explanation from its neighbour: pairs of cases that differ in one thing. Mutants lived here."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_MS
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.explanations.peer_idle_close import is_limit_age
from pyreport.diagnosis.result import Kind, Status
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, steady_neighbour, verdict_of, weigh
from tests.pyreport.diagnosis.evidence.test_second_clock import probed, stamp
from tests.pyreport.diagnosis.test_explanations import frozen
from tests.pyreport.diagnosis.test_explanations_peer import silent_peer, unacknowledged
from tests.pyreport.diagnosis.test_health import asked
from tests.pyreport.told import ids, told


@pytest.mark.parametrize(("more_ms", "is_another"), [(600, False), (640, False), (641, True), (700, True)])
def test_two_ages_of_a_close_agree_within_half_a_second_and_a_fiftieth(more_ms: int, is_another: bool) -> None:
    """The closer's clock says that its FIN was made so much later than the 7 s that the capture tells."""
    age = close_age(case_of(stamp(probed(), {}, {8.0: 8.0 + more_ms / 1000})))
    assert age is not None
    assert age.closer_ns == ((7_000 + more_ms) * NS_PER_MS if is_another else None)


def test_gaps_of_others_that_moved_the_grid_are_not_told_as_come_back_on_time() -> None:
    assert "neighbours-came-back-on-time" not in ids(weigh("probe_not_sent", frozen()).evidence)


@pytest.mark.parametrize(
    ("neighbours", "reply"),
    [
        ((), ["silence-looks-the-same", "wait-probes-no-answer"]),
        ((steady_neighbour(1, 30.0),), ["wait-probes-host-heard"]),
    ],
    ids=["alone", "heard meanwhile"],
)  # fmt: skip
def test_the_objection_to_a_lost_path_is_the_other_host(neighbours: tuple[Story, ...], reply: list[str]) -> None:
    """As long as nothing shows that the other host stood still."""
    verdict = verdict_of(case_of(silent_peer(None), *neighbours, log="connection timed out"))
    assert verdict.kind is Kind.PATH_LOST
    assert verdict.objection is not None
    assert verdict.objection.argument.id == "objection-other-host-down"
    assert ids(verdict.objection.reply) == reply


def test_small_segments_beyond_a_hole_are_counted_once() -> None:
    story = asked().after_unseen(5.0, SERVER, 5792)
    for seconds in (5.1, 6.0, 7.0, 8.0, 9.0):
        story.frame(seconds, CLIENT).frame(seconds + 0.01, SERVER)
    small = told(weigh("mtu_black_hole", case_of(story)).evidence, "mtu-small-pass")
    assert small.values["small"] == len(small.frames) == 6
    assert small.frames[0] == number(5.0)


def closing(stream: int, *, is_late: bool) -> Story:
    """A connection that the server closes at 61 s. ``is_late``: by its clock its FIN had been made 9 s later, and it
    went on 22 s further on: the host of the capture stood still.
    """
    client = f"10.0.0.1:{41000 + stream}" if stream else CLIENT
    first = 1.0 + 12 * stream
    fin = 61.0 + stream / 100
    story = Story(client, stream=stream).handshake(0.1 * stream).data(first - 0.1, client).data(first, SERVER)
    story.probes(6.1 + 12 * stream, (55 - 12 * stream) // 5).fin(fin, SERVER, first)
    for frame in list(story.frames.values()):
        seconds = (frame.number - 1) / 1000
        late = 9.0 * (seconds == fin) + 22.0 * (seconds > fin)
        ticks = seconds + late * (is_late and frame.source == SERVER)
        story.marked(seconds, timestamp=70_000 + round(ticks * 1000))
    return story


@pytest.mark.parametrize(("is_late", "status"), [(False, Status.SUPPORTED), (True, Status.NO_EVIDENCE)])
def test_closes_that_were_taken_in_late_are_not_of_one_moment(is_late: bool, status: Status) -> None:
    stories = [closing(stream, is_late=is_late) for stream in range(3)]
    for story in stories:
        story.probe(66.1 + story.stream * 0.003, after_fin=61.0 + story.stream / 100)
    assert weigh("peer_restart", case_of(*stories)).status is status


@pytest.mark.parametrize(("closer", "is_limit"), [(SERVER, True), (CLIENT, False)])
def test_the_age_at_the_own_close_is_no_limit_of_the_peer(closer: str, is_limit: bool) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).fin(61.0, closer, 1.0)
    assert is_limit_age(case_of(story, local=CLIENT)) is is_limit


def test_the_verdict_counts_the_repeats_and_not_the_first_sending() -> None:
    verdict = verdict_of(case_of(unacknowledged(), log="connection timed out"))
    assert told(verdict.claims, "data-never-acknowledged").values["repeats"] == 5
