"""Advice as the report prints it."""

from __future__ import annotations

from pyreport.advice.model import Advice, Plan, Setting
from pyreport.narrative.model import AdviceRow


def advice_rows(plan: Plan) -> tuple[AdviceRow, ...]:
    """One row for each piece of advice, in its order."""
    return tuple(AdviceRow(advice.text, tuple(map(_tell, advice.settings)), _sources(advice)) for advice in plan.advice)


def _tell(setting: Setting) -> str:
    return f"{setting.who}: {setting.text}"


def _sources(advice: Advice) -> str:
    """Where the claim and the settings were read, each place once; what was not looked up is said."""
    places = [advice.source]
    for setting in advice.settings:
        doubt = f" (unverified: {setting.unverified})" if setting.unverified else ""
        places.append(f"{setting.source}{doubt}")
    return "; ".join(dict.fromkeys(places))
