"""How moments and durations are told: in the zone of the words, and in seconds where no calendar has the time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from pyreport.base.claim import SetTime, claim
from pyreport.base.units import NS_PER_S, format_duration
from pyreport.words import Words

FIN = 1_664_467_681_376_174_999
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_moment_names_its_offset() -> None:
    assert Words(zone=SHANGHAI).moment(FIN, digits=6) == "2022-09-30 00:08:01.376174 +08:00"
    assert Words(zone=SHANGHAI).moment(FIN) == "2022-09-30 00:08:01.376174999 +08:00"
    assert Words().moment(FIN, digits=0) == "2022-09-29 16:08:01 UTC"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seconds", [253_402_300_800, -62_135_596_801, 2**63, -(2**63)])
def test_a_time_that_no_calendar_has_is_told_in_seconds(language: str, seconds: int) -> None:
    assert Words(language, SHANGHAI).moment(seconds * NS_PER_S + 123_456_789) == f"@{seconds}.123456789"


@pytest.mark.parametrize("seconds", [253_402_300_799, -62_135_596_800])
def test_the_first_and_the_last_second_of_the_calendar(seconds: int) -> None:
    told = Words().moment(seconds * NS_PER_S, digits=0)
    assert told.endswith(("9999-12-31 23:59:59 UTC", "1-01-01 00:00:00 UTC"))


@pytest.mark.parametrize(
    "duration_ns", [0, 348, 3_303, 220_000, 99_100_000, 5_008_000_000, 52_093_826_000, 700 * NS_PER_S, 3_602 * NS_PER_S]
)
def test_a_duration_in_a_message_is_that_of_an_error(duration_ns: int) -> None:
    assert Words().duration(duration_ns) == format_duration(duration_ns)


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0.5, "500 ms", "500 毫秒"),
        (4, "4 s", "4 秒"),
        (75, "75 s", "75 秒"),
        (1.5, "1.500 s", "1.500 秒"),
        (660, "11 min", "11 分钟"),
        (675, "11 min 15 s", "11 分 15 秒"),
        (28_800, "8 h", "8 小时"),
        (432_000, "5 days", "5 天"),
    ],
)
def test_what_is_set_is_told_without_the_digits_of_a_measurement(seconds: float, english: str, chinese: str) -> None:
    limit = SetTime(round(seconds * NS_PER_S))
    assert Words().tell(claim("limit-equals", limit=limit)) == f"Equals the default of {english}, within a second"
    assert chinese in Words("zh").tell(claim("limit-equals", limit=limit))
    assert Words().duration(75 * NS_PER_S) == "75.0 s"
