"""The JSON Schema of the documents, made from their types: ``python -m pyreport.export.schema`` writes the file that
the package ships.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from pyreport.export.claim_json import FORMAT, Json
from pyreport.export.compare_json import ComparisonJson
from pyreport.export.log_json import LoggedJson
from pyreport.export.report_json import ReportJson

WIDTH = 118
FILE = Path(__file__).with_name("report.schema.json")


def schema() -> dict[str, Any]:
    """The schema of what ``--json`` writes: a report (or scan), a comparison, or the errors of a log."""
    documents, parts = msgspec.json.schema_components(
        (ReportJson, ComparisonJson, list[LoggedJson]), ref_template="#/$defs/{name}"
    )
    for part in parts.values():
        if "description" in part:
            part["description"] = _unwrapped(part["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"pyreport, format {FORMAT}",
        "description": _unwrapped(Json.__doc__ or ""),
        "anyOf": documents,
        "$defs": parts,
    }


def _unwrapped(docstring: str) -> str:
    return " ".join(docstring.split())


def schema_text() -> str:
    """The schema as the file holds it."""
    return _laid_out(schema(), 0) + "\n"


def _laid_out(part: Any, depth: int) -> str:
    """JSON with each object and list in one line where it fits."""
    line = json.dumps(part)
    if len(line) + depth <= WIDTH or not isinstance(part, dict | list):
        return line
    inside = " " * (depth + 2)
    if isinstance(part, dict):
        parts = [f"{json.dumps(key)}: {_laid_out(value, depth + 2)}" for key, value in part.items()]
        return "{\n" + ",\n".join(inside + text for text in parts) + "\n" + " " * depth + "}"
    parts = [_laid_out(value, depth + 2) for value in part]
    return "[\n" + ",\n".join(inside + text for text in parts) + "\n" + " " * depth + "]"


if __name__ == "__main__":
    FILE.write_text(schema_text(), encoding="utf-8")
