"""The mutants themselves: what is changed, what is left alone, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation import lua_mutants, python_mutants
from tests.mutation.__main__ import all_mutants
from tests.mutation.mutant import Mutant, equivalents
from tests.support.plugin import REPOSITORY

LUA = [
    ("return a < b", ["return a <= b"]),
    ("return a ~= 10", ["return a == 10", "return a ~= 11"]),
    ("x = not a and b", ["x =  a and b", "x = not a or b"]),
    ("x = -y", ["x = y"]),
    ("x = 5000", ["x = 10000"]),
    ("x = z - y", ["x = z + y"]),
    ("x = a .. [[b < 1]] -- 1 < 2", []),
    ('f{ "a == 1", \'b\', ["not"] = true }', ['f{ "a == 1", \'b\', ["not"] = false }']),
    ("--[==[ 1 < 2\n]] ]==] goto x", []),
    ("x = 0xff + 1.5", ["x = 0xff - 1.5"]),
]
PYTHON = [
    ("x = a < b", ["x = a <= b"]),
    ("x = a is not b", ["x = a is b"]),
    ("x = a not in b or c", ["x = a in b or c", "x = a not in b and c"]),
    ("x = not a", ["x = a"]),
    ("x = not (a or b)", ["x = (a or b)", "x = not (a and b)"]),
    ("x = 'é' + f(1)", ["x = 'é' - f(1)", "x = 'é' + f(2)"]),
    ("if f():\n    pass", ["if not (f()):\n    pass"]),
    ("x: Literal[1] = True", ["x: Literal[1] = False"]),
    ("x = a % b", []),
]


@pytest.mark.parametrize(("source", "changed"), LUA, ids=[case[0] for case in LUA])
def test_lua(source: str, changed: list[str]) -> None:
    assert sorted(mutant.applied(source) for mutant in lua_mutants.mutants(source)) == sorted(changed)


@pytest.mark.parametrize(("source", "changed"), PYTHON, ids=[case[0] for case in PYTHON])
def test_python(source: str, changed: list[str]) -> None:
    assert sorted(mutant.applied(source) for mutant in python_mutants.mutants(source)) == sorted(changed)


def test_what_is_no_lua_is_refused() -> None:
    with pytest.raises(ValueError, match="no Lua"):
        list(lua_mutants.mutants("x = $"))


def test_a_change_is_told_by_its_line() -> None:
    mutant = Mutant(15, 16, "<=")
    assert mutant.line("one\n  return 1 < b\n") == 2
    assert mutant.told("one\n  return 1 < b\n") == "return 1 < b  ->  return 1 <= b"


def test_every_file_is_reached() -> None:
    for target in ("lua", "pyreport/diagnosis"):
        every = all_mutants(target)
        assert len({(each.file, each.mutant) for each in every}) == len(every)
    assert {each.file for each in all_mutants("lua")} >= {"lua/keepalive_gap.lua", "lua/keepalive_probe.lua"}


def test_every_mutant_of_python_is_python() -> None:
    """What cannot be compiled, any test would kill."""
    for each in all_mutants("pyreport/diagnosis"):
        source = Path(REPOSITORY / each.file).read_text(encoding="utf-8")
        compile(each.mutant.applied(source), each.file, "exec")


def test_each_equivalent_is_still_a_mutant() -> None:
    """A line that was changed takes its excuse along."""
    for (file, change), reason in equivalents().items():
        source = Path(REPOSITORY / file).read_text(encoding="utf-8")
        assert change in {each.mutant.told(source) for each in all_mutants(file)}, (file, change)
        assert reason
