"""The language of the locale."""

from __future__ import annotations

import re

import pytest
from babel import Locale

from pyreport.words.languages import FOLDER, LANGUAGES, language_of


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "ZH-hans"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE@euro"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LC_TIME": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_language_of_the_locale(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_a_language_is_a_folder() -> None:
    assert set(LANGUAGES) == {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert {"en", "zh"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_chooses_by_no_plural_that_its_language_does_not_have(language: str) -> None:
    """Chinese has one form for all numbers: a variant [one] is never taken there, [1] is (CLDR, plural rules)."""
    absent = {"zero", "one", "two", "few", "many"} - Locale.parse(language).plural_form.tags
    dead = re.compile(rf"^\s*\*?\[({'|'.join(sorted(absent))})\]", re.MULTILINE)
    found = {path.name: dead.findall(path.read_text(encoding="utf-8")) for path in (FOLDER / language).glob("*.ftl")}
    assert {name: variants for name, variants in found.items() if variants} == {}
