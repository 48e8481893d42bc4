"""The table of known limits that fit the age at the close."""

from __future__ import annotations

from pyreport.base.units import count_words, format_duration
from pyreport.diagnosis.evidence.idle_limits import Fate, IdleLimits, WeighedTimer
from pyreport.narrative.model import LimitRow

MOST_ROWS, MOST_OWN = 6, 2


def limit_rows(limits: IdleLimits | None) -> tuple[LimitRow, ...]:
    """Up to six rows: those whose default matches, then those for this service that can be set to the age."""
    if limits is None:
        return ()
    return tuple(_row(found) for found in _shown(limits))


def limits_note(limits: IdleLimits | None) -> str:
    """What the table leaves out; "" when there was nothing to hold limits against."""
    if limits is None:
        return ""
    shown = _shown(limits)
    more = len(limits.matches) - sum(1 for found in shown if found.fate is Fate.MATCHES)
    settable = len(limits.settable) - sum(1 for found in shown if found.fate is Fate.SETTABLE)
    parts = [] if limits.matches else ["No known default matches this age."]
    if more:
        parts.append("1 more matches." if more == 1 else f"{more} more match.")
    if settable:
        products = "other product" if settable == 1 else "other products"
        parts.append(f"{settable} {products} can be set to this.")
    if limits.excluded:
        rows = count_words(len(limits.excluded), "known limit")
        parts.append(f"The capture excludes {rows}; the JSON has each with its reason.")
    return " ".join(parts)


def _shown(limits: IdleLimits) -> tuple[WeighedTimer, ...]:
    own = tuple(found for found in limits.settable if found.timer.service and _is_own(found, limits))[:MOST_OWN]
    return (*limits.matches[: MOST_ROWS - len(own)], *own)


def _is_own(found: WeighedTimer, limits: IdleLimits) -> bool:
    return found.timer.service == limits.close.service


def _row(found: WeighedTimer) -> LimitRow:
    timer = found.timer
    if found.fate is Fate.MATCHES:
        how = f"matches the default of {format_duration(timer.limit_ns or 0)}"
    elif timer.limit_ns is None:
        how = "off by default; can be set to this"
    else:
        how = f"default {format_duration(timer.limit_ns)}; can be set to this"
    source = f"{timer.source}. Unverified: {timer.unverified}." if timer.unverified else f"{timer.source}."
    return LimitRow(timer.who, timer.setting, how, source)
