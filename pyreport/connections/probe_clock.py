"""One side's keep-alive cadence read as a clock: which kernels and settings give it, and whether timers ran on time.

The gaps are those between probes that the plugin found; see knowledge.kernel_timers for the model they are held
against.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil

from msgspec import Struct

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.connections.connection import Connection
from pyreport.connections.new_spacing import first_at_new_spacing
from pyreport.connections.round_trip import round_trip_ns
from pyreport.frames.findings import Answer, Probe, SettingChanged
from pyreport.frames.frame import Frame
from pyreport.knowledge.kernel_timers import KERNELS, LARGEST_ROUNDING, Kernel, cadences, jiffies_to_ns

# Fewer gaps could agree with a kernel by chance.
FEWEST_GAPS = 3
# Timers fire on ticks, and a gap has two ends: two ticks of the slowest usual rate (HZ 100) are a kernel's own spread.
EVEN_NS = 20 * NS_PER_MS
# The capturing clock is slewed by up to 500 ppm (adjtimex(2)) and crystals are off by some 50: mostly much less.
CLOCK_PPM = 200
# Reading and sending take a moment even on an idle host; it cancels out over many gaps.
MOMENT_NS = NS_PER_MS // 5
# include/net/tcp.h TCP_KEEPALIVE_INTVL, and shorter intervals that are in use.
DEFAULT_INTERVAL_S = 75
USUAL_INTERVALS_S = (60, 30, 20, 15, 10, 5, 3, 2, 1)
# For longer idle times they are not tried: the cadence hardly depends on them there, and the search is long.
LONG_S = 600


class Fit(Struct, frozen=True):
    """A setting that gives the cadence: TCP_KEEPIDLE (or TCP_KEEPINTVL, where that is longer), and the interval."""

    kernel: Kernel
    setting_s: int
    interval_s: int


class OddGap(Struct, frozen=True):
    """A gap between two probes (frame numbers) that is not one cadence long, though nothing was received in it.

    ``shift_ns`` is how far the second probe is off the times at which probes would have come at the cadence: near 0 the
    timers ran on through the gap.
    """

    before: int
    after: int
    gap_ns: int
    shift_ns: int


class ProbeClock(Struct, frozen=True):
    """What the cadence tells. ``gaps`` even ones were used, ``spread_ns`` is the longest less the shortest of them.

    ``has_octet``: the probes carry a garbage octet, which Linux never sends (tcp_xmit_probe_skb). ``fits`` is empty
    then, and when the gaps are too uneven to be read as a clock. ``missed`` intervals went by without a probe, in a gap
    or after the last probe.
    """

    cadence_ns: int
    gaps: int
    spread_ns: int
    fits: tuple[Fit, ...]
    odd: tuple[OddGap, ...]
    frames: tuple[int, int]
    has_octet: bool = False
    missed: int = 0

    @property
    def is_even(self) -> bool:
        """Whether the gaps agree to within two ticks, so that they can be read as a clock."""
        return self.spread_ns <= EVEN_NS

    @property
    def is_undisturbed(self) -> bool:
        """Whether all gaps agree and no interval was missed: the sender's timers ran on time all along."""
        return self.is_even and not self.odd and not self.missed


