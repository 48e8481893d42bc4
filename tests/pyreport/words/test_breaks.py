"""Where lines may be broken."""

from __future__ import annotations

import pytest

from pyreport.words.breaks import columns, kept_together, pieces


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("RST, frame 980", ["RST, ", "frame 980"]),
        ("the log says “broken pipe”, twice …", ["the ", "log ", "says ", "“broken ", "pipe”, ", "twice ", "…"]),
        ("对 FIN 的 ACK", ["对 ", "FIN ", "的 ", "ACK"]),
        ("探测包，第 941 号报文。", ["探", "测", "包，", "第 941 号报文。"]),
        ("共 11 个", ["共 ", "11 个"]),
        ("无数据（FIN）", ["无", "数", "据", "（FIN）"]),
        ("称“写 a”。", ["称", "“写 ", "a”。"]),
        ("10.226.5.4:9092 先", ["10.226.5.4:9092 先"]),
    ],
)
def test_pieces(text: str, parts: list[str]) -> None:
    assert pieces(text) == parts
    assert "".join(pieces(text)) == text


def test_no_line_begins_with_a_stop_or_ends_with_an_opening_bracket() -> None:
    parts = pieces("甲，乙。丙（丁）、“戊”；《己》：“庚？”！辛……壬——[path_lost，可能]子(丑)")
    assert not [part for part in parts if part[0] in "，。、）”；》：？！…—)]" or part[-1] in "（“《(["]


def test_numbers_stay_with_their_counters() -> None:
    assert kept_together("第 940 号 60.0 秒") == "第\xa0940\xa0号 60.0\xa0秒"
    assert kept_together("（RFC 1122 第 4 节）") == "（RFC\xa01122 第\xa04\xa0节）"
    assert kept_together("frame 940 of 11 frames") == "frame\xa0940 of 11 frames"
    assert kept_together("after 60.0 s, for 1 h 05 min 00 s") == "after 60.0\xa0s, for 1\xa0h\xa005\xa0min\xa000\xa0s"
    assert kept_together("after 10 d 00 h 05 min") == "after 10\xa0d\xa000\xa0h\xa005\xa0min"
    assert kept_together("3 seconds, 9 short ones") == "3 seconds, 9 short ones"


def test_chinese_takes_two_columns() -> None:
    assert columns("报文 940") == 8
