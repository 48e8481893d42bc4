"""Which unit a duration is told in, and with how many decimals. What the unit is called is the language's."""

from __future__ import annotations

from decimal import Decimal

from pyreport.base.units import NS_PER_MS, NS_PER_S


def unit_and_number(duration_ns: int) -> tuple[str, Decimal, str] | tuple[str, int, int]:
    """The unit with its number and the form of that (a pattern of Babel), or two units with their whole numbers."""
    sign, span = (-1 if duration_ns < 0 else 1), abs(duration_ns)
    if span < NS_PER_MS - 500:  # what would round to 1000 of a unit is told in the next one
        return "microseconds", sign * Decimal(span) / 1000, "0"
    if span < NS_PER_S - NS_PER_MS // 20:
        return "milliseconds", sign * Decimal(span) / NS_PER_MS, "0.0"
    if span < 20 * NS_PER_S:
        return "seconds", sign * Decimal(span) / NS_PER_S, "0.000"
    if span < 300 * NS_PER_S:
        return "seconds", sign * Decimal(span) / NS_PER_S, "0.0"
    minutes, seconds = divmod(round(Decimal(span) / NS_PER_S), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return "hours", sign * hours, minutes
    return "minutes", sign * minutes, seconds
