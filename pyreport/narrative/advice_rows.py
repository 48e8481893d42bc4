"""Advice as the report prints it."""

from __future__ import annotations

from pyreport.advice.model import Advice, Plan, Setting
from pyreport.base.claim import claim
from pyreport.narrative.model import AdviceRow, Told


def advice_rows(plan: Plan) -> tuple[AdviceRow, ...]:
    """One row for each piece of advice, in its order."""
    return tuple(map(_row, plan.advice))


def _row(advice: Advice) -> AdviceRow:
    """Each place where the advice and its settings were read is named once."""
    settings = tuple(claim("advised-setting", who=setting.who, setting=setting.name) for setting in advice.settings)
    sources: list[Told] = []
    for source in (advice.source, *map(_source, advice.settings)):
        if source not in sources:
            sources.append(source)
    return AdviceRow(advice.claim, settings, tuple(sources))


def _source(setting: Setting) -> Told:
    if setting.doubt is None:
        return setting.source
    return claim("source-in-part", source=setting.source, unverified=setting.doubt)
