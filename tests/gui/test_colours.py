"""The profile's colours are told apart, also by colour-blind readers, and its text can be read."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from tests.gui import every_class
from tests.gui.colour_vision import VISION, contrast, difference, lab
from tests.gui.every_class import ANSWER, CLOSING_RESET, FIN_ACKED, MISSED, PROBE, TURNING_FIN, WRITE
from tests.gui.profile_files import ColourRule, colour_rules

RULES = {rule.name: rule for rule in colour_rules()}

# The rules by the level of the finding that decides. Worse is darker; within a level, families go by hue.
ERROR = {every_class.GAVE_UP, CLOSING_RESET}
WARN = {MISSED, WRITE, every_class.OWN_FIN_WRITE, every_class.UNANSWERED, every_class.RESET}
NOTE = {TURNING_FIN, every_class.LATE, every_class.EVERYDAY}
CHAT = {FIN_ACKED, PROBE, ANSWER}
# Lightness L* of the rows of each level, from and to.
LIGHTNESS = {"Error": (ERROR, 0, 20), "Warn": (WARN, 24, 65), "Note": (NOTE, 71, 92), "Chat": (CHAT, 80, 97)}

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
    """The FIN that matters and the RST of the closing side, against the three things and each other."""
    for one, other in combinations((PROBE, MISSED, WRITE, CLOSING_RESET, TURNING_FIN), 2):
        assert difference(RULES[one].background, RULES[other].background, vision) >= CLEARLY, (one, other)


@pytest.mark.parametrize("vision", VISION)
def test_no_two_classes_look_alike(vision: str) -> None:
    """Only the palest classes may come near to another: the column names them."""
    for one, other in combinations(RULES.values(), 2):
        near = {one.name, other.name} & {ANSWER, FIN_ACKED}
        assert difference(one.background, other.background, vision) >= (PAIRED if near else APART), (one, other)


@pytest.mark.parametrize("vision", VISION)
def test_what_went_wrong_never_looks_like_what_did_not(vision: str) -> None:
    """Each class at Warn or Error, against each at Note or Chat."""
    for loud, quiet in product(WARN | ERROR, NOTE | CHAT):
        assert difference(RULES[loud].background, RULES[quiet].background, vision) >= CLEARLY, (loud, quiet)


@pytest.mark.parametrize("vision", VISION)
def test_the_fin_that_matters_differs_from_an_everyday_close(vision: str) -> None:
    assert difference(RULES[TURNING_FIN].background, RULES[every_class.EVERYDAY].background, vision) >= APART


def test_every_class_has_a_level() -> None:
    assert sorted([*ERROR, *WARN, *NOTE, *CHAT]) == sorted(RULES)


@pytest.mark.parametrize("level", LIGHTNESS)
@pytest.mark.parametrize("vision", VISION)
def test_worse_is_darker(vision: str, level: str) -> None:
    """Lightness alone tells the level, whatever the eyes; between Note and Warn there is a gap."""
    names, darkest, lightest = LIGHTNESS[level]
    for name in names:
        assert darkest <= lab(RULES[name].background, vision)[0] <= lightest, name
