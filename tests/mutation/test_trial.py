"""The trial in one process: a mutant is killed by a test that comes by its line, and by no other."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.mutation import trial
from tests.mutation.mutant import Mutant
from tests.mutation.python_mutants import mutants
from tests.mutation.suites import QUIET
from tests.mutation.trial import Fate, changed
from tests.support.plugin import REPOSITORY

SOURCE = """
from functools import cache

LIMIT = 5


def is_over(number, by=1):
    return (
        number
        > LIMIT
    )


@cache
def twice(number):
    return number * 2


def untested(number):
    while number > 3:
        number -= 1
    return number


def at_import():
    return 1 + 1
"""
TESTS = """
import code_to_change as code

TWO = code.at_import()

def test_is_over():
    assert code.is_over(6)

def test_twice():
    assert code.twice(3) == 6

def test_two():
    assert TWO == 2
    assert code.at_import() < 9

def test_loop():
    assert code.untested(4) == 3
"""
FATES = {
    "LIMIT = 5": Fate.NOT_TRIED,
    "def is_over(number, by=1):": Fate.NOT_TRIED,
    "> LIMIT": Fate.SURVIVED,  # nobody asks about 5
    "return number * 2": Fate.KILLED,
    "while number > 3:": Fate.KILLED,
    "return 1 + 1": Fate.NOT_TRIED,  # a module of tests has worked it out before
}


def mutant_of(line: str) -> Mutant:
    return next(each for each in mutants(SOURCE) if each.told(SOURCE).partition("  ->  ")[0] == line)


def test_what_becomes_of_mutants(tmp_path: Path) -> None:
    (tmp_path / "code_to_change.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    asked = tmp_path / "asked.json"
    trial.ask(asked, [("code_to_change.py", mutant_of(line)) for line in FATES])
    environment = {**os.environ, "PYTHONPATH": f"{REPOSITORY}:{tmp_path}", trial.ASKED: str(asked)}
    command = (*QUIET, "--rootdir", str(tmp_path), "-p", trial.__name__, "test_it.py")
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=60)
    assert dict(zip(FATES, trial.answers(asked), strict=True)) == FATES
    assert (tmp_path / "code_to_change.py").read_text(encoding="utf-8") == SOURCE


@pytest.mark.parametrize(
    ("line", "function", "lines"),
    [("return number * 2", "twice", {16}), ("> LIMIT", "is_over", {10}), ("LIMIT = 5", None, set[int]())],
)
def test_the_function_and_the_line_that_a_mutant_changes(line: str, function: str | None, lines: set[int]) -> None:
    found = changed(SOURCE, "code_to_change.py", mutant_of(line))
    assert (found.before.co_name if found else None) == function
    assert found is None or found.lines >= lines
