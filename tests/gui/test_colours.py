"""The profile's colours are told apart, also by colour-blind readers, and its text can be read."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.gui.colour_vision import VISION, contrast, difference, lab
from tests.gui.profile_files import ColourRule, colour_rules

RULES = {rule.name: rule for rule in colour_rules()}

PROBE = "Keep-alive probe"
ANSWER = "Keep-alive answer"
MISSED = "Missed keep-alive interval"
WRITE = "Write after the peer's FIN"
CLOSING_RESET = "RST after the closing side's FIN"
FIRST_FIN = "First FIN"
LOUD = (
    MISSED,
    WRITE,
    CLOSING_RESET,
    "Keep-alive gave up",
    "Data after the sender's own FIN",
    "RST ends the connection",
)
QUIET = (PROBE, ANSWER, "FIN acknowledged", "Late keep-alive probe")

# Just noticeable is 2.3. Neighbouring rows need more, and what the profile is for must be seen at a glance.
AT_A_GLANCE = 40
CLEARLY = 25
APART = 10
PAIRED = 5


def test_the_vision_model_agrees_with_known_colours() -> None:
    """Grey stays grey in each simulation, red and green meet for the red-green blind, and published values hold."""
    for vision in VISION:
        assert difference((128, 128, 128), (128, 128, 128), vision) == 0
        assert lab((128, 128, 128), vision) == pytest.approx((53.585, 0, 0), abs=0.02)
    assert lab((255, 0, 0)) == pytest.approx((53.24, 80.09, 67.20), abs=0.02)
    for vision in ("protanopia", "deuteranopia"):
        assert difference((160, 110, 40), (100, 130, 40), vision) < difference((160, 110, 40), (100, 130, 40)) / 3
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_text_can_be_read(rule: ColourRule) -> None:
    """WCAG 2.1, success criterion 1.4.3 (AA)."""
    assert contrast(rule.foreground, rule.background) >= 4.5


@pytest.mark.parametrize("vision", VISION)
def test_the_three_things_are_told_apart_at_a_glance(vision: str) -> None:
    """A keep-alive probe, a missed interval, a post-FIN write."""
    for one, other in combinations((PROBE, MISSED, WRITE), 2):
        assert difference(RULES[one].background, RULES[other].background, vision) >= AT_A_GLANCE, (one, other)


@pytest.mark.parametrize("vision", VISION)
def test_the_close_is_told_apart(vision: str) -> None:
    """The first FIN and the RST of the closing side, against the three things and each other."""
    for one, other in combinations((PROBE, MISSED, WRITE, CLOSING_RESET, FIRST_FIN), 2):
        assert difference(RULES[one].background, RULES[other].background, vision) >= CLEARLY, (one, other)


@pytest.mark.parametrize("vision", VISION)
def test_no_two_classes_look_alike(vision: str) -> None:
    """Only the palest class may come near to another: an answer stands below its probe, and the column names it."""
    for one, other in combinations(RULES.values(), 2):
        if one.background == other.background:
            continue
        near = ANSWER in (one.name, other.name) or not one.filter.startswith("keepalive.")
        assert difference(one.background, other.background, vision) >= (PAIRED if near else APART), (one, other)


@pytest.mark.parametrize("vision", VISION)
def test_loud_is_dark_and_quiet_is_pale(vision: str) -> None:
    """Lightness alone tells a healthy row from one that matters, and a missed interval from a post-FIN write."""
    for name in QUIET:
        assert lab(RULES[name].background, vision)[0] > 78
    for name in LOUD:
        assert lab(RULES[name].background, vision)[0] < 72
    missed, write, reset = (lab(RULES[name].background, vision)[0] for name in (MISSED, WRITE, CLOSING_RESET))
    assert missed > write + 12 > reset + 24
