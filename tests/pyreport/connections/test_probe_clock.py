"""The cadence of the probes read as a clock."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pyreport.base.claim import Duration
from pyreport.base.units import NS_PER_MS
from pyreport.connections.probe_clock import Fit, ProbeClock, fitting, probe_clock
from pyreport.knowledge.kernel_timers import Family, Kernel, cadences, jiffies_to_ns
from pyreport.narrative.clock_claims import clock_claims, fit_claims
from pyreport.words import Words
from tests.pyreport.cases import CLIENT, SERVER
from tests.pyreport.segments import Segments
from tests.pyreport.told import ids

WORDS = Words()
OLD, NEW = Family.SLACK, Family.WHEEL


def segments_of(times: list[float], *, octets: int = 0) -> Segments:
    """Data at 1 s (frame 1), then probes at these times, in seconds, each answered after 220 us: frames 2 and 3 ..."""
    story = Segments().add(1_000_000, SERVER, 10)
    for moment in times:
        story.probe(round(moment * 1e6), CLIENT, octets=octets)
    return story


def read(story: Segments) -> ProbeClock:
    found = probe_clock(story.connection, CLIENT)
    assert found is not None
    return found


def clock_of(times: list[float]) -> ProbeClock:
    return read(segments_of(times))


def every(gap: float, count: int, first: float = 6.0) -> list[float]:
    return [round(first + index * gap, 6) for index in range(count)]


def kernels(clock: ProbeClock) -> set[tuple[Family, int, int]]:
    return {(fit.kernel.family, fit.kernel.hz, fit.setting_s) for fit in clock.fits}


def said(fits: Iterable[Fit]) -> list[str]:
    return [WORDS.say(fit) for fit in fit_claims(tuple(fits))]


# What fits -----------------------------------------------------------------------------------------------------------


def test_an_old_kernel() -> None:
    clock = clock_of(every(5.008, 11))
    assert (clock.cadence_ns, clock.gaps, clock.spread_ns) == (5_008 * NS_PER_MS, 9, 0)
    assert kernels(clock) == {(OLD, 250, 5), (OLD, 1000, 5)}
    assert clock.is_undisturbed
    assert clock.frames == (4, 22)


def test_gaps_as_measured_on_a_new_kernel() -> None:
    """Linux 6.18, HZ 250: 5.118 to 5.123 s. With HZ 1000 it would be the same."""
    times, moment = [6.0], 6.0
    for gap in (5.244, 5.120, 5.123, 5.118, 5.121, 5.119):
        moment = round(moment + gap, 3)
        times.append(moment)
    clock = clock_of(times)
    assert kernels(clock) == {(NEW, 250, 5), (NEW, 1000, 5)}
    assert clock.spread_ns == 5 * NS_PER_MS
    assert clock.is_undisturbed


def test_a_cadence_of_no_kernel() -> None:
    """Exactly ten seconds: every Linux rounds it up."""
    clock = clock_of(every(10.0, 6))
    assert clock.fits == ()
    assert ids(clock_claims(clock)) == ["clock-exact", "clock-undisturbed", "clock-fits-none"]


def test_uneven_gaps_tell_no_kernel() -> None:
    clock = clock_of([6.0, 11.0, 16.06, 21.06, 26.09, 31.1])
    assert clock.fits == ()
    assert not clock.is_even
    assert ids(clock_claims(clock)) == ["clock-uneven"]


def test_probes_with_an_octet_are_not_those_of_linux() -> None:
    clock = read(segments_of(every(5.008, 6), octets=1))
    assert clock.has_octet
    assert clock.fits == ()
    assert clock_claims(clock)[-1].id == "clock-not-linux"


def test_a_range_of_settings_is_given_as_one() -> None:
    fits = tuple(fitting(61_440 * NS_PER_MS, NS_PER_MS))
    assert {fit.setting_s for fit in fits if fit.kernel == Kernel(NEW, 1000)} == {58, 59, 60, 61}
    assert "Linux 4.8 or later (HZ 1000) with an idle time of 58 to 61 s" in said(fits)


def test_other_intervals_are_tried_when_the_idle_time_alone_does_not_fit() -> None:
    """Idle 30 s and interval 10 s of an old kernel: two roundings, one after the other."""
    kernel = Kernel(OLD, 1000)
    fits = list(fitting(30_016 * NS_PER_MS, NS_PER_MS // 2))
    assert kernel in {fit.kernel for fit in fits}
    assert all(fit.interval_s != fit.setting_s for fit in fits)
    assert jiffies_to_ns(kernel, cadences(kernel, 30, 10)[0]) == 30_016 * NS_PER_MS


def test_words_for_several_rates() -> None:
    fits = (Fit(Kernel(OLD, 250), 5, 5), Fit(Kernel(OLD, 1000), 5, 5), Fit(Kernel(NEW, 100), 5, 5))
    assert said(fits) == [
        "Linux 2.6.35 to 4.7 (HZ 250 or 1000) with an idle time of 5 s",
        "Linux 4.8 or later (HZ 100) with an idle time of 5 s",
    ]
    assert said((Fit(Kernel(NEW, 250), 30, 10),)) == [
        "Linux 4.8 or later (HZ 250) with an idle time of 30 s and an interval of 10 s"
    ]
    assert said(()) == []


# Which gaps count ----------------------------------------------------------------------------------------------------


def test_three_gaps_are_needed_behind_the_first() -> None:
    assert probe_clock(segments_of(every(5.008, 4)).connection, CLIENT) is None
    assert probe_clock(segments_of(every(5.008, 5)).connection, CLIENT) is not None
    assert probe_clock(segments_of(every(5.008, 5)).connection, SERVER) is None
    assert clock_claims(None) == ()


def test_data_in_between_breaks_the_row() -> None:
    """The probe after it comes when the idle time is over again, not one cadence after the last."""
    story = segments_of(every(5.008, 5)).add(29_000_000, SERVER, 10)
    for moment in every(5.008, 5, first=34.0):
        story.probe(round(moment * 1e6), CLIENT)
    clock = read(story)
    assert (clock.gaps, clock.odd) == (6, ())


def test_the_peers_probes_do_not_break_the_row() -> None:
    story = Segments()
    for moment in every(5.008, 8):
        story.probe(round(moment * 1e6), CLIENT).probe(round((moment + 2.0) * 1e6), SERVER)
    assert read(story).gaps == 6


def test_an_unanswered_probe_breaks_the_row() -> None:
    """What follows comes by the interval of unanswered probes."""
    story = segments_of(every(5.008, 5)).probe(31_040_000, CLIENT, None)
    for moment in every(5.008, 4, first=32.0):
        story.probe(round(moment * 1e6), CLIENT)
    clock = read(story)
    assert clock.gaps == 6
    assert clock.odd == ()


def test_a_long_way_to_the_peer_counts() -> None:
    """Answers that take 20 ms leave an old kernel of HZ 1000 no cadence of 5.008 s, and give it one of 5.020 s."""
    story = Segments().handshake(20_000, 10)
    for moment in every(5.020, 8):
        story.probe(round(moment * 1e6), CLIENT, 20_000)
    assert (OLD, 1000, 5) in kernels(read(story))
    story = Segments().handshake(20_000, 10)
    for moment in every(5.008, 8):
        story.probe(round(moment * 1e6), CLIENT, 20_000)
    assert (OLD, 1000, 5) not in kernels(read(story))


# What a gap tells ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("resumes", "shift_ms"), [(6.0 + 8 * 5.008, 0), (6.0 + 8 * 5.008 + 1.5, 1_500)])
def test_the_phase_after_a_gap(resumes: float, shift_ms: int) -> None:
    """Missing probes leave the timer's grid as it is; a pause of the host shifts it."""
    clock = clock_of([*every(5.008, 6), *every(5.008, 4, first=resumes)])
    (odd,) = clock.odd
    assert (odd.before, odd.after) == (12, 14)
    assert odd.shift_ns == shift_ms * NS_PER_MS
    assert clock.is_even
    assert not clock.is_undisturbed
    told = clock_claims(clock)[-1]
    assert told.id == ("clock-gap-off-grid" if shift_ms else "clock-gap-on-grid")
    assert told.values.get("shift", Duration(0)) == Duration(shift_ms * NS_PER_MS)


def test_the_sentences() -> None:
    claims = clock_claims(clock_of(every(5.008, 11)))
    assert ids(claims) == ["clock-exact", "clock-undisturbed", "clock-fits"]
    assert WORDS.say(claims[-1]) == (
        "A cadence of 5.008 s fits Linux 2.6.35 to 4.7 (HZ 250 or 1000) with an idle time of 5 s."
    )


def test_a_long_cadence_is_told_to_the_millisecond() -> None:
    told = clock_claims(clock_of(every(61.44, 6)))[-1]
    assert WORDS.say(told).startswith("A cadence of 61.440 s fits ")
