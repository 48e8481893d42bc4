"""Where a changed keep-alive setting began to show, and what the probes' clock makes of it."""

from __future__ import annotations

from pyreport.connections.new_spacing import first_at_new_spacing
from pyreport.connections.probe_clock import probe_clock
from pyreport.frames.findings import SettingChanged
from tests.pyreport.cases import CLIENT, Story, case_of, number


def probing(*spacings: float) -> Story:
    """Answered probes, the first at 5 s, each after one of these spacings."""
    story, time = Story().handshake(), 5.0
    story.probe(time)
    for spacing in spacings:
        time = round(time + spacing, 3)
        story.probe(time)
    return story


def test_the_first_of_the_agreeing_gaps_is_where_the_setting_began_to_show() -> None:
    connection = case_of(probing(1, 1, 1, 3, 3, 3), lasts=20.0).connection
    (changed,) = connection.of(SettingChanged)
    assert changed.frame == number(14.0)
    assert first_at_new_spacing(connection, changed) == number(11.0)


def test_a_lone_long_gap_changes_no_setting() -> None:
    connection = case_of(probing(1, 1, 1, 3, 1, 1), lasts=20.0).connection
    assert not connection.of(SettingChanged)


def test_the_clock_of_the_probes_is_read_from_the_new_setting_on() -> None:
    clock = probe_clock(case_of(probing(1, 1, 1, 3, 3, 3, 3, 3), lasts=30.0).connection, CLIENT)
    assert clock is not None
    assert (clock.cadence_ns, clock.odd) == (3_000_000_000, ())


def test_a_gap_of_the_setting_before_is_not_odd_when_it_is_set_back() -> None:
    connection = case_of(probing(1, 1, 1, 3, 3, 1, 1, 1, 1), lasts=30.0).connection
    clock = probe_clock(connection, CLIENT)
    assert clock is not None
    assert (clock.cadence_ns, clock.odd) == (1_000_000_000, ())
