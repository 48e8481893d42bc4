"""The JSON of ``pyreport compare --json``: a public interface, the definition ``comparison`` of report.schema.json.

The names of its fields follow report_json; "client" is the end of the first of ``captures``, side A when neither
the SYN nor a port tells the roles.
"""

from __future__ import annotations

from typing import TypedDict

from pyreport import __version__
from pyreport.compare.comparison import Comparison
from pyreport.compare.conclusions import Conclusion
from pyreport.compare.ladder import delay_of, notable
from pyreport.compare.lineup import Lineup
from pyreport.compare.model import ENDS, Passage, View
from pyreport.compare.report import told_at
from pyreport.export.report_json import FORMAT, CaptureJson


class EndJson(TypedDict):
    """One end: what it is called, and its address and port in the client's and in the server's capture."""

    name: str
    in_client_capture: str
    in_server_capture: str


class ClocksJson(TypedDict):
    """The server's capture's clock minus the client's at ``at_ns`` of the latter: in [low, high]; null when unknown."""

    at_ns: int
    low_ns: int | None
    high_ns: int | None
    least_drift_ppb: int | None
    most_drift_ppb: int | None
    steps: int


class ConclusionJson(TypedDict):
    """One conclusion; the vocabularies are those of pyreport.compare.conclusions and of pyreport.diagnosis.result."""

    kind: str
    where: str
    level: str
    confidence: str
    text: str
    doubt: str
    client_frames: list[int]
    server_frames: list[int]


class ChangeJson(TypedDict):
    """One thing that is changed on the way."""

    id: str
    text: str
    client_frames: list[int]
    server_frames: list[int]


class SegmentJson(TypedDict):
    """One segment that matters. ``sender``: client or server; a frame is null in the capture that lacks it."""

    sender: str
    client_frame: int | None
    server_frame: int | None
    fate: str
    why: str
    least_delay_ns: int | None
    most_delay_ns: int | None


class ComparisonJson(TypedDict):
    """The whole document. The first conclusion is the verdict."""

    format: int
    generator: str
    captures: list[CaptureJson]
    ends: list[EndJson]
    client_stream: int
    server_stream: int
    was_swapped: bool
    log_line: str
    warnings: list[str]
    clocks: ClocksJson | None
    conclusions: list[ConclusionJson]
    changes: list[ChangeJson]
    segments: list[SegmentJson]


def comparison_json(comparison: Comparison) -> ComparisonJson:
    """The document of a comparison."""
    lineup = comparison.lineup
    first, second = lineup.views
    return {
        "format": FORMAT,
        "generator": f"pyreport {__version__}",
        "captures": [_capture(view) for view in lineup.views],
        "ends": [
            {
                "name": comparison.names.words[end],
                "in_client_capture": first.endpoints[end],
                "in_server_capture": second.endpoints[end],
            }
            for end in ENDS
        ],
        "client_stream": first.connection.stream,
        "server_stream": second.connection.stream,
        "was_swapped": lineup.was_swapped,
        "log_line": comparison.chosen.log_line,
        "warnings": list(comparison.warnings),
        "clocks": _clocks(lineup),
        "conclusions": [_conclusion(conclusion) for conclusion in comparison.conclusions],
        "changes": [
            {
                "id": change.id,
                "text": change.text,
                "client_frames": list(change.frames[0]),
                "server_frames": list(change.frames[1]),
            }
            for change in comparison.changes
        ],
        "segments": [_segment(lineup, passage) for passage in notable(comparison.passages)],
    }


def _capture(view: View) -> CaptureJson:
    capture, span = view.reading.capture, view.reading.span
    return {
        "path": capture.shown_path,
        "sha256": capture.sha256,
        "frames": span.frames,
        "first_time_ns": span.first_time_ns,
        "last_time_ns": span.last_time_ns,
        "warnings": [],
    }


def _clocks(lineup: Lineup) -> ClocksJson | None:
    if lineup.clocks is None:
        return None
    at_ns = told_at(lineup)
    bounds, drift = lineup.clocks.bounds_at(at_ns), lineup.clocks.drift_ppb
    return {
        "at_ns": at_ns,
        "low_ns": bounds.low_ns,
        "high_ns": bounds.high_ns,
        "least_drift_ppb": drift[0] if drift else None,
        "most_drift_ppb": drift[1] if drift else None,
        "steps": len(lineup.clocks.steps()),
    }


def _conclusion(conclusion: Conclusion) -> ConclusionJson:
    return {
        "kind": conclusion.kind.value,
        "where": conclusion.where.value,
        "level": conclusion.level.word,
        "confidence": conclusion.confidence.value,
        "text": conclusion.text,
        "doubt": conclusion.doubt,
        "client_frames": list(conclusion.frames[0]),
        "server_frames": list(conclusion.frames[1]),
    }


def _segment(lineup: Lineup, passage: Passage) -> SegmentJson:
    first, second = passage.at(0), passage.at(1)
    delay = delay_of(lineup, passage)
    return {
        "sender": ("client", "server")[passage.sender],
        "client_frame": first.number if first else None,
        "server_frame": second.number if second else None,
        "fate": passage.fate.value,
        "why": passage.why,
        "least_delay_ns": delay.low_ns if delay else None,
        "most_delay_ns": delay.high_ns if delay else None,
    }
