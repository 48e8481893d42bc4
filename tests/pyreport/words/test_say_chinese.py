"""The Chinese messages: no English left, no word that says something else, counts and times in the Chinese way."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from pyreport.base.claim import Duration, Moment, Party, claim
from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.words import Words
from pyreport.words.languages import FOLDER

WORDS = Words("zh", ZoneInfo("Asia/Shanghai"))


class _Texts(Visitor):
    """What a message prints besides its arguments."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_TextElement(self, node: ftl.TextElement) -> None:  # noqa: N802 - the visitor's way
        self.found.append(node.value)


def texts(language: str) -> dict[str, str]:
    """The messages of a language without their arguments."""
    found = {}
    for path in (FOLDER / language).glob("*.ftl"):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, ftl.Message):
                reader = _Texts()
                reader.visit(entry)
                found[entry.id.name] = "\n".join(reader.found)
    return found


CHINESE = texts("zh")
# Three words in a row; the names, options and commands that have them.
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’-]+(?: [A-Za-z'’-]+){2,}")
NAMES = (
    "pyreport",
    "ip -s link",
    "nft list ruleset",
    "tc -s qdisc",
    "iptables -L -v -n",
    "ing -M",
    "CAPTURE",
    "client id",
    "correlation id",
    "option clitcpka",
    "proxy_socket_keepalive",
    "apt-get install",
    "dpkg-reconfigure",
    "usermod",
)


def test_no_message_has_three_english_words_in_a_row() -> None:
    found = [
        f"{name}: {words}"
        for name, text in CHINESE.items()
        if not name.startswith(("fonts-", "name-"))
        for words in ENGLISH.findall(text)
        if not any(known in words for known in NAMES)
    ]
    assert found == []


# A machine for a program, an ACK for a close, the article's word for a probe, a literal middlebox, a politeness.
@pytest.mark.parametrize("wrong", ["服务器", "确认断开", "对等体", "中间盒", "您", " ，", " 。", "，，", "。。"])
def test_no_message_has_a_word_that_is_wrong_here(wrong: str) -> None:
    assert [name for name, text in CHINESE.items() if wrong in text] == []


def test_a_heartbeat_is_only_a_gloss() -> None:
    assert [n for n, t in CHINESE.items() if "心跳包" in t.replace("（心跳包）", "").replace("“心跳包”", "")] == []


def test_the_hypervisor_is_named_only_where_the_english_names_it() -> None:
    assert {n for n, t in CHINESE.items() if "宿主机" in t} == {n for n, t in texts("en").items() if "ypervisor" in t}


def test_a_party_and_an_end_are_spaced_by_what_they_are() -> None:
    assert WORDS.say(claim("walk-acknowledges", who=Party.CLIENT)) == "客户端发出确认（ACK），不带数据。"
    assert WORDS.say(claim("walk-acknowledges", who="10.0.0.1:9092")) == "10.0.0.1:9092 发出确认（ACK），不带数据。"


@pytest.mark.parametrize(
    ("duration_ns", "text"),
    [
        (220_000, "220 微秒"),
        (99 * NS_PER_MS + 100_000, "99.1 毫秒"),
        (5_008 * NS_PER_MS, "5.008 秒"),
        (60 * NS_PER_S, "60.0 秒"),
        (605 * NS_PER_S, "10 分 5 秒"),
        (600 * NS_PER_S, "10 分钟"),
        (3_600 * NS_PER_S, "1 小时"),
        (3_900 * NS_PER_S, "1 小时 5 分钟"),
        (3_903 * NS_PER_S, "1 小时 5 分 3 秒"),
        (3_603 * NS_PER_S, "1 小时 0 分 3 秒"),
        (-3_900 * NS_PER_S, "-1 小时 5 分钟"),
        (86_400 * NS_PER_S, "24 小时"),
        (863_999_697_000_000, "10 天"),
        (270_000 * NS_PER_S, "3 天 3 小时"),
        (260_100 * NS_PER_S, "3 天 15 分钟"),
        (285_329 * NS_PER_S, "3 天 7 小时 15 分"),
    ],
)
def test_durations(duration_ns: int, text: str) -> None:
    assert WORDS.duration(duration_ns) == text


def test_times() -> None:
    time = Moment(1_664_467_681_376_174_000)
    assert WORDS.tell(time) == "2022-09-30 00:08:01.376174（UTC+08:00）"
    assert WORDS.say(claim("time-in-utc", time=time)) == "2022-09-29 16:08:01.376174（UTC）"


def test_counts_have_no_plural() -> None:
    assert WORDS.say(claim("walk-probes-steady", who=Party.CLIENT, count=1_204, every=Duration(NS_PER_S))) == (
        "客户端内核每 1.000 秒发一个保活探测包，共 1,204 个。"
    )


@pytest.mark.parametrize("count", [1, 2])
def test_of_one_nothing_is_said_of_all(count: int) -> None:
    answered = claim("keepalive-answered", who=Party.CLIENT, closed=True, sent=count, missed=0, rested=False)
    arrived = claim("path-loss-answers-arrived", answers=count)
    for told in (answered, arrived):
        assert bool(re.search("全部|一个不少", WORDS.say(told))) == (count > 1)


def test_what_is_quoted_stays_as_it_is() -> None:
    said = "写入失败 ：broken pipe错误"
    assert said in WORDS.say(claim("walk-logs", error=said))


def test_a_sentence_that_begins_with_a_name_gets_no_capital() -> None:
    told = claim("ask-log_of_the_broker")
    assert WORDS.say(told).startswith("broker ")


def test_parts_of_a_sentence_with_verbs_of_their_own_are_not_joined_by_and() -> None:
    parts = (claim("count-lost", count=1), claim("count-not-covered", count=2))
    told = Words("zh").say(claim("packets-otherwise", parts=parts))
    assert told == "1 个没有到达，2 个落在某份抓包没有覆盖的时间内。"
