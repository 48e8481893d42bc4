"""Which known timers the end of an idle connection matches, and which the capture excludes. A match is no proof."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pyreport.base.units import NS_PER_MS, NS_PER_S, format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.idle_close import IdleClose, idle_close
from pyreport.knowledge.known_timers import Ends, KnownTimer, Measured, Refreshed, Side, known_timers

# What the capture's age may fall short of the limit by, beside the round trip of the path:
# the other side's last segment may be an ACK that it held back (RFC 1122 4.2.3.2; Linux TCP_DELACK_MIN, 40 ms),
DELAYED_ACK_NS = 40 * NS_PER_MS
# and products count in whole milliseconds or ticks (10 ms at HZ 100).
CLOCK_STEP_NS = 10 * NS_PER_MS
# How much later than its limit a product may act: most look once a second, or more often.
LATE_NS = 1 * NS_PER_S

# What was forgotten without a packet is noticed at the next one, however long after the limit.
NOTICED_LATE = (Ends.SILENT, Ends.RST_NEXT)

SAME_SERVICE = {"HTTPS": "HTTP"}


class Fate(StrEnum):
    """How a row stands."""

    MATCHES = "matches"
    SETTABLE = "can be set to it"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class WeighedTimer:
    """A row, how it stands, and why in one sentence."""

    timer: KnownTimer
    fate: Fate
    reason: str


@dataclass(frozen=True, slots=True)
class IdleLimits:
    """What all rows come to for one idle close."""

    close: IdleClose
    matches: tuple[WeighedTimer, ...]
    settable: tuple[WeighedTimer, ...]
    excluded: tuple[WeighedTimer, ...]


def idle_limits(case: Case) -> IdleLimits | None:
    """Hold the rows against the end of a case; None when it did not end idle. Rows for its own service come first."""
    close = idle_close(case)
    if close is None:
        return None
    weighed = sorted((weigh_timer(timer, close) for timer in known_timers()), key=lambda w: _rank(w.timer, close))

    def those(fate: Fate) -> tuple[WeighedTimer, ...]:
        return tuple(found for found in weighed if found.fate is fate)

    return IdleLimits(close, those(Fate.MATCHES), those(Fate.SETTABLE), those(Fate.EXCLUDED))


def weigh_timer(timer: KnownTimer, close: IdleClose) -> WeighedTimer:
    """Hold one row against the end of an idle connection."""
    reason = _does_not_apply(timer, close) or _is_refreshed(timer, close)
    if reason:
        return WeighedTimer(timer, Fate.EXCLUDED, reason)
    misfits = []
    for measured in _clocks(timer):
        age = close.data_idle_ns if measured is Measured.DATA else close.packet_idle_ns
        reason = _misfit(timer, close, measured, age)
        if not reason:
            what = "data" if measured is Measured.DATA else "packets"
            limit = format_duration(timer.limit_ns or 0)
            if close.ends in NOTICED_LATE:
                text = f"Its default of {limit} had gone by without {what}."
            else:
                text = f"The connection had been without {what} for {format_duration(age)}; its default is {limit}."
            return WeighedTimer(timer, Fate.MATCHES, text)
        misfits.append((measured, age, reason))
    is_noticed_late = close.ends in NOTICED_LATE
    for measured, age, reason in misfits:
        can_be = timer.least_ns is not None and timer.least_ns <= age if is_noticed_late else timer.can_be(age)
        if can_be and not _outlived(close, measured, age):
            or_less = " or less" if is_noticed_late else ""
            return WeighedTimer(timer, Fate.SETTABLE, f"{reason} It can be set to {format_duration(age)}{or_less}.")
    return WeighedTimer(timer, Fate.EXCLUDED, misfits[0][2])


def _does_not_apply(timer: KnownTimer, close: IdleClose) -> str:
    """Why a row is not about a connection like this, "" when it may be."""
    service = SAME_SERVICE.get(close.service, close.service)
    if timer.is_half_closed:
        return "It counts only after a FIN, and the connection was open until the end."
    if timer.service and service and timer.service != service:
        return f"It is for {timer.service}, and the port here is {close.service}'s."
    if timer.side is Side.SERVER and close.closed_by_client is True:
        return "It is the server's, and the client closed."
    if timer.side is Side.CLIENT and close.closed_by_client is False:
        return "It is the client's, and the server closed."
    # A device that forgets in silence leaves it to the host behind it to answer the next packet with an RST.
    wanted = {Ends.SILENT, Ends.RST_NEXT} if close.ends is Ends.RST_NEXT else {close.ends}
    if not wanted & set(timer.ends):
        return f"{_HOW[timer.ends[0]]}; this connection {_ENDED[close.ends]}."
    return ""


_HOW = {
    Ends.FIN: "It closes with a FIN",
    Ends.RST: "It closes with an RST",
    Ends.SILENT: "It drops a connection without a packet of its own",
    Ends.RST_NEXT: "It answers the next packet with an RST",
}
_ENDED = {
    Ends.FIN: "ended with a FIN",
    Ends.RST: "ended with an RST that answered nothing",
    Ends.SILENT: "ended in silence",
    Ends.RST_NEXT: "ended with an RST that answered a packet",
}


def _is_refreshed(timer: KnownTimer, close: IdleClose) -> str:
    """Why a limit that keep-alives refresh cannot have been reached, "" when it can."""
    if timer.refreshed is not Refreshed.YES or not close.probes_answered:
        return ""
    if timer.limit_ns is not None and close.packet_idle_ns >= timer.limit_ns - _short(close):
        return ""
    return (
        f"Keep-alives refresh it, and the last of {close.probes_answered} answers came "
        f"{format_duration(close.packet_idle_ns)} before the end."
        if close.probes_answered > 1
        else f"Keep-alives refresh it, and one was answered {format_duration(close.packet_idle_ns)} before the end."
    )


def _clocks(timer: KnownTimer) -> tuple[Measured, ...]:
    """By which silence it may count: both, where it is not known whether keep-alives refresh it."""
    return (Measured.DATA, Measured.PACKETS) if timer.refreshed is Refreshed.UNKNOWN else (timer.measured,)


def _misfit(timer: KnownTimer, close: IdleClose, measured: Measured, age_ns: int) -> str:
    """Why the default does not fit the age, "" when it does."""
    limit = timer.limit_ns
    if limit is None:
        return "It is off by default."
    told, default = format_duration(age_ns), format_duration(limit)
    what = "data" if measured is Measured.DATA else "packets"
    if age_ns < limit - _short(close):
        return f"Its default is {default}, and the connection had been without {what} for {told} only."
    if close.ends in NOTICED_LATE:
        return ""
    if age_ns > limit + (LATE_NS if timer.late_ns is None else timer.late_ns) + close.round_trip_ns:
        return f"Its default is {default}, and the connection had been without {what} for {told} already."
    if _outlived(close, measured, limit):
        return f"Its default is {default}, and the connection had outlived a longer silence before."
    return ""


def _outlived(close: IdleClose, measured: Measured, limit_ns: int) -> bool:
    """Whether a limit of this length would have ended the connection earlier."""
    survived = close.survived_data_ns if measured is Measured.DATA else close.survived_packets_ns
    return survived > limit_ns + LATE_NS + close.round_trip_ns


def _short(close: IdleClose) -> int:
    return close.round_trip_ns + DELAYED_ACK_NS + CLOCK_STEP_NS


def _rank(timer: KnownTimer, close: IdleClose) -> tuple[bool, bool]:
    return not (timer.service and timer.service == close.service), bool(timer.unverified)
