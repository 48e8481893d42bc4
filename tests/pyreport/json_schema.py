"""Documents against the schema that the package publishes."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from pyreport.export.schema import FILE

SCHEMA: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
DEFINITIONS: dict[str, Any] = SCHEMA["$defs"]


def wrong(document: dict[str, Any]) -> list[str]:
    """What the schema refuses in a document, with the place of each."""
    kind = "ReportJson" if "connections" in document else "ComparisonJson"
    validator = jsonschema.Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": DEFINITIONS})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
