"""What a log line says: ends, error, time; in the forms that loggers write."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from pyreport.base.errors import InputError
from pyreport.logs.ends import parse_connection
from pyreport.logs.model import Errno, Repeats
from pyreport.logs.registry import parse_log_line
from pyreport.logs.zones import log_time, possible_zones
from tests.pyreport.conftest import log_line

WRITE = "write tcp 10.0.0.1:40000->10.0.9.9:9092: write: broken pipe"
CLOCK_NS = 1_664_496_533_470_000_000  # 2022-09-30 00:08:53.470, were it UTC


def test_the_articles_line() -> None:
    log = parse_log_line(log_line("article"))
    assert (log.operation, str(log.local), str(log.remote)) == ("write", "10.226.11.15:38742", "10.226.5.4:9092")
    assert (log.error_text, log.errno, log.clock_ns, log.zone) == ("write: broken pipe", Errno.EPIPE, CLOCK_NS, None)


@pytest.mark.parametrize(
    ("text", "errno"),
    [
        ("read tcp 10.0.0.1:1->10.0.0.2:2: read: connection reset by peer", Errno.ECONNRESET),
        ("read tcp4 10.0.0.1:1->10.0.0.2:2: read: connection timed out", Errno.ETIMEDOUT),
        ("read tcp 10.0.0.1:1->10.0.0.2:2: i/o timeout", Errno.DEADLINE),
        ("write tcp 10.0.0.1:1->10.0.0.2:2: use of closed network connection", Errno.CLOSED_HERE),
    ],
)
def test_errors(text: str, errno: Errno) -> None:
    log = parse_log_line(text)
    assert (log.errno, log.clock_ns, log.zone) == (errno, None, None)


@pytest.mark.parametrize("half", ["\udcff", "\ud800"])
@pytest.mark.parametrize("written", ["{half} {said} {half}", '{{"{half}": "{said} {half}", "msg": ["{half}"]}}'])
def test_what_utf_8_cannot_carry_is_one_replacement_character(written: str, half: str) -> None:
    """An octet of a command line that is no UTF-8, or half a character, reads as it does in a file."""
    said = "read tcp 10.0.0.1:1->10.0.0.2:2: read: connection reset by peer"
    log = parse_log_line(written.format(said=said, half=half))
    assert (log.errno, str(log.local)) == (Errno.ECONNRESET, "10.0.0.1:1")
    assert half not in log.line
    assert "\N{REPLACEMENT CHARACTER}" in log.line


@pytest.mark.parametrize(("behind", "remote"), [("", ""), ('95 3 - "-" "10.0.0.5:80"', "10.0.0.5:80")])
def test_an_access_log_of_envoy_may_end_behind_its_flags(behind: str, remote: str) -> None:
    log = parse_log_line(f'[2024-05-16T09:14:29.123Z] "GET /x HTTP/1.1" 503 UF,URX {behind}')
    assert (log.product, log.errno) == ("Envoy", Errno.DISCONNECTED)
    assert str(log.remote) == remote


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


@pytest.mark.parametrize("time", ["2022-13-30 00:08:53", "2022-09-30 25:08:53", "Sep 31 00:08:53", "25:08:53", ""])
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
    assert str(parse_log_line(f"read tcp6 {written}->[2001:db8::2]:9092: EOF").local) == meant
    assert parse_connection(f"{written} -> 10.0.0.2:9092") == (meant, "10.0.0.2:9092")


@pytest.mark.parametrize(
    "line", ["", "timeout", "read tcp", "a->b", "10.0.0.1->10.0.0.2", "10.0.0.1:4->10.0.0.2:5: fine"]
)
def test_a_line_without_an_error_is_refused(line: str) -> None:
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


EIGHT = timezone(timedelta(hours=8))
NEAR = CLOCK_NS - 8 * 3600 * 1_000_000_000  # that clock in UTC+8


@pytest.mark.parametrize(
    ("prefix", "repeats", "resolution_ns"),
    [
        ("Sep 30 00:08:53 host app[12]: ", Repeats.YEARLY, 1_000_000_000),
        ("<14>Sep 30 00:08:53 host app: ", Repeats.YEARLY, 1_000_000_000),
        ("E0930 00:08:53.470000   1 main.go:12] ", Repeats.YEARLY, 1_000),
        ("00:08:53.470 [main] ERROR ", Repeats.DAILY, 1_000_000),
    ],
)
def test_what_a_stamp_leaves_out_comes_from_the_capture(prefix: str, repeats: Repeats, resolution_ns: int) -> None:
    log = parse_log_line(prefix + WRITE)
    assert log.stamp is not None
    assert (log.stamp.repeats, log.stamp.resolution_ns, log_time(log, EIGHT)) == (repeats, resolution_ns, None)
    moment = log_time(log, EIGHT, NEAR + 3600 * 1_000_000_000)
    assert moment is not None
    assert moment // resolution_ns == NEAR // resolution_ns


def test_a_year_begins_between_log_and_capture() -> None:
    log = parse_log_line(f"Dec 31 23:59:59 host app: {WRITE}")
    new_year = 1_672_531_200 * 1_000_000_000  # 2023-01-01 00:00:00 UTC
    assert log_time(log, UTC, new_year) == new_year - 1_000_000_000
    leap_day = parse_log_line(f"Feb 29 00:00:00 host app: {WRITE}")
    assert log_time(leap_day, UTC, 1_640_995_200 * 1_000_000_000) is None  # 2022: no leap year within a year
    assert log_time(leap_day, UTC, 1_709_164_800 * 1_000_000_000) == 1_709_164_800 * 1_000_000_000


def test_of_two_stamps_the_one_with_a_zone_counts() -> None:
    log = parse_log_line(f"2022-09-29T16:08:53.470000000Z stderr F 2022-09-30 00:08:53,470 ERROR {WRITE}")
    assert (log.clock_ns, log.zone) == (NEAR, UTC)


def test_possible_zones_start_with_utc() -> None:
    zones = list(possible_zones())
    assert zones[0] is UTC
    assert len(zones) == len(set(zones)) == 53


@pytest.mark.parametrize(("before", "after"), [(0, 9000), (5000, 0), (5000, 9000), (1990, 9000), (10, 1990)])
def test_a_long_line_is_quoted_with_its_error_and_its_beginning(before: int, after: int) -> None:
    shown = parse_log_line(f"2022-09-30 00:08:53.470 {'x' * before} {WRITE} {'y' * after}").line
    assert shown.startswith("2022-09-30 00:08:53.470")
    assert "write: broken pipe" in shown
    assert len(shown) <= 2010
    assert " …" in shown


def test_a_short_line_is_quoted_whole() -> None:
    assert parse_log_line(f"ERROR {WRITE}").line == f"ERROR {WRITE}"


@pytest.mark.parametrize(("age", "lasted_ns"), [("85s", 85_000_000_000), ("9" * 30 + "s", None)])
def test_an_age_that_no_clock_has_is_none(age: str, lasted_ns: int | None) -> None:
    assert parse_log_line(f"age={age} connection reset by peer").lasted_ns == lasted_ns
