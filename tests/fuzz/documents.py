"""What must be so of each file that pyreport writes."""

from __future__ import annotations

import json
from pathlib import Path

from lxml import html
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from tests.fuzz.cases import Wrong
from tests.fuzz.place import Run
from tests.pyreport.json_schema import wrong as schema_wrong

#: Levels of findings that are news to an operator.
LOUD = ("Warn", "Error")
#: What no document may carry: controls but tab and newline, and what makes a line read backwards.
FORBIDDEN = frozenset(map(chr, (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), 0x2066, 0x2069)))


def wrong_documents(run: Run, wanted: tuple[str, ...]) -> Wrong | None:
    """What is wrong with the outputs of a run that succeeded: these names, and no other, are in its folder."""
    there = {path.name for path in run.out.iterdir()}
    if there != set(wanted):
        return Wrong("other outputs", f"{sorted(there)} instead of {wanted}")
    for name in wanted:
        path = run.out / name
        found = {".json": wrong_json, ".html": _wrong_html, ".pdf": _wrong_pdf, ".md": _wrong_text}.get(path.suffix)
        if not path.stat().st_size:
            return Wrong(f"empty {path.suffix}")
        if found is not None and (wrong := found(path)) is not None:
            return wrong
    return None


def wrong_json(path: Path) -> Wrong | None:
    """What the schema refuses of a report's JSON or compare's."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)
    except ValueError as error:
        return Wrong("no JSON", f"{error}")
    refused = schema_wrong(document)
    return Wrong("JSON against its schema", f"{refused[:3]}") if refused else None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _wrong_text(path: Path) -> Wrong | None:
    found = FORBIDDEN & set(path.read_text(encoding="utf-8"))
    return Wrong(f"control characters in {path.suffix}", repr(found)) if found else None


def _wrong_html(path: Path) -> Wrong | None:
    if (wrong := _wrong_text(path)) is not None:
        return wrong
    page = html.document_fromstring(path.read_bytes())
    active = [element.tag for element in page.iter("script", "iframe", "object", "embed", "base", "form")]
    handlers = [name for element in page.iter() for name in element.attrib if str(name).startswith("on")]
    if active or handlers:
        return Wrong("an active page", f"{active} {handlers}")
    return None


def _wrong_pdf(path: Path) -> Wrong | None:
    try:
        pages = len(PdfReader(path).pages)
    except (PyPdfError, ValueError) as error:
        return Wrong("no PDF", f"{error}")
    return None if pages else Wrong("a PDF without pages")


def wrong_silence(path: Path, stdout: str) -> Wrong | None:
    """A scan that lists nothing, although the plugin has found what loses connections or data."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if document["events"] or "Nothing found" not in stdout:
        return None
    for connection in document["connections"]:
        if connection["verdict"]["kind"] == "undetermined":
            continue
        loud = [finding for finding in connection["findings"] if finding["level"] in LOUD]
        if loud:
            return Wrong("an empty healthy", f"{loud[0]} {connection['verdict']['kind']}")
    return None