def probe_clock(connection: Connection, side: str) -> ProbeClock | None:
    """Read one side's cadence; None with fewer than three gaps between answered probes.

    The first gap after other traffic is left out: the first probe is not on the timer's grid yet.
    """
    gaps = list(_gaps(connection, side))
    if len(gaps) < FEWEST_GAPS:
        return None
    lengths = sorted(after.time_ns - before.time_ns for before, after in gaps)
    median = lengths[len(lengths) // 2]
    within = even_within_ns(median)
    even = [pair for pair in gaps if abs(_length(pair) - median) <= within]
    if len(even) < FEWEST_GAPS:
        return None
    spread = max(map(_length, even)) - min(map(_length, even))
    cadence = sum(map(_length, even)) // len(even)
    tolerance = (spread + MOMENT_NS) // len(even) + cadence * CLOCK_PPM // 1_000_000
    missed = connection.keepalive(side).missed
    changed = _last_change(connection, side)
    has_octet = any(frame.length for pair in even for frame in pair)
    is_clock = spread <= EVEN_NS and not has_octet
    fits = tuple(fitting(cadence, tolerance, round_trip_ns(connection, side))) if is_clock else ()
    odd = tuple(
        OddGap(before.number, after.number, _length((before, after)), _shift(_length((before, after)), cadence))
        for before, after in gaps
        if abs(_length((before, after)) - median) > within and not _is_of_setting(_length((before, after)), changed)
    )
    return ProbeClock(cadence, len(even), spread, fits, odd, (even[0][0].number, even[-1][1].number), has_octet, missed)


def fitting(cadence_ns: int, tolerance_ns: int, answer_ns: int = 0) -> Iterator[Fit]:
    """The kernels and whole seconds of which the model gives this cadence, within the tolerance (all in ns).

    First those whose interval is the idle time itself, or the default of 75 s: common, and the cadence tells their idle
    time well. Only when none of them fits, those with another usual interval.
    """
    longest = ceil((cadence_ns + tolerance_ns) / NS_PER_S)
    found = False
    for tier in (_common_intervals, _other_intervals):
        for kernel in KERNELS:
            rounding, of = LARGEST_ROUNDING[kernel.family]
            shortest = max(1, (cadence_ns - tolerance_ns) * of // ((of + rounding) * NS_PER_S))
            for setting in range(shortest, longest + 1):
                for interval in tier(setting):
                    if _gives(kernel, setting, interval, answer_ns, cadence_ns, tolerance_ns):
                        found = True
                        yield Fit(kernel, setting, interval)
                        break
        if found:
            return


def _gives(kernel: Kernel, setting_s: int, interval_s: int, answer_ns: int, cadence_ns: int, tolerance_ns: int) -> bool:
    ticks = answer_ns * kernel.hz // NS_PER_S
    settled = {c for answer in (ticks, ticks + 1) for c in cadences(kernel, setting_s, interval_s, answer)}
    return any(abs(jiffies_to_ns(kernel, value) - cadence_ns) <= tolerance_ns for value in settled)


def _gaps(connection: Connection, side: str) -> Iterator[tuple[Frame, Frame]]:
    """Pairs of probes in a row between which nothing but answers and the peer's own probes passed, since the setting
    last changed.
    """
    run: list[Frame] = []
    changed = _last_change(connection, side)
    since = first_at_new_spacing(connection, changed) if changed else 0
    for frame in connection.frames:
        if frame.number < since:
            continue
        probe = frame.found(Probe)
        if probe is not None and frame.source == side:
            run.append(frame)
            if probe.answer_frame is None:
                yield from pairwise(run[1:])
                run = []
        elif probe is None and frame.found(Answer) is None:
            yield from pairwise(run[1:])
            run = []
    yield from pairwise(run[1:])


def _last_change(connection: Connection, side: str) -> SettingChanged | None:
    return next((found for found in reversed(connection.of(SettingChanged)) if found.by == side), None)


def _length(pair: tuple[Frame, Frame]) -> int:
    return pair[1].time_ns - pair[0].time_ns


def even_within_ns(median_ns: int) -> int:
    """How far a gap may be off the median and still be one cadence: 1 %, and the kernel's own spread."""
    return median_ns // 100 + EVEN_NS


def _is_of_setting(gap_ns: int, changed: SettingChanged | None) -> bool:
    """Whether the gap is one spacing of a setting that the connection is known to have had."""
    return changed is not None and abs(gap_ns - changed.after_ns) <= even_within_ns(changed.after_ns)


def _shift(gap_ns: int, cadence_ns: int) -> int:
    beside = gap_ns % cadence_ns
    return beside if beside <= cadence_ns // 2 else beside - cadence_ns


def _common_intervals(setting_s: int) -> tuple[int, ...]:
    return (setting_s, DEFAULT_INTERVAL_S) if setting_s > DEFAULT_INTERVAL_S else (setting_s,)


def _other_intervals(setting_s: int) -> tuple[int, ...]:
    return () if setting_s > LONG_S else tuple(seconds for seconds in USUAL_INTERVALS_S if seconds < setting_s)
