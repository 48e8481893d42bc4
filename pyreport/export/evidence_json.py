"""Parts of the JSON (see report_json): what the capture is worth, the probes as a clock, limits of products."""

from __future__ import annotations

from pyreport.connections.probe_clock import Fit, ProbeClock
from pyreport.diagnosis.evidence.idle_limits import Fate, IdleLimits, WeighedTimer
from pyreport.export.claim_json import Count, EvidenceJson, Frames, Json, Values, claims_json, values_json
from pyreport.knowledge.kernel_timers import Family
from pyreport.quality import Flaw, Quality, RestsOn
from pyreport.quality.vantage import Place, Vantage
from pyreport.words import Words


class VantageJson(Json):
    """Where the capture was taken, seen from one connection ("both": its two ends are on one host), and the clues;
    disputed: they contradict each other.
    """

    place: Place
    disputed: bool
    clues: tuple[EvidenceJson, ...]


class FlawJson(Json):
    """What is wrong with the capture, and the kinds of claims that are less sure because of it."""

    id: str
    values: Values
    frames: Frames
    text: str
    weakens: tuple[RestsOn, ...]


class QualityJson(Json):
    """What the capture is worth for one connection."""

    vantage: VantageJson
    flaws: tuple[FlawJson, ...]


class FitJson(Json):
    """Kernels and a setting of which the model gives the cadence; idle_s is TCP_KEEPIDLE, or TCP_KEEPINTVL where that
    is longer.
    """

    kernel: Family
    hz: int
    idle_s: int
    interval_s: int


class ClockJson(Json):
    """The cadence of answered probes: the mean of the even gaps between them, how many gaps that are, and the longest
    less the shortest; undisturbed: all gaps agree to within two ticks of a slow kernel; fits: what gives this cadence,
    empty when nothing does or the gaps are too uneven.
    """

    cadence_ns: int
    gaps: Count
    spread_ns: int
    undisturbed: bool
    fits: tuple[FitJson, ...]


class LimitJson(Json):
    """A known limit that has the age at the end, had run out by then, or can be set to it; what changes it, its default
    (null: off), where that was read, and what of it was not looked up.
    """

    id: str
    who: str
    setting: str
    limit_ns: int | None
    fate: Fate
    reason: str
    source: str
    unverified: str


class ExcludedLimitJson(Json):
    """A known limit that the capture excludes, and why."""

    id: str
    reason: str


class IdleLimitsJson(Json):
    """The known limits held against the end of a connection, the nearest first; both lists are empty when it did not
    end idle.
    """

    fitting: tuple[LimitJson, ...]
    excluded: tuple[ExcludedLimitJson, ...]


def quality_json(quality: Quality, words: Words) -> QualityJson:
    """What the capture is worth."""
    flaws = tuple(_flaw(flaw, words) for flaw in quality.flaws)
    return QualityJson(vantage=_vantage(quality.vantage, words), flaws=flaws)


def clock_json(clock: ProbeClock | None) -> ClockJson | None:
    """The cadence of one side."""
    if clock is None:
        return None
    return ClockJson(
        cadence_ns=clock.cadence_ns,
        gaps=clock.gaps,
        spread_ns=clock.spread_ns,
        undisturbed=clock.is_undisturbed,
        fits=tuple(map(_fit, clock.fits)),
    )


def limits_json(limits: IdleLimits | None, words: Words) -> IdleLimitsJson:
    """The known limits."""
    if limits is None:
        return IdleLimitsJson(fitting=(), excluded=())
    return IdleLimitsJson(
        fitting=tuple(_limit(found, words) for found in (*limits.equal, *limits.ran_out, *limits.settable)),
        excluded=tuple(
            ExcludedLimitJson(id=found.timer.id, reason=words.say(found.reason)) for found in limits.excluded
        ),
    )


def _vantage(vantage: Vantage, words: Words) -> VantageJson:
    clues = claims_json(tuple(clue.claim for clue in vantage.clues), words)
    return VantageJson(place=vantage.place, disputed=vantage.is_disputed, clues=clues)


def _flaw(flaw: Flaw, words: Words) -> FlawJson:
    return FlawJson(
        id=flaw.id,
        values=values_json(flaw.claim, words),
        frames=flaw.claim.frames,
        text=words.say(flaw.claim),
        weakens=flaw.weakens,
    )


def _fit(fit: Fit) -> FitJson:
    return FitJson(kernel=fit.kernel.family, hz=fit.kernel.hz, idle_s=fit.setting_s, interval_s=fit.interval_s)


def _limit(found: WeighedTimer, words: Words) -> LimitJson:
    timer = found.timer
    return LimitJson(
        id=timer.id,
        who=timer.who,
        setting=timer.setting,
        limit_ns=timer.limit_ns,
        fate=found.fate,
        reason=words.say(found.reason),
        source=timer.source,
        unverified=words.phrase(timer.doubt) if timer.doubt is not None else "",
    )
