"""What a log line says: ends, error, time; in the forms that loggers write."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from pyreport.errors import InputError
from pyreport.logline import Errno, log_time, parse_connection, parse_log_line, possible_zones
from tests.pyreport.conftest import log_line

WRITE = "write tcp 10.0.0.1:40000->10.0.9.9:9092: write: broken pipe"
CLOCK_NS = 1_664_496_533_470_000_000  # 2022-09-30 00:08:53.470, were it UTC


def test_the_articles_line() -> None:
    log = parse_log_line(log_line("article"))
    assert (log.operation, log.local, log.remote) == ("write", "10.226.11.15:38742", "10.226.5.4:9092")
    assert (log.error_text, log.errno, log.clock_ns, log.zone) == ("write: broken pipe", Errno.EPIPE, CLOCK_NS, None)


@pytest.mark.parametrize(
    ("text", "errno"),
    [
        ("read tcp 10.0.0.1:1->10.0.0.2:2: read: connection reset by peer", Errno.ECONNRESET),
        ("read tcp4 10.0.0.1:1->10.0.0.2:2: read: connection timed out", Errno.ETIMEDOUT),
        ("read tcp 10.0.0.1:1->10.0.0.2:2: i/o timeout", Errno.DEADLINE),
        ("write tcp 10.0.0.1:1->10.0.0.2:2: use of closed network connection", Errno.OTHER),
    ],
)
def test_errors(text: str, errno: Errno) -> None:
    log = parse_log_line(text)
    assert (log.errno, log.clock_ns, log.zone) == (errno, None, None)


@pytest.mark.parametrize(
    ("prefix", "zone"),
    [
        ("2022-09-30 00:08:53.470 ", None),
        ("2022/09/30 00:08:53.470000 ", None),
        ("[2022-09-30 00:08:53,470] ERROR ", None),
        ("2022-09-30T00:08:53.47Z ", UTC),
        ("2022-09-30 00:08:53.470 UTC ", UTC),
        ("2022-09-30T00:08:53.470+08:00 ", timezone(timedelta(hours=8))),
        ("2022-09-30 00:08:53.470 -0330 ", timezone(-timedelta(hours=3, minutes=30))),
    ],
)
def test_times(prefix: str, zone: timezone | None) -> None:
    log = parse_log_line(prefix + WRITE)
    assert (log.clock_ns, log.zone) == (CLOCK_NS, zone)


@pytest.mark.parametrize(
    "line",
    [
        f'{{"level":"error","err":"{WRITE}","time":"2022-09-30T00:08:53.470Z"}}',
        f'{{"time":"2022-09-30T00:08:53.470Z","msg":"failed: \\"{WRITE}\\""}}',
        f'time="2022-09-30T00:08:53.470Z" level=error msg="{WRITE}" retry=3',
    ],
)
def test_json_and_key_value(line: str) -> None:
    log = parse_log_line(line)
    assert (log.error_text, log.clock_ns, log.zone) == ("write: broken pipe", CLOCK_NS, UTC)


@pytest.mark.parametrize("time", ["2022-13-30 00:08:53", "2022-09-30 25:08:53", "Sep 30 00:08:53", ""])
def test_a_time_that_cannot_be_read_is_none(time: str) -> None:
    assert parse_log_line(f"{time} {WRITE}").clock_ns is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[2001:db8::1]:40000", "[2001:db8::1]:40000"),
        ("[2001:DB8:0:0::1]:40000", "[2001:db8::1]:40000"),
        ("[fe80::1%eth0]:40000", "[fe80::1]:40000"),
        ("[::ffff:10.0.0.1]:40000", "10.0.0.1:40000"),
        ("broker-1.example:40000", "broker-1.example:40000"),
    ],
)
def test_addresses_are_written_as_tshark_does(written: str, meant: str) -> None:
    assert parse_log_line(f"read tcp6 {written}->[2001:db8::2]:9092: EOF").local == meant
    assert parse_connection(f"{written} -> 10.0.0.2:9092") == (meant, "10.0.0.2:9092")


@pytest.mark.parametrize(
    "line", ["", "timeout", "dial tcp 10.0.0.2:9092: connection refused", "a->b", "10.0.0.1->10.0.0.2"]
)
def test_a_line_without_both_ends_is_refused(line: str) -> None:
    with pytest.raises(InputError, match="names no connection"):
        parse_log_line(line)


@pytest.mark.parametrize("text", ["", "10.0.0.1:1", "10.0.0.1->10.0.0.2", "10.0.0.1:1->"])
def test_a_pair_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="does not name a connection"):
        parse_connection(text)


@pytest.mark.parametrize("text", ["2001:db8::1:80->10.0.0.1:9", "[zz::1]:80->10.0.0.1:9"])
def test_ipv6_without_brackets_is_told(text: str) -> None:
    with pytest.raises(InputError, match="ADDRESS"):
        parse_connection(text)


def test_the_clock_is_read_in_a_zone() -> None:
    log = parse_log_line(f"2022-09-30 00:08:53.470 {WRITE}")
    assert log_time(log, UTC) == CLOCK_NS
    assert log_time(log, ZoneInfo("Asia/Shanghai")) == CLOCK_NS - 8 * 3600 * 1_000_000_000
    assert log_time(parse_log_line(WRITE), UTC) is None


def test_possible_zones_start_with_utc() -> None:
    zones = list(possible_zones())
    assert zones[0] is UTC
    assert len(zones) == len(set(zones)) == 53
