"""What stands around a record: terminal colours, the prefix of a container's log, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pyreport.logs.clock import stamp_of_text
from pyreport.logs.model import Entry, Stamp

COLOURS = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
# Kubernetes (CRI) "TIME stderr F ", docker logs -t "TIME ", docker compose "name-1  | ".
CONTAINER = re.compile(
    r"^(?:[\w.-]{1,60} {1,30}\| )?"
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (?:(?:stdout|stderr) [FP] )?"
)
# How deep fields of fields are followed: {"log": {"err": {"message": ...}}}.
DEEPEST = 4


def clean(text: str) -> str:
    """The text without colours and control characters."""
    return CONTROLS.sub(" ", COLOURS.sub("", text)).strip()


def unwrap(record: str) -> Entry:
    """The record without colours, control characters, container prefix and JSON."""
    text = clean(record)
    lines = text.split("\n")
    prefix = CONTAINER.match(lines[0])
    outer = stamp_of_text(prefix["time"]) if prefix else None
    if prefix:
        text = "\n".join(CONTAINER.sub("", line, count=1) for line in lines)
    return _from_json(text, outer) or Entry(text, {}, outer)


def _from_json(text: str, outer: Stamp | None) -> Entry | None:
    """The entry of a record that is a JSON object, maybe behind some text (zap's console form)."""
    start = text.find("{")
    if start < 0 or not text.rstrip().endswith("}"):
        return None
    try:
        document = json.loads(text[start:], parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    leaves = [(name, clean(value)) for name, value in _leaves(document, "", 0)]
    fields: dict[str, str] = {}
    for name, value in leaves:
        fields.setdefault(name, value)
    inner = document.get("log")
    if isinstance(inner, str) and "stream" in document:  # docker's json-file: the record is inside
        record = unwrap(inner)
        return Entry(record.text, record.fields, stamp_of_text(fields.get("time", "")) or outer)
    # Each field is a line of its own, so that nothing reads on from one into the next.
    said = "\n".join(value for _, value in leaves)
    return Entry(f"{text[:start].strip()}\n{said}".strip(), fields, outer)


def _leaves(value: object, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif depth < DEEPEST and isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, str(key).lower().rpartition(".")[2], depth + 1)
    elif depth < DEEPEST and isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name, depth + 1)
