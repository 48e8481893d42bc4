"""Parts of the JSON (see report_json): what the capture is worth, the probes as a clock, limits of products."""

from __future__ import annotations

from typing import TypedDict

from pyreport.base.claim import Claim
from pyreport.connections.probe_clock import Fit, ProbeClock
from pyreport.diagnosis.evidence.idle_limits import IdleLimits, WeighedTimer
from pyreport.knowledge.kernel_timers import Kernel
from pyreport.quality import Flaw, Quality
from pyreport.quality.vantage import Vantage


class EvidenceJson(TypedDict):
    """One sentence and the frames that prove it."""

    text: str
    frames: list[int]


class VantageJson(TypedDict):
    """Where the capture was taken, seen from one connection: a, b, between, both or not determinable."""

    place: str
    disputed: bool
    clues: list[EvidenceJson]


class FlawJson(TypedDict):
    """What is wrong with the capture, and the claims that it weakens (pyreport.quality.RestsOn)."""

    id: str
    text: str
    frames: list[int]
    weakens: list[str]


class QualityJson(TypedDict):
    """What the capture is worth for one connection."""

    vantage: VantageJson
    flaws: list[FlawJson]


class FitJson(TypedDict):
    """Kernels and a setting of which the model gives the cadence."""

    kernel: str
    hz: int
    idle_s: int
    interval_s: int


class ClockJson(TypedDict):
    """The cadence of answered probes: the mean of ``gaps`` even ones, their spread, and what fits."""

    cadence_ns: int
    gaps: int
    spread_ns: int
    undisturbed: bool
    fits: list[FitJson]


class LimitJson(TypedDict):
    """One known limit that fits the age at the end. ``limit_ns`` is its default, null when it has none."""

    id: str
    who: str
    setting: str
    limit_ns: int | None
    fate: str
    reason: str
    source: str
    unverified: str


class ExcludedLimitJson(TypedDict):
    """One known limit that the capture excludes, and why."""

    id: str
    reason: str


class IdleLimitsJson(TypedDict):
    """The known limits held against the end of a connection; both lists are empty when it did not end idle."""

    fitting: list[LimitJson]
    excluded: list[ExcludedLimitJson]


def evidence_json(sentence: Claim) -> EvidenceJson:
    """One sentence."""
    return {"text": sentence.text, "frames": list(sentence.frames)}


def quality_json(quality: Quality) -> QualityJson:
    """What the capture is worth."""
    return {"vantage": _vantage(quality.vantage), "flaws": [_flaw(flaw) for flaw in quality.flaws]}


def clock_json(clock: ProbeClock | None) -> ClockJson | None:
    """The cadence of one side."""
    if clock is None:
        return None
    return {
        "cadence_ns": clock.cadence_ns,
        "gaps": clock.gaps,
        "spread_ns": clock.spread_ns,
        "undisturbed": clock.is_undisturbed,
        "fits": [_fit(fit, fit.kernel) for fit in clock.fits],
    }


def limits_json(limits: IdleLimits | None) -> IdleLimitsJson:
    """The known limits."""
    if limits is None:
        return {"fitting": [], "excluded": []}
    return {
        "fitting": [_limit(found) for found in (*limits.matches, *limits.settable)],
        "excluded": [{"id": found.timer.id, "reason": found.reason} for found in limits.excluded],
    }


def _vantage(vantage: Vantage) -> VantageJson:
    return {
        "place": vantage.place.value,
        "disputed": vantage.is_disputed,
        "clues": [evidence_json(clue.sentence) for clue in vantage.clues],
    }


def _flaw(flaw: Flaw) -> FlawJson:
    return {
        "id": flaw.id,
        "text": flaw.sentence.text,
        "frames": list(flaw.sentence.frames),
        "weakens": [claim.value for claim in flaw.weakens],
    }


def _fit(fit: Fit, kernel: Kernel) -> FitJson:
    return {"kernel": kernel.family.value, "hz": kernel.hz, "idle_s": fit.setting_s, "interval_s": fit.interval_s}


def _limit(found: WeighedTimer) -> LimitJson:
    timer = found.timer
    return {
        "id": timer.id,
        "who": timer.who,
        "setting": timer.setting,
        "limit_ns": timer.limit_ns,
        "fate": found.fate.value,
        "reason": found.reason,
        "source": timer.source,
        "unverified": timer.unverified,
    }
