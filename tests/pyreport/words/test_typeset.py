"""Spaces where Chinese meets Latin letters, and nowhere else."""

from __future__ import annotations

import pytest

from pyreport.words.typeset import has_han, quoted, typeset


@pytest.mark.parametrize(
    ("text", "set_text"),
    [
        ("客户端 先关闭", "客户端先关闭"),
        ("10.0.0.1:9092 先关闭", "10.0.0.1:9092 先关闭"),
        ("发出11个", "发出 11 个"),
        ("收到 FIN 。", "收到 FIN。"),
        ("连接（ FIN ）", "连接（FIN）"),
        ("日志称 “x” 。", "日志称“x”。"),
        ("60.0 秒 没有数据", "60.0 秒没有数据"),
        (" （第 940 号报文）", "（第 940 号报文）"),
        ("The  client closed.", "The  client closed."),
        ("a … b", "a … b"),
    ],
)
def test_spaces(text: str, set_text: str) -> None:
    assert typeset(text) == set_text


def test_what_is_quoted_keeps_its_spaces() -> None:
    said = "错误 ：a错 b 。"
    assert typeset(f"日志称“{quoted(said)}”。") == f"日志称“{said}”。"
    assert typeset(f"The log says “{quoted(said)}”.") == f"The log says “{said}”."


def test_an_argument_gets_its_space_by_what_it_is() -> None:
    assert typeset(f"{quoted('抓包.pcap')} 已损坏") == "抓包.pcap 已损坏"
    assert typeset(f"文件{quoted('a.pcap')}已损坏") == "文件 a.pcap 已损坏"
    assert typeset(f"文件 {quoted('抓包')} 已损坏") == "文件抓包已损坏"


def test_what_is_quoted_makes_no_message_chinese() -> None:
    assert not has_han(f"It says {quoted('错误')}.")
    assert has_han("（")


def test_no_mark_can_be_brought_along() -> None:
    assert typeset(quoted("\ue000a\ue001b")) == "ab"
