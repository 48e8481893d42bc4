"""The tests of a module are found without searching: pyreport/a/b.py has tests/pyreport/a/test_b.py or test_b_*.py."""

from __future__ import annotations

from pathlib import Path

import pytest

import pyreport

PACKAGE = Path(pyreport.__file__).parent
TESTS = Path(__file__).parents[1]
# Tests of what crosses the modules: the command, the structure, the scenarios.
CROSSING = "end_to_end"

FILES = [path.relative_to(TESTS) for path in TESTS.rglob("test_*.py") if path.parent.name != CROSSING]


@pytest.mark.parametrize("test", FILES, ids=str)
def test_a_test_lies_where_its_module_does(test: Path) -> None:
    folder = PACKAGE / test.parent
    modules = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    words = test.stem.removeprefix("test_").split("_")
    assert {"_".join(words[:end]) for end in range(1, len(words) + 1)} & modules
