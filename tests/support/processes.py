"""Which tests start processes: told from their code, and held against what they do.

A test carries the marker `processes` when the code that it names, step by step, names something that starts a process.
A test without the marker cannot start one. So a test that this module takes for a quiet one by mistake fails in every
run, and the marker cannot be forgotten.
"""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NoReturn

import pytest

#: Whoever names one of these starts processes.
STARTERS = frozenset({"subprocess", "pyshark"})
#: Code is followed in these packages only.
OURS = ("tests", "pyreport")


#: What was found to start none, by id().
_quiet: dict[int, object] = {}


class ProcessStartedError(AssertionError):
    """A test without the marker `processes` started a process."""


@functools.cache
def starts_processes(function: object) -> bool:
    """Whether a function or a class, or what it names, starts processes."""
    seen: dict[int, object] = {}
    waiting = [function]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or id(thing) in _quiet:
            continue
        seen[id(thing)] = thing
        if _is_starter(thing):
            return True
        waiting += _named_by(thing)
    _quiet.update(seen)
    return False


def start_a_process(item: pytest.Item) -> bool:
    """Whether a test, one of its fixtures or one of its parameters starts processes."""
    if not isinstance(item, pytest.Function):
        return False
    fixtures = [definition.func for each in item._fixtureinfo.name2fixturedefs.values() for definition in each]
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    functions = [parameter for parameter in parameters if callable(parameter)]
    return any(map(starts_processes, [item.function, *fixtures, *functions]))


@contextmanager
def no_processes() -> Iterator[None]:
    """Let the start of a process raise ProcessStartedError, also where the code under test takes errors for answers."""
    started: list[str] = []

    def refuse(_process: object, arguments: object, *_args: object, **_kwargs: object) -> NoReturn:
        started.append(f"{arguments}")
        raise ProcessStartedError(_said(started))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(subprocess.Popen, "__init__", refuse)
        yield
    if started:
        raise ProcessStartedError(_said(started))


def _said(started: list[str]) -> str:
    return f"started without the marker `processes`: {'; '.join(started)}"


def _named_by(thing: object) -> list[object]:
    """What the code of a function or class names."""
    if isinstance(thing, functools.partial):
        return [thing.func, *thing.args]
    if isinstance(thing, MethodType):
        return [thing.__func__, type(thing.__self__)]
    if isinstance(thing, property):
        return [thing.fget]
    if isinstance(thing, functools.cached_property):
        return [thing.func]
    if isinstance(thing, staticmethod | classmethod):
        return [thing.__func__]
    if isinstance(thing, type):
        return [*vars(thing).values(), *thing.__bases__] if _is_ours(thing) else []
    if inner := getattr(getattr(thing, "hypothesis", None), "inner_test", None):
        return [inner]
    if (wrapped := getattr(thing, "__wrapped__", None)) is not None:  # functools.wraps, functools.cache
        return [wrapped, *_named_in(thing)]
    return _named_in(thing)


def _named_in(thing: object) -> list[object]:
    if not isinstance(thing, FunctionType) or not _is_ours(thing):
        return []
    names = set(_names(thing.__code__))
    found = [thing.__globals__[name] for name in names if name in thing.__globals__]
    # What a function imports for itself it names, too: the module as "a.b", what it takes from there as "c".
    imported = [sys.modules[name] for name in names if name in sys.modules]
    for module in [*imported, *(each for each in found if isinstance(each, ModuleType))]:
        if module.__name__.startswith(OURS):
            found += [vars(module)[name] for name in names if name in vars(module)]
    found += [cell.cell_contents for cell in thing.__closure__ or () if _is_set(cell)]
    return [*found, *(STARTERS & names)]


def _names(code: CodeType) -> Iterator[str]:
    """The names in the code of a function and of those inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _is_starter(thing: object) -> bool:
    """Whether it is such a module or comes from one; or its name, where it is not imported yet."""
    if isinstance(thing, str):
        return thing in STARTERS
    return getattr(thing, "__name__" if isinstance(thing, ModuleType) else "__module__", "") in STARTERS


def _is_set(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def _is_ours(thing: Callable[..., object]) -> bool:
    return getattr(thing, "__module__", "").partition(".")[0] in OURS
