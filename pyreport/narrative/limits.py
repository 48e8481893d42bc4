"""The table of known limits that fit the age at the close."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.evidence.idle_limits import Fate, IdleLimits, WeighedTimer
from pyreport.knowledge.known_timers import KnownTimer
from pyreport.narrative.model import LimitRow

MOST_ROWS, MOST_OWN = 6, 2


def limit_rows(limits: IdleLimits | None) -> tuple[LimitRow, ...]:
    """Up to six rows: those whose default matches, then those for this service that can be set to the age."""
    if limits is None:
        return ()
    return tuple(
        LimitRow(found.timer.product, found.timer.option, _how(found), _source(found.timer)) for found in _shown(limits)
    )


def limits_notes(limits: IdleLimits | None) -> tuple[Claim, ...]:
    """What the table leaves out; nothing when there was nothing to hold limits against."""
    return () if limits is None else tuple(_notes(limits))


def _notes(limits: IdleLimits) -> Iterator[Claim]:
    shown = _shown(limits)
    more = len(limits.matches) - sum(1 for found in shown if found.fate is Fate.MATCHES)
    settable = len(limits.settable) - sum(1 for found in shown if found.fate is Fate.SETTABLE)
    if not limits.matches:
        yield claim("limits-none-matches")
    if more:
        yield claim("limits-more-match", count=more)
    if settable:
        yield claim("limits-more-settable", count=settable)
    if limits.excluded:
        yield claim("limits-excluded", count=len(limits.excluded))


def _shown(limits: IdleLimits) -> tuple[WeighedTimer, ...]:
    own = tuple(found for found in limits.settable if found.timer.service and _is_own(found, limits))[:MOST_OWN]
    return (*limits.matches[: MOST_ROWS - len(own)], *own)


def _is_own(found: WeighedTimer, limits: IdleLimits) -> bool:
    return found.timer.service == limits.close.service


def _how(found: WeighedTimer) -> Claim:
    limit_ns = found.timer.limit_ns
    if limit_ns is None:
        return claim("limit-can-be-switched-on")
    if found.fate is Fate.MATCHES:
        return claim("limit-matches", limit=Duration(limit_ns))
    return claim("limit-can-be-set", limit=Duration(limit_ns))


def _source(timer: KnownTimer) -> Claim:
    if timer.doubt is None:
        return claim("source-read", source=timer.source)
    return claim("source-in-part", source=timer.source, unverified=timer.doubt)
