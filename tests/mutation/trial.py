"""A plugin of pytest that tries mutants of Python functions in copies of one process that has collected all tests.

First a copy runs each test and notes by which lines it comes. Then each mutant has a copy, in which the changed code is
given to the function that is there, and only those tests run that come by the line. What is no function's code (a
constant, a default, a class) cannot be changed in this way, nor can what a module of tests has worked out while it was
imported: such mutants are left to a process of their own.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import pickle
import signal
import sys
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from enum import StrEnum
from inspect import CO_NEWLOCALS
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, cast

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutant import Mutant

#: A file that has the mutants, as written by ask(), and where the fates are written to.
ASKED = "MUTANTS_ASKED"
# A mutant that loops for ever is noticed, too.
LIMIT_S, LIMIT_OF_ALL_S = 120, 1800

Line = tuple[str, int]


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    NOT_TRIED = "not tried"


def ask(path: Path, mutants: list[tuple[str, Mutant]]) -> None:
    """Write down the mutants to try: the file of each, relative to the folder in which pytest runs, and the change."""
    path.write_text(json.dumps(mutants), encoding="utf-8")


def answers(path: Path) -> list[Fate]:
    """What became of each of them."""
    return [Fate(each) for each in json.loads(path.read_text(encoding="utf-8"))]


def pytest_configure(config: pytest.Config) -> None:
    """Begin before the first module of tests is imported."""
    asked = Path(os.environ[ASKED])
    mutants = [(file, Mutant(*mutant)) for file, mutant in json.loads(asked.read_text(encoding="utf-8"))]
    config.pluginmanager.register(_Trial(asked, mutants))


class _Trial:
    def __init__(self, asked: Path, mutants: list[tuple[str, Mutant]]) -> None:
        self.asked, self.mutants = asked, mutants
        self.files = frozenset(str(Path(file).resolve()) for file, _ in mutants)
        self.at_import: set[Line] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, Any, Any]:
        lines = _Lines(self.files)
        try:
            return (yield)
        finally:
            self.at_import |= lines.end()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all mutants instead of running the tests."""
        worked_out = _in_a_copy(lambda: _tests_by_line(session.items, self.files), LIMIT_OF_ALL_S)
        by_line = cast("dict[Line, list[int]] | None", worked_out)
        if by_line is None:
            raise pytest.UsageError("a test fails without any mutant")
        functions = _functions(self.files)
        caches = [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]
        gc.collect()
        gc.freeze()
        fates = [self._fate(session.items, by_line, functions, caches, *mutant) for mutant in self.mutants]
        self.asked.write_text(json.dumps(fates), encoding="utf-8")
        return True

    def _fate(
        self, items: list[pytest.Item], by_line: dict[Line, list[int]], functions: dict[CodeType, list[FunctionType]],
        caches: list[functools._lru_cache_wrapper[Any]], file: str, mutant: Mutant,
    ) -> Fate:  # fmt: skip
        path = str(Path(file).resolve())
        change = changed(Path(path).read_text(encoding="utf-8"), path, mutant)
        if change is None or change.before not in functions:
            return Fate.NOT_TRIED
        tests = sorted({test for line in change.lines for test in by_line.get((path, line), [])})

        def notices() -> bool:
            for function in functions[change.before]:
                function.__code__ = change.after
            for cache in caches:
                cache.cache_clear()
            return not all(_pass([items[test] for test in tests]))

        if _in_a_copy(notices) is not False:
            return Fate.KILLED
        return Fate.NOT_TRIED if any((path, line) in self.at_import for line in change.lines) else Fate.SURVIVED


@dataclass(frozen=True, slots=True)
class Changed:
    """The code of an outermost function before and after a change, and the lines by which a test must come."""

    before: CodeType
    after: CodeType
    lines: frozenset[int]


def changed(source: str, path: str, mutant: Mutant) -> Changed | None:
    """What a mutant changes; None when that is not the code of one function."""
    before, after = (compile(text, path, "exec", dont_inherit=True) for text in (source, mutant.applied(source)))
    pairs = list(_different(before, after))
    if len(pairs) != 1:
        return None
    line, own = mutant.line(source), frozenset(_lines(pairs[0][0]))
    # What has no code on its own line, such as an operator at a line's end, is come by with the function.
    return Changed(*pairs[0], frozenset({line}) if line in own else own)


def _different(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The outermost functions that differ."""
    for one, other in zip(_codes(before), _codes(after), strict=True):
        if one == other:
            continue
        if one.co_flags & CO_NEWLOCALS:
            yield one, other
        else:
            yield from _different(one, other)


def _codes(code: CodeType) -> Iterator[CodeType]:
    return (each for each in code.co_consts if isinstance(each, CodeType))


def _lines(code: CodeType) -> Iterator[int]:
    yield from (line for _, _, line in code.co_lines() if line is not None)
    for inner in _codes(code):
        yield from _lines(inner)


def _functions(files: frozenset[str]) -> dict[CodeType, list[FunctionType]]:
    """The functions of some files by their code."""
    found = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename in files:
            found[each.__code__].append(each)
    return found


class _Lines:
    """The lines of some files by which the code comes until end()."""

    def __init__(self, files: frozenset[str]) -> None:
        self.files, self.found = files, set[Line]()
        self.before = sys.gettrace()
        sys.settrace(self._enter)

    def _enter(self, frame: FrameType, _event: str, _argument: object) -> Any:
        return self._line if frame.f_code.co_filename in self.files else None

    def _line(self, frame: FrameType, _event: str, _argument: object) -> Any:
        self.found.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line

    def end(self) -> set[Line]:
        sys.settrace(self.before)
        return self.found


def _tests_by_line(items: list[pytest.Item], files: frozenset[str]) -> dict[Line, list[int]] | None:
    """The tests, by their place, that come by each line; None when one fails."""
    found = defaultdict(list)
    passing = _pass(items)
    for place in range(len(items)):
        lines = _Lines(files)
        has_passed = next(passing)
        for line in lines.end():
            found[line].append(place)
        if not has_passed:
            return None
    return dict(found)


def _pass(items: list[pytest.Item]) -> Iterator[bool]:
    """Run tests, one at a time. Whether each passes."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        reports = runtestprotocol(item, log=False, nextitem=following)
        yield not any(report.failed for report in reports)


def _in_a_copy(work: Callable[[], object], limit_s: int = LIMIT_S) -> object:
    """What some work comes to in a copy of this process, which leaves this one as it is; None when the copy does not
    end well, or within the limit.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            signal.alarm(limit_s)
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(work(), pipe)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return pickle.loads(said) if status == 0 else None
