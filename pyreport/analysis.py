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
from pyreport.logline import LogError, log_time
from pyreport.selection import Selection, infer_zone
from pyreport.sentence import Sentence
from pyreport.tshark import Tshark
from pyreport.units import format_moment

Watch = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """A capture that was read: its connections and what it covers."""

    capture: CaptureFile
    index: CaptureIndex
    span: CaptureSpan


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
    return Reading(capture, index, span)


def diagnose_connection(
    reading: Reading,
    connection: Connection,
    *,
    local: str | None = None,
    why_local: str = "",
    log: LogError | None = None,
    log_ns: int | None = None,
) -> tuple[Case, tuple[Explanation, ...], Verdict]:
    """Weigh and judge one connection of the capture."""
    case = Case(
        connection=connection,
        roles=assign_roles(connection, local, why_local),
        ending=ending_of(connection),
        index=reading.index,
        span=reading.span,
        log=log,
        log_ns=log_ns,
    )
    explanations, verdict = diagnose(case)
    return case, explanations, verdict


def diagnose_selection(
    reading: Reading, selection: Selection, log: LogError | None, zone: tzinfo | None, tshark_warnings: list[str]
) -> Diagnosis:
    """Judge the selected connection against the log line, and say what was assumed on the way."""
    warnings = [Sentence(warning) for warning in tshark_warnings]
    shown_zone, log_ns, assumed = _place_log(reading, selection, log, zone)
    case, explanations, verdict = diagnose_connection(
        reading, selection.connection, local=selection.local, why_local=selection.why_local, log=log, log_ns=log_ns
    )
    warnings += contradictions(case)
    if selection.local is None:
        warnings.append(Sentence(f"This report is about {case.local} → {case.peer}: {selection.why}."))
    elif "capture has" in selection.why:
        warnings.append(Sentence(f"The connection was {selection.why}."))
    warnings += assumed
    return Diagnosis(case, explanations, verdict, tuple(warnings), shown_zone)


def _place_log(
    reading: Reading, selection: Selection, log: LogError | None, zone: tzinfo | None
) -> tuple[tzinfo, int | None, list[Sentence]]:
    """The zone to show, when the log line was written, and what had to be assumed for it."""
    if log is None:
        return zone or UTC, None, []
    if log.clock_ns is None:
        note = "The log line has no date and time that can be read (2022-09-30 00:08:53), so it is not placed in time."
        return zone or UTC, None, [Sentence(note)]
    clock_zone = log.zone or zone
    if clock_zone is not None:
        return zone or clock_zone, log_time(log, clock_zone), []
    inferred = infer_zone(log, selection.connection, reading.span)
    if inferred is None:
        note = (
            "The log line names no time zone, and the capture does not single one out: its time is not used; give --tz."
        )
        return UTC, None, [Sentence(note)]
    moment = log_time(log, inferred)
    shown = format_moment(moment, inferred, 3) if moment is not None else ""
    note = (
        f"The log line names no time zone. It was taken as {shown}: the only whole or half hour from UTC at which the "
        "line falls behind the close and near this capture. Give --tz to say otherwise."
    )
    return inferred, moment, [Sentence(note)]
