"""Times and durations as text, and exact times from text."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from pyreport.base.units import (
    NS_PER_S,
    format_clock,
    format_date,
    format_duration,
    parse_seconds,
    zone_offset,
)

FIN = 1_664_467_681_376_174_999
SHANGHAI, UTC, KOLKATA = ZoneInfo("Asia/Shanghai"), ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata")


def test_seconds_are_parsed_without_losing_a_nanosecond() -> None:
    assert parse_seconds("1664467681.376174999") == FIN
    assert parse_seconds("-0.000021") == -21_000
    assert parse_seconds("5") == 5_000_000_000


@pytest.mark.parametrize("text", ["", "abc", "1.2e3", "1,5", "nan"])
def test_what_is_not_a_decimal_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a decimal number"):
        parse_seconds(text)


def test_clock_is_cut_off_not_rounded() -> None:
    assert format_clock(FIN, SHANGHAI, digits=6) == "00:08:01.376174"
    assert format_clock(FIN, SHANGHAI, digits=0) == "00:08:01"
    assert format_clock(FIN, UTC, digits=3) == "16:08:01.376"


def test_clock_is_as_fine_as_the_time_is() -> None:
    """A capture in nanoseconds: a FIN and its ACK 350 ns later are told apart. One in microseconds has six digits."""
    assert format_clock(FIN, SHANGHAI) == "00:08:01.376174999"
    assert format_clock(FIN + 1, SHANGHAI) == "00:08:01.376175"


def test_date_is_the_local_one() -> None:
    assert format_date(FIN, SHANGHAI) == "2022-09-30"
    assert format_date(FIN, UTC) == "2022-09-29"


def test_offset_of_a_zone_is_that_of_the_moment() -> None:
    assert zone_offset(KOLKATA, FIN) == "UTC+05:30"
    assert zone_offset(UTC, FIN) == "UTC"
    berlin = ZoneInfo("Europe/Berlin")
    assert zone_offset(berlin, FIN) == "UTC+02:00"
    assert zone_offset(berlin, FIN + 120 * 86_400 * 10**9) == "UTC+01:00"


@pytest.mark.parametrize(
    ("duration_ns", "text"),
    [
        (0, "0 µs"),
        (1, "1 ns"),
        (348, "348 ns"),
        (-999, "-999 ns"),
        (1_000, "1 µs"),
        (3_303, "3.3 µs"),
        (21_400, "21 µs"),
        (220_000, "220 µs"),
        (999_499, "999 µs"),
        (999_500, "1.0 ms"),
        (99_100_000, "99.1 ms"),
        (999_949_999, "999.9 ms"),
        (999_950_000, "1.000 s"),
        (5_008_000_000, "5.008 s"),
        (52_093_826_000, "52.1 s"),
        (700_000_000_000, "11 min 40 s"),
        (3_599_500_000_001, "1 h 00 min 00 s"),
        (3_600_000_000_000, "1 h 00 min 00 s"),
        (3_602_000_000_000, "1 h 00 min 02 s"),
        (7_875_000_000_000, "2 h 11 min 15 s"),
        (-21_000, "-21 µs"),
        (172_799_499_999_999, "47 h 59 min 59 s"),
        (172_799_500_000_000, "2 d 00 h 00 min"),
        (285_329_000_000_000, "3 d 07 h 15 min"),
        (863_999_697_000_000, "10 d 00 h 00 min"),
        (-863_999_697_000_000, "-10 d 00 h 00 min"),
    ],
)
def test_duration_has_the_unit_a_reader_wants(duration_ns: int, text: str) -> None:
    assert format_duration(duration_ns) == text


@pytest.mark.parametrize("seconds", [253_402_300_800, -62_135_596_801, 2**63, -(2**63)])
def test_a_time_that_no_calendar_has_is_told_in_seconds(seconds: int) -> None:
    time_ns = seconds * NS_PER_S + 123_456_789
    assert (format_clock(time_ns, UTC, 0), format_date(time_ns, UTC)) == (f"@{seconds}", "")


@pytest.mark.parametrize("seconds", [253_402_300_799, -62_135_596_800])
def test_the_first_and_the_last_second_of_the_calendar(seconds: int) -> None:
    assert format_date(seconds * NS_PER_S, UTC).endswith(("9999-12-31", "1-01-01"))
    west, east = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
    assert {format_clock(seconds * NS_PER_S, zone, 0)[0] for zone in (west, east)} == {"@", "1" if seconds > 0 else "0"}
