"""What the cadence of one side's probes tells of its kernel and of its timers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.base.claim import Claim, Duration, FrameNumber, Value, claim
from pyreport.connections.probe_clock import DEFAULT_INTERVAL_S, EVEN_NS, Fit, OddGap, ProbeClock
from pyreport.knowledge.kernel_timers import Family, Kernel

# Off by no more than this, the probes after a gap are where they would have been without it.
ON_GRID_NS = EVEN_NS


def clock_claims(clock: ProbeClock | None) -> tuple[Claim, ...]:
    """What the gaps between answered probes tell; nothing when there were too few of them."""
    return () if clock is None else tuple(_claims(clock))


def _claims(clock: ProbeClock) -> Iterator[Claim]:
    spread = Duration(clock.spread_ns)
    if not clock.is_even:
        yield claim("clock-uneven", gaps=clock.gaps, spread=spread)
        return
    if clock.spread_ns:
        yield claim("clock-even", gaps=clock.gaps, spread=spread)
    else:
        yield claim("clock-exact", gaps=clock.gaps)
    if clock.is_undisturbed:
        yield claim("clock-undisturbed")
    elif not clock.odd:
        first, last = map(FrameNumber, clock.frames)
        yield claim("clock-undisturbed-in-part", first=first, last=last, missed=clock.missed)
    yield _kernel(clock)
    yield from map(_odd, clock.odd[:1])


def _kernel(clock: ProbeClock) -> Claim:
    cadence = Duration(clock.cadence_ns)
    if clock.has_octet:
        return claim("clock-not-linux", cadence=cadence)
    if not clock.fits:
        return claim("clock-fits-none", cadence=cadence)
    return claim("clock-fits", cadence=cadence, kernels=fit_claims(clock.fits))


def _odd(gap: OddGap) -> Claim:
    frames = (gap.before, gap.after)
    between: dict[str, Value] = {"before": FrameNumber(gap.before), "after": FrameNumber(gap.after)}
    if abs(gap.shift_ns) <= ON_GRID_NS:
        return claim("clock-gap-on-grid", frames, gap=Duration(gap.gap_ns), **between)
    return claim("clock-gap-off-grid", frames, gap=Duration(gap.gap_ns), shift=Duration(abs(gap.shift_ns)), **between)


def fit_claims(fits: Sequence[Fit]) -> tuple[Claim, ...]:
    """The kernels and settings that fit, the tick rates with the same settings together."""
    told = []
    for family in Family:
        by_settings: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = {}
        for hz in sorted({fit.kernel.hz for fit in fits if fit.kernel.family is family}):
            of_rate = [fit for fit in fits if fit.kernel == Kernel(family, hz)]
            by_settings.setdefault(_settings(of_rate), []).append(hz)
        told += [_fit(family, rates, *settings) for settings, rates in by_settings.items()]
    return tuple(told)


def _settings(fits: Sequence[Fit]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The idle times in whole seconds, and the intervals where they are none of the usual ones."""
    usual = all(fit.interval_s in (fit.setting_s, DEFAULT_INTERVAL_S) for fit in fits)
    intervals = () if usual else tuple(sorted({fit.interval_s for fit in fits}))
    return tuple(sorted({fit.setting_s for fit in fits})), intervals


def _fit(family: Family, rates: Sequence[int], idle_s: Sequence[int], intervals_s: Sequence[int]) -> Claim:
    kernel, hz, idle = Claim(f"kernel-{family.name.lower()}"), tuple(map(str, rates)), _seconds(idle_s)
    if intervals_s:
        return claim("clock-fit-interval", kernel=kernel, rates=hz, idle=idle, intervals=tuple(intervals_s))
    return claim("clock-fit", kernel=kernel, rates=hz, idle=idle)


def _seconds(seconds: Sequence[int]) -> Value:
    lowest, highest = min(seconds), max(seconds)
    if lowest < highest and highest - lowest + 1 == len(seconds):
        return claim("number-from-to", lowest=lowest, highest=highest)
    return tuple(seconds)
