"""Log lines: the error stays, names go."""

from __future__ import annotations

import pytest

from pyreport.logs.registry import parse_log_line
from pyreport.redaction.stand_ins import StandIns
from pyreport.redaction.text import redacted_error, redacted_text
from tests.pyreport.conftest import log_line

KEY = bytes(range(32))


def text(line: str) -> str:
    return redacted_text(line, StandIns(KEY))


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("dial tcp: lookup broker-3.corp.example: i/o timeout", ["broker-3", "corp", "example"]),
        ("topic: response, group=consumer client_id=client", ["response", "=consumer", "=client"]),
        ("GET /secret/path?token=abcdef HTTP/1.1", ["secret", "path", "token", "abcdef"]),
        ("user bob@mail.example from ip-10-0-0-5.internal", ["bob", "mail", "10-0-0-5", "internal"]),
        ("peer 0a000001 167772161 10.0.0.1 ::ffff:10.0.0.1", ["0a000001", "167772161", "10.0.0.1"]),
        ("from [2001:db8::5]:443 to fe80::1%eth0", ["2001:db8::5", "fe80::1", "eth0"]),
        ("aa:bb:cc:dd:ee:ff and 10:20:30:40:50:60", ["aa:bb", "40:50"]),
        ("phone 13800138000 card 4111-1111-1111-1111", ["13800138000", "4111"]),
        ("错误 数据库主机 连接失败", ["数据库主机"]),
        ("x" * 300 + " " + "Größe", ["xxx", "Größe"]),
    ],
)
def test_what_goes(line: str, gone: list[str]) -> None:
    new = text(line)
    assert [word for word in gone if word in new] == []


@pytest.mark.parametrize(
    "line",
    [
        "2022-09-30 00:08:53.470 error: write: broken pipe",
        "2022-09-30T00:08:53.470+08:00 read: connection reset by peer after 5.01s",
        "Sep 30 10:20:30 kafka error: i/o timeout (30000ms)",
        "",
    ],
)
def test_what_stays(line: str) -> None:
    assert text(line) == line


def test_a_name_that_is_a_known_word_goes_where_the_record_says_that_it_is_one() -> None:
    error = parse_log_line("write tcp server:38742->broker:9092: write: broken pipe, server said")
    new = redacted_error(error, StandIns(KEY))
    assert (error.local.host, error.remote.host) == ("server", "broker")
    assert "server" not in new.line
    assert "broker" not in new.line
    assert new.local.host in new.line


def test_what_a_record_says_stays_but_its_names() -> None:
    error = parse_log_line(log_line("article"))
    stand_ins = StandIns(KEY, with_ports=True)
    new = redacted_error(error, stand_ins)
    assert (new.errno, new.format, new.stamp, new.operation) == (
        error.errno,
        error.format,
        error.stamp,
        error.operation,
    )
    assert new.error_text == error.error_text == "write: broken pipe"
    assert f"write tcp {new.local}->{new.remote}: write: broken pipe" in new.line
    assert new.local.port not in (None, error.local.port)
    again = parse_log_line(new.line)
    assert (again.local, again.remote, again.errno) == (new.local, new.remote, new.errno)


def test_a_long_line_costs_no_more_than_its_length() -> None:
    new = text("1:2:3:4:5:6:7:8:9." * 100_000)
    assert len(new) < 2_000_000
    assert new.endswith("…")
