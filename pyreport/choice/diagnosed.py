"""The chosen connection, judged against its log line, with what was assumed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import format_moment
from pyreport.choice.selection import Selection
from pyreport.connections.reading import Reading
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.connection import diagnose_connection
from pyreport.diagnosis.evidence.contradictions import contradictions
from pyreport.diagnosis.result import Explanation, Verdict
from pyreport.logs.model import LogError
from pyreport.matching.match import Match, Strength, Zones


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One connection, weighed and judged. ``zone`` is the zone of local times."""

    case: Case
    explanations: tuple[Explanation, ...]
    verdict: Verdict
    warnings: tuple[Claim, ...]
    zone: tzinfo


def diagnose_selection(
    reading: Reading, selection: Selection, log: LogError | None, zones: Zones, tshark_warnings: list[str]
) -> Diagnosis:
    """Judge the selected connection against the log line, and say what was assumed on the way."""
    warnings = [sentence(warning) for warning in tshark_warnings]
    match = selection.match
    case, explanations, verdict = diagnose_connection(
        reading, selection.connection, local=selection.local, why_local=selection.why_local, log=log, match=match
    )
    warnings += contradictions(case)
    if selection.local is None:
        warnings.append(sentence(f"This report is about {case.local} → {case.peer}: {selection.why}."))
    elif match is not None and match.strength not in (Strength.EXACT, Strength.REVERSED):
        warnings.append(sentence(f"The log line belongs to {case.local} → {case.peer}, {_weakly(match.strength)}."))
    elif "capture has" in selection.why:
        warnings.append(sentence(f"The connection was {selection.why}."))
    if log is not None and match is not None:
        warnings += _told_time(log, match, zones)
    shown = zones.show or (match.zone if match else None) or UTC
    return Diagnosis(case, explanations, verdict, tuple(warnings), shown)


def _weakly(strength: Strength) -> str:
    if strength is Strength.NAMED:
        return "as --stream says: the line itself does not name it"
    return f"matched by {strength.value}, not by both ends: the line does not name them as the capture shows them"


def _told_time(log: LogError, match: Match, zones: Zones) -> list[Claim]:
    """What had to be assumed of the time of the log line."""
    if log.stamp is None:
        note = "The log line has no date and time that can be read (2022-09-30 00:08:53), so it is not placed in time."
        return [sentence(note)]
    if match.zone is None or match.moment_ns is None:
        note = (
            "The log line names no time zone, and the capture does not single one out: its time is not used; give "
            "--log-tz."
        )
        return [sentence(note)]
    if match.zone in (log.zone, zones.log, zones.show):
        return []
    note = (
        f"The log line names no time zone. It was taken as {format_moment(match.moment_ns, match.zone, 3)}: of the "
        "whole and half hours from UTC, the one at which the line falls soonest behind the close and near this "
        "capture. Give --log-tz to say otherwise."
    )
    return [sentence(note)]
