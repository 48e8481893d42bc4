"""The pipeline up to the diagnosis: capture -> frames -> connections -> case -> verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo

from pyreport.capture import CaptureFile
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.contradictions import contradictions
from pyreport.diagnosis.model import Case, Explanation, Verdict
from pyreport.ending import ending_of
from pyreport.errors import InputError
from pyreport.frames import FIELDS, CaptureSpan, parse_rows
from pyreport.incident import CaptureIndex, Connection, assign_roles, build_index
from pyreport.logs.model import LogError
from pyreport.matching.model import Match, Strength, Zones
from pyreport.pcapng import DropCounters, read_drop_counters
from pyreport.quality import assess
from pyreport.selection import Selection
from pyreport.sentence import Sentence
from pyreport.tshark import Tshark
from pyreport.units import format_moment

Watch = Callable[[int], None]
#: A connection after weighing.
Judged = tuple[Case, tuple[Explanation, ...], Verdict]


@dataclass(frozen=True, slots=True)
class Reading:
    """A capture that was read: its connections, what it covers, and what it says of packets that it lacks."""

    capture: CaptureFile
    index: CaptureIndex
    span: CaptureSpan
    drops: DropCounters | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One connection, weighed and judged. ``zone`` is the zone of local times."""

    case: Case
    explanations: tuple[Explanation, ...]
    verdict: Verdict
    warnings: tuple[Sentence, ...]
    zone: tzinfo


def read_capture(tshark: Tshark, capture: CaptureFile, watch: Watch = lambda _: None) -> Reading:
    """Read every frame once; ``watch`` is told the number of the frame now and then.

    Raises InputError when the capture cannot be read or holds no TCP, ToolError when tshark or the plugin fails.
    """
    span = CaptureSpan()

    def watched() -> object:
        for row in tshark.read_rows(capture, FIELDS, "frame"):
            if row[0].endswith("000"):
                watch(int(row[0]))
            yield row

    index = build_index(parse_rows(watched(), span))  # type: ignore[arg-type]
    if span.frames == 0:
        raise InputError(
            f"There is not one packet in {capture.shown_path}: check the capture filter and the interface."
        )
    if span.tcp_frames == 0:
        raise InputError(
            f"There is no TCP in the {span.frames} frames of {capture.shown_path}: check the capture filter and the "
            "interface."
        )
    return Reading(capture, index, span, read_drop_counters(capture.path))


def diagnose_connection(
    reading: Reading,
    connection: Connection,
    *,
    local: str | None = None,
    why_local: str = "",
    log: LogError | None = None,
    match: Match | None = None,
) -> Judged:
    """Weigh and judge one connection of the capture."""
    case = Case(
        connection=connection,
        roles=assign_roles(connection, local, why_local),
        ending=ending_of(connection),
        index=reading.index,
        span=reading.span,
        log=log,
        log_ns=match.moment_ns if match else None,
        log_match=match.strength.value if match else "",
        quality=assess(
            connection, reading.index, reading.span, drops=reading.drops, log_ns=match.moment_ns if match else None
        ),
    )
    explanations, verdict = diagnose(case)
    return case, explanations, verdict


def diagnose_selection(
    reading: Reading, selection: Selection, log: LogError | None, zones: Zones, tshark_warnings: list[str]
) -> Diagnosis:
    """Judge the selected connection against the log line, and say what was assumed on the way."""
    warnings = [Sentence(warning) for warning in tshark_warnings]
    match = selection.match
    case, explanations, verdict = diagnose_connection(
        reading, selection.connection, local=selection.local, why_local=selection.why_local, log=log, match=match
    )
    warnings += contradictions(case)
    if selection.local is None:
        warnings.append(Sentence(f"This report is about {case.local} → {case.peer}: {selection.why}."))
    elif match is not None and match.strength not in (Strength.EXACT, Strength.REVERSED):
        warnings.append(Sentence(f"The log line belongs to {case.local} → {case.peer}, {_weakly(match.strength)}."))
    elif "capture has" in selection.why:
        warnings.append(Sentence(f"The connection was {selection.why}."))
    if log is not None and match is not None:
        warnings += _told_time(log, match, zones)
    shown = zones.show or (match.zone if match else None) or UTC
    return Diagnosis(case, explanations, verdict, tuple(warnings), shown)


def _weakly(strength: Strength) -> str:
    if strength is Strength.NAMED:
        return "as --stream says: the line itself does not name it"
    return f"matched by {strength.value}, not by both ends: the line does not name them as the capture shows them"


def _told_time(log: LogError, match: Match, zones: Zones) -> list[Sentence]:
    """What had to be assumed of the time of the log line."""
    if log.stamp is None:
        note = "The log line has no date and time that can be read (2022-09-30 00:08:53), so it is not placed in time."
        return [Sentence(note)]
    if match.zone is None or match.moment_ns is None:
        note = (
            "The log line names no time zone, and the capture does not single one out: its time is not used; give "
            "--log-tz."
        )
        return [Sentence(note)]
    if match.zone in (log.zone, zones.log, zones.show):
        return []
    note = (
        f"The log line names no time zone. It was taken as {format_moment(match.moment_ns, match.zone, 3)}: of the "
        "whole and half hours from UTC, the one at which the line falls soonest behind the close and near this "
        "capture. Give --log-tz to say otherwise."
    )
    return [Sentence(note)]
