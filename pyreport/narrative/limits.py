"""The table of known limits that have the age at the close, or had run out by then."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, SetTime, claim
from pyreport.diagnosis.evidence.idle_limits import Fate, IdleLimits, WeighedTimer
from pyreport.diagnosis.result import Kind
from pyreport.knowledge.known_timers import KnownTimer
from pyreport.narrative.model import LimitRow

MOST_ROWS, MOST_RUN_OUT, MOST_OWN = 6, 3, 2


#: Verdicts that an idle limit may be behind; beside others the table stands only when a default equals the age.
_MAY_BE_A_LIMIT = (Kind.PEER_CLOSED_IDLE, Kind.PEER_CLOSED, Kind.PEER_RESET, Kind.MIDDLEBOX_CLOSED, Kind.UNDETERMINED)


def limits_to_show(limits: IdleLimits | None, kind: Kind) -> IdleLimits | None:
    """The limits, where they tell something of a verdict of this kind. What ended connections of many ages at once was
    no limit, whatever the age of one of them.
    """
    if limits is None or kind is Kind.PEER_RESTARTED:
        return None
    return limits if kind in _MAY_BE_A_LIMIT or limits.equal else None


def limit_rows(limits: IdleLimits | None) -> tuple[LimitRow, ...]:
    """Up to six rows: defaults that equal the age, then those that had run out, then those for this service that can be
    set to the age.
    """
    if limits is None:
        return ()
    return tuple(
        LimitRow(one.timer.told_who, one.timer.option, _how(one, limits), _source(one.timer)) for one in _shown(limits)
    )


def limits_notes(limits: IdleLimits | None) -> tuple[Claim, ...]:
    """What the table leaves out; nothing when there was nothing to hold limits against."""
    return () if limits is None else tuple(_notes(limits))


def _notes(limits: IdleLimits) -> Iterator[Claim]:
    shown = _shown(limits)
    if not limits.equal:
        yield claim("limits-none-equals")
    for fate, count, told in (
        (Fate.EQUALS, len(limits.equal), "limits-more-equal"),
        (Fate.HAD_RUN_OUT, len(limits.ran_out), "limits-more-run-out"),
        (Fate.SETTABLE, len(limits.settable), "limits-more-settable"),
    ):
        more = count - sum(1 for found in shown if found.fate is fate)
        if more:
            yield claim(told, count=more)
    if limits.excluded:
        yield claim("limits-excluded", count=len(limits.excluded))


def _shown(limits: IdleLimits) -> tuple[WeighedTimer, ...]:
    own = tuple(found for found in limits.settable if found.timer.service and _is_own(found, limits))[:MOST_OWN]
    first = (*limits.equal, *limits.ran_out[:MOST_RUN_OUT])
    return (*first[: MOST_ROWS - len(own)], *own)


def _is_own(found: WeighedTimer, limits: IdleLimits) -> bool:
    return found.timer.service == limits.close.service


def _how(found: WeighedTimer, limits: IdleLimits) -> Claim:
    limit_ns = found.timer.limit_ns
    if limit_ns is None:
        return claim("limit-can-be-switched-on")
    if found.fate is Fate.EQUALS:
        identifier = "limit-equals" if found in limits.of_data else "limit-equals-silence"
        return claim(identifier, limit=SetTime(limit_ns))
    if found.fate is Fate.HAD_RUN_OUT:
        return claim("limit-had-run-out", limit=SetTime(limit_ns))
    return claim("limit-can-be-set", limit=SetTime(limit_ns))


def _source(timer: KnownTimer) -> Claim:
    if timer.doubt is None:
        return claim("source-read", source=timer.source)
    return claim("source-in-part", source=timer.source, unverified=timer.doubt)
