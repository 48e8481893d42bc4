"""How single values are printed: claims that say the same of other frames."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Claim
from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.narrative.model import Step, StepKind
from pyreport.render.shown import MOST_ALIKE, as_item, by_reason, few_alike, step_rows
from pyreport.words import Words


def test_a_sentence_before_a_command_ends_without_it() -> None:
    assert [as_item(text) for text in ("Run this:", "运行：", "Which limit is it?", "")] == [
        "Run this.",
        "运行。",
        "Which limit is it?",
        "",
    ]


def gaps(count: int) -> list[Claim]:
    return [Claim("gap", (number,)) for number in range(count)]


def test_of_what_is_said_again_and_again_the_first_ones_are_kept() -> None:
    others = [Claim("before"), Claim("after")]
    shown = few_alike([others[0], *gaps(300), others[1]], most=8)
    assert shown == [others[0], *gaps(MOST_ALIKE), others[1]]


@pytest.mark.parametrize("count", [0, 1, MOST_ALIKE, MOST_ALIKE + 1])
def test_no_single_one_is_left_out(count: int) -> None:
    assert few_alike(gaps(count), most=8) == gaps(count)


def test_what_differs_is_kept_up_to_the_most() -> None:
    claims = [Claim(f"claim-{number}") for number in range(20)]
    assert few_alike(claims, most=8) == claims[:8]


def step(number: int, start: int, end: int) -> Step:
    """A step from one second of the epoch to another."""
    times = start * NS_PER_S, end * NS_PER_S
    return Step(number, StepKind.DATA, (), *times, None, number, number)


def test_a_step_that_ends_on_another_day_says_so() -> None:
    """The day is told where it changes, and once."""
    day = 86_400
    steps = step(1, 0, 5), step(2, 10, 3 * day + 5), step(3, 3 * day + 9, 3 * day + 9), step(4, 4 * day, 4 * day)
    told = [(row.date, row.start, row.end) for row in step_rows(steps, (), Words())]
    assert told == [
        ("1970-01-01", "00:00:00.000000", "00:00:05.000000"),
        ("", "00:00:10.000000", "1970-01-04 00:00:05.000000"),
        ("", "00:00:09.000000", ""),
        ("1970-01-05", "00:00:00.000000", ""),
    ]


def test_explanations_that_stand_alike_for_one_reason_are_one_row() -> None:
    def weighed(identifier: ExplanationId, status: Status, *evidence: Claim) -> Explanation:
        return Explanation(identifier, status, evidence)

    untold, other = Claim("one-direction-untold"), Claim("another")
    no_sign = Status.NO_EVIDENCE
    first = weighed(ExplanationId.PATH_LOSS, no_sign, untold, other)
    between = weighed(ExplanationId.PEER_RESTART, no_sign, other)
    alike = weighed(ExplanationId.MTU_BLACK_HOLE, no_sign, untold)
    ruled_out = weighed(ExplanationId.HOST_FROZEN_HERE, Status.RULED_OUT, untold)
    bare = [weighed(one, no_sign) for one in (ExplanationId.CAPTURE_LOSS, ExplanationId.PEER_IDLE_CLOSE)]
    rows = by_reason([first, between, alike, ruled_out, *bare])
    assert rows == [(first, alike), (between,), (ruled_out,), *((one,) for one in bare)]
