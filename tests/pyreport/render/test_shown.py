"""How single values are printed: claims that say the same of other frames."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Claim
from pyreport.render.shown import MOST_ALIKE, as_item, few_alike


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
