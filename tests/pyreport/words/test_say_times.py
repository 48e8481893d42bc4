"""How moments and durations are told: in the zone of the words, and in seconds where no calendar has the time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from pyreport.base.units import NS_PER_S, format_duration
from pyreport.words import Words

FIN = 1_664_467_681_376_174_999
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_moment_names_its_offset() -> None:
    assert Words(zone=SHANGHAI).moment(FIN) == "2022-09-30 00:08:01.376174 +08:00"
    assert Words().moment(FIN, digits=0) == "2022-09-29 16:08:01 UTC"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seconds", [253_402_300_800, -62_135_596_801, 2**63, -(2**63)])
def test_a_time_that_no_calendar_has_is_told_in_seconds(language: str, seconds: int) -> None:
    assert Words(language, SHANGHAI).moment(seconds * NS_PER_S + 123_456_789) == f"@{seconds}.123456"


@pytest.mark.parametrize("seconds", [253_402_300_799, -62_135_596_800])
def test_the_first_and_the_last_second_of_the_calendar(seconds: int) -> None:
    told = Words().moment(seconds * NS_PER_S, digits=0)
    assert told.endswith(("9999-12-31 23:59:59 UTC", "1-01-01 00:00:00 UTC"))


@pytest.mark.parametrize(
    "duration_ns", [0, 220_000, 99_100_000, 5_008_000_000, 52_093_826_000, 700 * NS_PER_S, 3_602 * NS_PER_S]
)
def test_a_duration_in_a_message_is_that_of_an_error(duration_ns: int) -> None:
    assert Words().duration(duration_ns) == format_duration(duration_ns)
