"""--from, --to and --host."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pyreport.base.errors import UsageError
from pyreport.base.units import NS_PER_S
from pyreport.cli.part import WHOLE, asked_part


def ns(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp()) * NS_PER_S


# A capture from a quarter to twelve at night on.
FIRST = ns("2026-03-01 23:45:00")


@pytest.mark.parametrize(
    ("start", "end", "limits"),
    [
        ("2026-03-01 23:50:00", None, ("2026-03-01 23:50:00", None)),
        ("23:50", None, ("2026-03-01 23:50:00", None)),
        ("00:05", None, ("2026-03-02 00:05:00", None)),
        (None, "00:10:30", (None, "2026-03-02 00:10:30")),
        ("23:50", "23:55", ("2026-03-01 23:50:00", "2026-03-01 23:55:00")),
        ("23:50", "00:10", ("2026-03-01 23:50:00", "2026-03-02 00:10:00")),
        ("00:05", "00:10", ("2026-03-02 00:05:00", "2026-03-02 00:10:00")),
        ("23:40", "00:10", ("2026-03-01 23:40:00", "2026-03-02 00:10:00")),
        ("10:00", "2026-03-04 11:00:00", ("2026-03-04 10:00:00", "2026-03-04 11:00:00")),
    ],
)
def test_times(start: str | None, end: str | None, limits: tuple[str | None, str | None]) -> None:
    """A time of day is the first one in the capture; --from the last one before --to."""
    found = asked_part(start, end, None).limits(FIRST, UTC)
    assert (found.from_ns, found.to_ns) == tuple(None if text is None else ns(text) for text in limits)


def test_the_zone_is_the_one_that_is_shown() -> None:
    found = asked_part("2026-03-02 07:50:00", "08:10", None).limits(FIRST, ZoneInfo("Asia/Shanghai"))
    assert (found.from_ns, found.to_ns) == (ns("2026-03-01 23:50:00"), ns("2026-03-02 00:10:00"))


def test_nothing_asked_for() -> None:
    assert WHOLE.limits(None, UTC).is_none
    assert asked_part(None, None, None) == WHOLE


def test_host() -> None:
    limits = asked_part(None, None, "2001:DB8:0::1").limits(None, UTC)
    assert limits.part == "-,-,2001:db8::1"


def test_the_interface_of_a_host_is_not_asked_for() -> None:
    """No packet names it; an IPv4 address has none."""
    assert asked_part(None, None, "fe80::1%eth0").limits(None, UTC).part == "-,-,fe80::1"
    with pytest.raises(UsageError, match="no IP address"):
        asked_part(None, None, "10.0.0.1%eth0")


@pytest.mark.parametrize(
    ("start", "end", "first", "said"),
    [
        ("noon", None, FIRST, "'noon' is no time"),
        ("10:00", None, None, "with a date"),
        ("2026-03-02 00:10:00", "2026-03-02 00:05:00", FIRST, "--to lies before --from"),
    ],
)
def test_what_makes_no_sense(start: str, end: str | None, first: int | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        asked_part(start, end, None).limits(first, UTC)


def test_a_name_is_no_address() -> None:
    with pytest.raises(UsageError, match="'broker-1' is no IP address"):
        asked_part(None, None, "broker-1")
