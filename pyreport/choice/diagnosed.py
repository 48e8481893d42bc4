"""The chosen connection, judged against its log line, with what was assumed on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

from msgspec import Struct

from pyreport.base.claim import Claim, Moment, claim
from pyreport.base.units import zone_offset
from pyreport.choice.selection import Selection
from pyreport.connections.reading import Reading
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.connection import diagnose_connection
from pyreport.diagnosis.evidence.contradictions import contradictions
from pyreport.diagnosis.result import Explanation, Verdict
from pyreport.logs.model import LogError
from pyreport.matching.match import Match, Strength, Zones


class Diagnosis(Struct, frozen=True):
    """One connection, weighed and judged. ``zone`` is the zone of local times. ``warnings`` weaken what is said,
    ``notes`` say how the connection was chosen.
    """

    case: Case
    explanations: tuple[Explanation, ...]
    verdict: Verdict
    warnings: tuple[Claim, ...]
    zone: tzinfo
    notes: tuple[Claim, ...] = ()


def diagnose_selection(
    reading: Reading, selection: Selection, log: LogError | None, zones: Zones, tshark_warnings: Sequence[Claim]
) -> Diagnosis:
    """Judge the selected connection against the log line, and say what was assumed on the way."""
    match = selection.match
    case, explanations, verdict = selection.judged or diagnose_connection(
        reading, selection.connection, local=selection.local, why_local=selection.why_local, log=log, match=match
    )
    warnings = [*tshark_warnings, *contradictions(case)]
    notes: list[Claim] = []
    if selection.local is None:
        notes.append(claim("chosen-report-is-about", local=case.local, peer=case.peer, why=selection.why))
    elif match is not None and match.strength is Strength.NAMED:
        notes.append(claim("log-line-named-by-stream", local=case.local, peer=case.peer))
    elif match is not None and match.strength not in (Strength.EXACT, Strength.REVERSED):
        strength = match.strength.said
        warnings.append(claim("log-line-matched-weakly", local=case.local, peer=case.peer, strength=strength))
        if match.alike:
            warnings.append(claim("log-line-fits-alike", count=match.alike))
    elif selection.rivals:
        notes.append(selection.why)
    if match is not None and match.among:
        warnings.append(claim("log-line-fits-several", count=match.among, rank=match.rank))
    if log is not None and match is not None:
        warnings += _told_time(log, match, zones)
    shown = zones.show or (match.zone if match else None) or UTC
    return Diagnosis(case, explanations, verdict, tuple(warnings), shown, tuple(notes))


def _told_time(log: LogError, match: Match, zones: Zones) -> list[Claim]:
    """What had to be assumed of the time of the log line."""
    if log.stamp is None:
        return [claim("log-time-none")]
    if match.zone is None or match.moment_ns is None:
        return [claim("log-zone-unknown")]
    if match.zone in (log.zone, zones.log, zones.show):
        return []
    offset = zone_offset(match.zone, match.moment_ns)
    return [claim("log-zone-assumed", time=Moment(match.moment_ns), offset=offset)]
