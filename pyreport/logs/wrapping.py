"""What stands around a record: terminal colours, the prefix of a container's log or of syslog, JSON, the journal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec.structs import replace

from pyreport.logs.clock import epoch_stamp, stamp_of_text
from pyreport.logs.model import Entry, Stamp
from pyreport.logs.quoted import without_quoted

COLOURS = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
# An octet of a command line that is no UTF-8 (PEP 383), and half a character that JSON escapes. In a file, such an
# octet is read as the same REPLACEMENT CHARACTER.
LONE_SURROGATES = re.compile("[\ud800-\udfff]")
# kubectl --prefix "[pod/NAME/CONTAINER] ", docker compose and pm2 "NAME  | ", Kubernetes (CRI) "TIME stderr F ",
# docker logs -t and kubectl --timestamps "TIME ".
CONTAINER = re.compile(
    r"^(?:\[pod/[^\]\n]{1,300}\] )?(?:(?=\S{0,60}[A-Za-z])[\w.|-]{1,60} {1,30}\| )?"
    r"(?:(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) "
    r"(?:(?:stdout|stderr) (?P<tag>[FP]) )?)?"
)
# Of a record of several lines, each of which syslog stamped.
SYSLOG = re.compile(r"^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,255} [\w./-]{1,60}(?:\[\d{1,10}\])?: ")
# systemd/systemd docs/JOURNAL_EXPORT_FORMATS.md: "NAME=VALUE" a line, times in microseconds.
JOURNAL = re.compile(r"^(?P<name>[A-Z_][A-Z0-9_]{0,63})=(?P<value>.*)$", re.MULTILINE)
_JOURNAL_TIMES = ("_source_realtime_timestamp", "__realtime_timestamp")
# How deep fields of fields are followed: {"log": {"err": {"message": ...}}}.
DEEPEST = 4


@lru_cache(maxsize=2)  # a record is cleaned to be read, and to be quoted
def clean(text: str) -> str:
    """The text without colours and control characters, and with nothing that UTF-8 cannot carry."""
    text = COLOURS.sub("", text) if "\x1b" in text else text
    text = text if text.isascii() else LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
    return CONTROLS.sub(" ", text).strip()


def unwrap(record: str) -> Entry:
    """The record without colours, control characters, what a container or syslog puts before each line, JSON, and what
    it quotes.
    """
    entry = _unwrapped(record)
    text = without_quoted(entry.text)
    return entry if text == entry.text else replace(entry, text=text)


def _unwrapped(record: str) -> Entry:
    text = clean(record)
    lines = text.split("\n")
    first = CONTAINER.match(lines[0])
    outer = stamp_of_text(first["time"]) if first and first["time"] else None
    if first and first.end():
        text = _without_prefixes(lines)
    elif len(lines) > 1 and SYSLOG.match(lines[0]):
        text = "\n".join((lines[0], *(SYSLOG.sub("", line, count=1) for line in lines[1:])))
    if text.startswith(("__CURSOR=", "__REALTIME_TIMESTAMP=")):
        return _from_journal({found["name"].lower(): found["value"] for found in JOURNAL.finditer(text)}, outer)
    return _from_docker(text, outer) or _from_json(text, outer) or Entry(text, {}, outer)


def _without_prefixes(lines: list[str]) -> str:
    """The lines behind their prefixes; one that CRI cut goes on in the next (tag P: partial)."""
    parts = []
    for line in lines:
        prefix = CONTAINER.match(line)
        parts.append(line[prefix.end() :] if prefix else line)
        parts.append("" if prefix and prefix["tag"] == "P" else "\n")
    return "".join(parts[:-1])


def _from_journal(fields: Mapping[str, str], outer: Stamp | None) -> Entry:
    written = next((fields[name] for name in _JOURNAL_TIMES if name in fields), "")
    return Entry(clean(fields.get("message", "")), fields, epoch_stamp(written) or outer)


def _from_docker(text: str, outer: Stamp | None) -> Entry | None:
    """The entry of docker's json-file: the record is inside, one object a line."""
    if not text.startswith('{"log":'):
        return None
    try:
        parts = [json.loads(line) for line in text.split("\n")]
        inner = "".join(part["log"] for part in parts)
        written = str(parts[0]["time"])
    except (ValueError, RecursionError, TypeError, KeyError):
        return None
    record = unwrap(inner)
    return Entry(record.text, record.fields, stamp_of_text(written) or outer)


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
    if "__realtime_timestamp" in fields:  # journalctl -o json
        return _from_journal(fields, outer)
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
