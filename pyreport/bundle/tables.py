"""The findings and the probes of a connection as CSV (RFC 4180), for a spreadsheet or a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

import msgspec

from pyreport.base.json_text import encoded
from pyreport.base.units import format_clock, format_date
from pyreport.connections.connection import Connection
from pyreport.frames.finding import Finding
from pyreport.frames.findings import Late, Missed, Probe, Unanswered

FINDING_COLUMNS = ("frame", "time_ns", "time_utc", "from", "level", "finding", "summary", "data")
PROBE_COLUMNS = (
    *("event", "frame", "time_ns", "time_utc", "by", "number", "since_last_ns", "silence_ns", "interval_ns"),
    *("answer_frame", "unanswered_in_a_row", "due_at_ns", "overdue_ns", "intervals_missed"),
)


def findings_csv(findings: Iterable[Finding]) -> str:
    """A row for each finding; "data" is what it carries, as JSON. Times are in ns since the epoch, and in UTC."""
    rows: list[Sequence[object]] = []
    for finding in findings:
        common = [finding.frame, finding.time_ns, _utc(finding.time_ns), finding.source]
        data = encoded(_data(finding)).decode()
        rows.append([*common, finding.level.word, finding.id, finding.summary, data])
    return _table(FINDING_COLUMNS, rows)


def probes_csv(connection: Connection) -> str:
    """The ledger of both sides' keep-alive probes: a row for each that was sent, and for each gap in which some were
    due and none came ("missed", at the frame that ends the gap). Empty where the capture does not tell.
    """
    unanswered = {found.probe_frame: found.in_a_row for found in connection.of(Unanswered)}
    late = {found.frame: found for found in connection.of(Late)}
    rows = []
    for finding in connection.findings:
        if isinstance(finding, Probe):
            due = late.get(finding.frame)
            told = [finding.source, finding.number, finding.since_last_ns, finding.silence_ns, finding.interval_ns]
            ending = [finding.answer_frame, unanswered.get(finding.frame)]
            overdue = [due.due_at_ns, due.overdue_ns] if due else [None, None]
            rows.append(["probe", *_when(finding), *told, *ending, *overdue, None])
        elif isinstance(finding, Missed):
            told = [finding.by, None, finding.gap_ns, None, finding.interval_ns, None, None]
            rows.append(["missed", *_when(finding), *told, finding.due_at_ns, finding.overdue_ns, finding.intervals])
    return _table(PROBE_COLUMNS, rows)


def _when(finding: Finding) -> list[object]:
    return [finding.frame, finding.time_ns, _utc(finding.time_ns)]


def _data(finding: Finding) -> dict[str, Any]:
    common = set(Finding.__struct_fields__)
    carried = msgspec.structs.asdict(finding)
    return {name: value for name, value in carried.items() if name not in common and value is not None}


def _utc(time_ns: int) -> str:
    return f"{format_date(time_ns, UTC)} {format_clock(time_ns, UTC, digits=9)}".strip()


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
