"""A finding is told by its class, its data by their attributes: no string can be misspelt."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pyreport
from pyreport.frames.findings import KINDS

PACKAGE = Path(pyreport.__file__).parent
IDENTIFIERS = {kind.id for kind in KINDS}
READ_BY_STRING = (
    'f.id == "missed"',
    '"fin" != finding.id',
    'f.id in ("fin", "reset")',
    'RANK.get(finding.id, {"missed": 1})',
    'finding.data["idle"]',
    'finding.data.get("idle", 0)',
)
READ_BY_TYPE = (
    "isinstance(f, Missed)",
    "e.id is ExplanationId.PATH_LOSS",
    'flaw.id == "one_sided"',
    "{f.id: f for f in found}",
)


def string_reads(tree: ast.Module) -> Iterator[int]:
    """Lines that compare the id of something with a finding's identifier, or look a datum up by a string."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr):
            continue
        inner = list(ast.walk(node))
        texts = {part.value for part in inner if isinstance(part, ast.Constant) and isinstance(part.value, str)}
        attributes = {part.attr for part in inner if isinstance(part, ast.Attribute)}
        is_named = isinstance(node, ast.Compare | ast.Call) and "id" in attributes and texts & IDENTIFIERS
        is_looked_up = isinstance(node, ast.Subscript | ast.Call) and "data" in attributes and texts
        if is_named or is_looked_up:
            yield node.lineno


@pytest.mark.parametrize("code", READ_BY_STRING)
def test_a_read_by_string_is_seen(code: str) -> None:
    assert list(string_reads(ast.parse(code)))


@pytest.mark.parametrize("code", READ_BY_TYPE)
def test_a_read_by_type_is_none(code: str) -> None:
    assert not list(string_reads(ast.parse(code)))


def test_no_module_reads_a_finding_by_a_string() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in PACKAGE.rglob("*.py")
        for line in string_reads(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []
