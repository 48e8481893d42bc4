"""What the cadence of one side's probes tells of its kernel and of its timers, in a sentence or three."""

from __future__ import annotations

from pyreport.base.sentence import capitalized
from pyreport.base.units import NS_PER_MS, count_words, format_duration
from pyreport.connections.probe_clock import EVEN_NS, OddGap, ProbeClock, tell_fits

# Off by no more than this, the probes after a gap are where they would have been without it.
ON_GRID_NS = EVEN_NS


def tell_clock(clock: ProbeClock | None) -> str:
    """The sentences; "" when there were too few probes to read a clock."""
    if clock is None:
        return ""
    gaps = capitalized(f"{count_words(clock.gaps, 'gap')} between answered probes")
    if not clock.is_even:
        spread = format_duration(clock.spread_ns)
        return f"{gaps} differ by up to {spread}: too uneven to tell the kernel by its timers."
    agree = "agree exactly" if clock.spread_ns == 0 else f"agree to within {format_duration(clock.spread_ns)}"
    text = f"{gaps} {agree}"
    text += ": its timers ran undisturbed." if clock.is_undisturbed else "."
    return " ".join((text, _kernel(clock), *(_tell_odd(gap) for gap in clock.odd[:1])))


def _kernel(clock: ProbeClock) -> str:
    cadence = format_cadence(clock.cadence_ns)
    if clock.has_octet:
        return f"They are {cadence} long, and the probes carry an octet, as those of Windows do: not a Linux kernel."
    if not clock.fits:
        return f"No usual Linux kernel gives {cadence}: another system, or timers that were disturbed."
    return f"A cadence of {cadence} fits {tell_fits(clock.fits)}."


def _tell_odd(gap: OddGap) -> str:
    longer = f"Between frames {gap.before} and {gap.after}, {format_duration(gap.gap_ns)} went by"
    if abs(gap.shift_ns) <= ON_GRID_NS:
        return f"{longer}; after that the probes are back at their old times: the timers had run on."
    shift = format_duration(abs(gap.shift_ns))
    return f"{longer}, and the probes are {shift} off their old times since: the timers stood still or were set anew."


def format_cadence(cadence_ns: int) -> str:
    """A cadence to the millisecond: "5.008 s", "61.440 s"."""
    return f"{round(cadence_ns / NS_PER_MS) / 1000:.3f} s"
