"""What looks like a monitor's check, and what only looks alike."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.health_check import _are_of_timers, asking_checks, checked_service, question_of
from pyreport.diagnosis.result import Attribution, Confidence, Kind
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, verdict_of
from tests.pyreport.told import told


def check(after: float = 0.02) -> Story:
    """The client opens the connection and resets it."""
    return Story().handshake(1.0).frame(1.0 + after, CLIENT, flags=FLAG_RST | FLAG_ACK)


@pytest.mark.parametrize(("after", "is_check"), [(0.02, True), (1.0, True), (1.001, False)])
def test_a_check_is_over_within_a_second(after: float, is_check: bool) -> None:
    assert checked_service(case_of(check(after)).connection) == (SERVER if is_check else None)


@pytest.mark.parametrize(
    "alike",
    [
        pytest.param(check().data(1.015, CLIENT), id="payload"),
        pytest.param(check().frame(1.015, SERVER, flags=FLAG_FIN | FLAG_ACK), id="a FIN"),
        pytest.param(check().frame(1.015, SERVER, flags=FLAG_RST | FLAG_ACK), id="the server's RST"),
        pytest.param(Story().handshake(1.0), id="no RST"),
        pytest.param(Story().frame(1.0, CLIENT).frame(1.01, CLIENT, flags=FLAG_RST), id="from the middle"),
        pytest.param(
            Story().frame(1.0, CLIENT, flags=FLAG_SYN).frame(1.1, CLIENT, flags=FLAG_RST), id="nobody answered"
        ),
    ],
)
def test_what_looks_alike_and_is_none(alike: Story) -> None:
    assert checked_service(case_of(alike, lasts=9.0).connection) is None


# Checks that ask something -------------------------------------------------------------------------------------------


def asking(begin: float = 1.0, stream: int = 0, octets: int = 90, over: float = 0.03) -> Story:
    """HAProxy's httpchk: OPTIONS, the answer, and an RST."""
    story = Story(f"10.0.0.1:{40_000 + stream}", stream=stream).handshake(begin)
    story.data(begin + 0.012, story.client, octets).data(begin + 0.02, SERVER, 200)
    return story.frame(begin + over, story.client, flags=FLAG_RST | FLAG_ACK)


def checks_at(*begins: float, octets: tuple[int, ...] = (90,)) -> tuple[int, ...]:
    """The streams that a check belongs to, among those that begin at these times."""
    first, *others = (asking(begin, number, octets[number % len(octets)]) for number, begin in enumerate(begins))
    case = case_of(first, *others, lasts=60.0)
    return tuple(check.stream for check in asking_checks(case.index, case.connection))


@pytest.mark.parametrize(
    ("begins", "are_checks"),
    [
        ((1.0, 3.0, 5.0, 7.0), True),
        ((1.0, 3.05, 5.0, 7.03), True),  # within 5 % of two seconds
        ((1.0, 3.0, 5.0), False),
        ((1.0, 2.0, 6.0, 7.5), False),
        ((1.0, 3.0, 5.0, 7.2), False),
    ],
)
def test_checks_that_ask_come_at_equal_distances(begins: tuple[float, ...], are_checks: bool) -> None:
    assert checks_at(*begins) == (tuple(range(len(begins))) if are_checks else ())


def test_checks_ask_the_same() -> None:
    assert checks_at(1.0, 3.0, 5.0, 7.0, octets=(90, 400)) == ()


@pytest.mark.parametrize(
    "alike",
    [
        pytest.param(asking(octets=1_001), id="a long request"),
        pytest.param(asking(over=1.001), id="not at once"),
        pytest.param(asking().frame(1.025, "10.0.0.1:40000", flags=FLAG_FIN | FLAG_ACK), id="it closed in order"),
        pytest.param(asking().data(1.025, "10.0.0.1:40000"), id="it asked more"),
        pytest.param(
            Story().handshake(1.0).data(1.012, CLIENT).frame(1.03, CLIENT, flags=FLAG_RST | FLAG_ACK), id="no answer"
        ),
        pytest.param(
            Story().handshake(1.0).data(1.012, CLIENT).data(1.02, SERVER).frame(1.03, CLIENT, flags=FLAG_RST),
            id="it did not take the answer",
        ),
        pytest.param(asking().frame(1.025, SERVER, flags=FLAG_RST | FLAG_ACK), id="the server's RST"),
    ],
)
def test_what_asks_and_is_no_check(alike: Story) -> None:
    assert question_of(case_of(alike, lasts=9.0).connection) is None


def test_the_server_may_close_behind_its_answer() -> None:
    story = asking().frame(1.025, SERVER, flags=FLAG_FIN | FLAG_ACK)
    question = question_of(case_of(story, lasts=9.0).connection)
    assert question is not None
    assert (question.service, question.client, question.octets) == (SERVER, "10.0.0.1", 90)


def test_the_verdict_on_a_check_that_asks_and_on_a_client_that_resets_once() -> None:
    checks = [asking(1.0 + 2 * number, number) for number in range(5)]
    verdict = verdict_of(case_of(*checks, lasts=60.0))
    assert (verdict.kind, verdict.confidence, verdict.attribution) == (
        Kind.HEALTH_CHECK,
        Confidence.LIKELY,
        (Attribution.HEALTHY,),
    )
    assert told(verdict.claims, "health-check-evenly").values["every"] == 2_000_000_000
    assert verdict_of(case_of(checks[0], lasts=60.0)).kind is not Kind.HEALTH_CHECK


SECOND = 1_000_000_000


def every(seconds: float, count: int, begin: float = 0.0) -> list[int]:
    return [round((begin + seconds * turn) * SECOND) for turn in range(count)]


@pytest.mark.parametrize(
    ("times", "is_told"),
    [
        (every(2.0, 4), True),
        (every(2.0, 3), False),
        ([*every(2.0, 8), round(16.4 * SECOND), *every(2.0, 3, 18.0)], True),  # a busy host made one late
        ([*every(2.0, 5), 11 * SECOND], True),  # one step in five
        ([*every(2.0, 4), 9 * SECOND], False),
        (every(2.0, 9) + every(3.1, 6, 0.4), True),
        (every(2.0, 9) + every(2.0, 9, 0.3) + every(3.1, 6, 0.4), True),
        (every(2.0, 9) + every(3.1, 4, 0.4), False),  # four in between are no timer's yet
        # A client that asks when it has something to ask.
        ([round(at * SECOND) for at in (0, 0.9, 1.3, 3.1, 4.9, 5.0, 7.7, 8.1, 9.9, 12.8, 13.1, 15.7)], False),
        (every(2.0, 9) + [round(at * SECOND) for at in (0.9, 1.3, 3.1, 4.9, 7.7, 8.1, 9.9, 12.8)], False),
    ],
)
def test_one_timer_or_a_few_ask_so_evenly(times: list[int], is_told: bool) -> None:
    assert _are_of_timers(sorted(times)) is is_told
