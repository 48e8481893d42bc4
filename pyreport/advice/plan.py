"""From a case and its verdict to advice."""

from __future__ import annotations

from pyreport.advice.facts import details_of, facts_of, service_of
from pyreport.advice.letter import letter
from pyreport.advice.model import Advice, Plan
from pyreport.advice.rows import Use, rows
from pyreport.advice.software import settings_for, software_at_hand
from pyreport.application.kafka_messages import Exchange
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Verdict

# More than this nobody does; the rows stand in the order of their use.
MOST = 5


def plan(case: Case, verdict: Verdict, exchange: Exchange | None = None) -> Plan:
    """What fits the verdict, the most useful first, and the letter to the other side."""
    facts, details = facts_of(case, verdict, exchange), details_of(case, verdict, exchange)
    software, why = software_at_hand(case, exchange)
    service = service_of(case, exchange)
    fitting = [row for row in rows().advice if row.fits(verdict.kind, facts, details)][:MOST]
    advice = tuple(
        Advice(row.id, row.said("advice", details), settings_for(row.settings, software, service), row.source)
        for row in fitting
    )
    used = any(set(row.settings) - {Use.SERVER} and a.settings for row, a in zip(fitting, advice, strict=True))
    return Plan(advice, why if used else None, letter(case, verdict.kind, facts, details))
