"""The language of what a report quotes, by its letters."""

from __future__ import annotations

import pytest

from pyreport.render.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("2022-09-30 00:08:53.470 write: broken pipe", "en"),
        ("“Connection reset” → 10.0.0.1", "en"),
        ("", "en"),
        ("err:消费失败: broken pipe", "zh-CN"),
        ("接続がリセットされました", ""),
        ("연결이 漢字 끊어졌습니다", ""),
        ("Connexion réinitialisée par le correspondant", ""),
        ("соединение разорвано", ""),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language
