"""Characters without a font."""

from __future__ import annotations

import pytest

from pyreport.render.fonts import missing_characters, packages_for


def test_what_the_fonts_of_the_setup_have_is_not_missing() -> None:
    assert missing_characters("The client → 客户端 “ü” ✔ ◐ µs\n\u00a0\u200b") == ()


def test_what_no_font_has_is_told_once_and_in_order() -> None:
    assert missing_characters("a\U0010fffdb\U000e0fff\U0010fffd") == ("\U000e0fff", "\U0010fffd")


@pytest.mark.parametrize(
    ("text", "packages"),
    [
        ("错", ("fonts-noto-cjk",)),
        ("かカ", ("fonts-noto-cjk",)),
        ("한", ("fonts-noto-cjk",)),
        ("ก", ("fonts-noto-core",)),
        ("错ก😀", ("fonts-noto-cjk", "fonts-noto-core", "fonts-symbola")),
    ],
)
def test_packages(text: str, packages: tuple[str, ...]) -> None:
    assert packages_for(text) == packages
