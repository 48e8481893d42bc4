"""Known timers held against the end of an idle connection: which have its age, which had run out by then, and which
the capture excludes. A match of numbers is no proof.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, SetTime, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.idle_close import IdleClose, idle_close
from pyreport.diagnosis.thresholds import CLOCK_STEP_NS, DELAYED_ACK_NS, LIMIT_LATE_NS, SAME_AGE_SHARE
from pyreport.knowledge.known_timers import Ends, KnownTimer, Measured, Refreshed, Side, State, known_timers

# What was forgotten without a packet is noticed at the next one, however long after the limit.
NOTICED_LATE = (Ends.SILENT, Ends.RST_NEXT)

SAME_SERVICE = {"HTTPS": "HTTP"}


class Fate(StrEnum):
    """How a row stands. A limit ``equals`` the age within the uncertainty; one that ``had_run_out`` is shorter than the
    silence, and the next packet met what such a limit leaves behind.
    """

    EQUALS = "equals"
    HAD_RUN_OUT = "had_run_out"
    SETTABLE = "settable"
    EXCLUDED = "excluded"


class WeighedTimer(Struct, frozen=True):
    """A row, how it stands, and why."""

    timer: KnownTimer
    fate: Fate
    reason: Claim


class IdleLimits(Struct, frozen=True):
    """What all rows come to for one idle close. A product stands once among the first three, where it fits best."""

    close: IdleClose
    equal: tuple[WeighedTimer, ...]
    ran_out: tuple[WeighedTimer, ...]
    settable: tuple[WeighedTimer, ...]
    excluded: tuple[WeighedTimer, ...]

    @property
    def of_data(self) -> tuple[WeighedTimer, ...]:
        """The rows that equal the time without data. Others equal the time without any segment alone: after probes at
        regular times, that is the spacing of the probes, and no length at which anybody closes.
        """
        return tuple(found for found in self.equal if found.reason.values.get("age") == self.close.data_idle_ns)


def idle_limits(case: Case) -> IdleLimits | None:
    """Hold the rows against the end of a case; None when it did not end idle. The nearest come first; of those that can
    be set, the rows for its own service.
    """
    close = idle_close(case)
    if close is None:
        return None
    weighed = sorted((weigh_timer(timer, close) for timer in known_timers()), key=lambda found: _rank(found, close))
    best: dict[str, WeighedTimer] = {}
    for found in weighed:
        if found.fate is not Fate.EXCLUDED:
            best.setdefault(found.timer.product, found)

    def those(fate: Fate) -> tuple[WeighedTimer, ...]:
        return tuple(found for found in best.values() if found.fate is fate)

    excluded = tuple(found for found in weighed if found.fate is Fate.EXCLUDED)
    return IdleLimits(close, those(Fate.EQUALS), those(Fate.HAD_RUN_OUT), those(Fate.SETTABLE), excluded)


def weigh_timer(timer: KnownTimer, close: IdleClose) -> WeighedTimer:
    """Hold one row against the end of an idle connection."""
    reason = _does_not_apply(timer, close) or _is_refreshed(timer, close)
    if reason is not None:
        return WeighedTimer(timer, Fate.EXCLUDED, reason)
    misfits = []
    for measured in _clocks(timer):
        age = Duration(_age(close, measured))
        misfit = _misfit(timer, close, measured, age)
        if misfit is None:
            return _match(timer, close, measured, age)
        misfits.append((measured, age, misfit))
    is_noticed_late = close.ends in NOTICED_LATE
    for measured, age, misfit in misfits:
        can_be = timer.least_ns is not None and timer.least_ns <= age if is_noticed_late else timer.can_be(age)
        if can_be and not _outlived(close, measured, age):
            settable = claim(
                "idle-limit-settable-or-less" if is_noticed_late else "idle-limit-settable", misfit=misfit, age=age
            )
            return WeighedTimer(timer, Fate.SETTABLE, settable)
    return WeighedTimer(timer, Fate.EXCLUDED, misfits[0][2])


def _match(timer: KnownTimer, close: IdleClose, measured: Measured, age: Duration) -> WeighedTimer:
    limit = SetTime(timer.limit_ns or 0)
    # What was forgotten is noticed whenever the next packet comes: sooner than a hundredth of the age after the limit
    # only by chance, or because the silences of the program last as long.
    near = max(LIMIT_LATE_NS + close.round_trip_ns, limit // SAME_AGE_SHARE)
    if close.ends in NOTICED_LATE and age > limit + near:
        passed = claim("idle-limit-passed", limit=limit, measured=measured, age=age)
        return WeighedTimer(timer, Fate.HAD_RUN_OUT, passed)
    equals = claim("idle-limit-equals", limit=limit, measured=measured, age=age)
    return WeighedTimer(timer, Fate.EQUALS, equals)


def _does_not_apply(timer: KnownTimer, close: IdleClose) -> Claim | None:
    """Why a row is not about a connection like this, None when it may be."""
    service = _service_of(close)
    if timer.state is State.HALF_CLOSED:
        return claim("idle-limit-after-fin")
    if timer.state is State.UNACKNOWLEDGED and not close.is_unacknowledged:
        return claim("idle-limit-unacknowledged")
    if timer.service and service and timer.service != service:
        return claim("idle-limit-other-service", limited=timer.service, service=close.service)
    if timer.side is Side.SERVER and close.closed_by_client is True:
        return claim("idle-limit-of-server")
    if timer.side is Side.CLIENT and close.closed_by_client is False:
        return claim("idle-limit-of-client")
    # A device that forgets in silence leaves it to the host behind it to answer the next packet with an RST.
    wanted = {Ends.SILENT, Ends.RST_NEXT} if close.ends is Ends.RST_NEXT else {close.ends}
    if not wanted & set(timer.ends):
        return claim("idle-limit-ends-otherwise", ends=timer.ends[0], ended=close.ends)
    if timer.side is Side.PATH and close.is_own_reset:
        return claim("idle-limit-of-device")
    return None


def _service_of(close: IdleClose) -> str:
    """What the rows call the service, "" when the port tells none."""
    return SAME_SERVICE.get(close.service, close.service)


def _is_refreshed(timer: KnownTimer, close: IdleClose) -> Claim | None:
    """Why a limit that keep-alives refresh cannot have been reached, None when it can."""
    if timer.refreshed is not Refreshed.YES or not close.probes_answered:
        return None
    if timer.limit_ns is not None and close.packet_idle_ns >= timer.limit_ns - _short(close):
        return None
    return claim("idle-limit-refreshed", answers=close.probes_answered, before=Duration(close.packet_idle_ns))


def _clocks(timer: KnownTimer) -> tuple[Measured, ...]:
    """By which silence it may count: both, where it is not known whether keep-alives refresh it."""
    return (Measured.DATA, Measured.PACKETS) if timer.refreshed is Refreshed.UNKNOWN else (timer.measured,)


def _age(close: IdleClose, measured: Measured) -> int:
    return close.data_idle_ns if measured is Measured.DATA else close.packet_idle_ns


def _misfit(timer: KnownTimer, close: IdleClose, measured: Measured, age: Duration) -> Claim | None:
    """Why the default does not fit the age, None when it does."""
    if timer.limit_ns is None:
        return claim("idle-limit-off")
    limit = SetTime(timer.limit_ns)
    if age < limit - _short(close):
        return claim("idle-limit-not-reached", limit=limit, measured=measured, age=age)
    late = LIMIT_LATE_NS if timer.late_ns is None else timer.late_ns
    if close.ends not in NOTICED_LATE and age > limit + late + close.round_trip_ns:
        return claim("idle-limit-long-passed", limit=limit, measured=measured, age=age)
    return claim("idle-limit-outlived", limit=limit) if _outlived(close, measured, limit) else None


def _outlived(close: IdleClose, measured: Measured, limit_ns: int) -> bool:
    """Whether a limit of this length would have ended the connection earlier."""
    survived = close.survived_data_ns if measured is Measured.DATA else close.survived_packets_ns
    return survived > limit_ns + LIMIT_LATE_NS + close.round_trip_ns


def _short(close: IdleClose) -> int:
    return close.round_trip_ns + DELAYED_ACK_NS + CLOCK_STEP_NS


def _rank(found: WeighedTimer, close: IdleClose) -> tuple[int, bool, bool, int]:
    timer = found.timer
    is_others = not timer.service or timer.service != _service_of(close)
    age = _age(close, timer.measured)
    off = abs(age - timer.limit_ns) if timer.limit_ns is not None else age
    if found.fate is Fate.HAD_RUN_OUT:
        return list(Fate).index(found.fate), False, False, off
    return list(Fate).index(found.fate), is_others, bool(timer.unverified), off
