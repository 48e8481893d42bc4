"""The marker `processes` is set where code leads to a process; a test without it cannot start one."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

import pytest

from pyreport.base.units import format_duration
from pyreport.capture.tshark import open_tshark
from tests.support import plugin
from tests.support.processes import ProcessStartedError, no_processes, starts_processes

CONFTEST = Path(__file__).parents[1] / "conftest.py"


def at_once() -> None:
    subprocess.run(["true"], check=True)


def in_a_function_inside() -> Callable[[], None]:
    return lambda: at_once()


@cache
def remembered() -> str:
    return plugin.run_tshark(["-v"])


class Tool:
    @property
    def version(self) -> str:
        return remembered()


def by_a_class() -> str:
    return Tool().version


def imports_it() -> None:
    from pyreport.capture.tshark import open_tshark

    open_tshark()


LOUD = [
    at_once,
    in_a_function_inside,
    remembered,
    by_a_class,
    imports_it,
    partial(at_once),
    open_tshark,
]


@pytest.mark.parametrize("function", LOUD, ids=repr)
def test_a_way_to_a_process_is_found(function: Callable[..., object]) -> None:
    assert starts_processes(function)


@pytest.mark.parametrize("function", [format_duration, plugin.tshark_command, ProcessStartedError], ids=repr)
def test_what_starts_none_is_not_marked(function: Callable[..., object]) -> None:
    assert not starts_processes(function)


def test_a_process_is_refused() -> None:
    with pytest.raises(ProcessStartedError, match="without the marker"), no_processes():
        at_once()


def test_a_process_is_refused_to_asyncio() -> None:
    async def start() -> None:
        await asyncio.create_subprocess_exec("true")

    with pytest.raises(ProcessStartedError, match="without the marker"), no_processes():
        asyncio.run(start())


def test_code_that_takes_any_error_for_an_answer_hides_nothing() -> None:
    with pytest.raises(ProcessStartedError, match="without the marker"), no_processes(), suppress(ProcessStartedError):
        at_once()


HIDDEN = """
import importlib, pytest

@pytest.fixture(scope="session")
def made():
    return importlib.import_module("sub" + "process").run(["true"])

def test_hidden(made):
    pass

def test_quiet():
    pass
"""


def test_a_test_that_hides_its_process_fails(tmp_path: Path) -> None:
    """Also when a fixture of the whole session starts it."""
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text())
    (tmp_path / "test_it.py").write_text(HIDDEN)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path],
        cwd=CONFTEST.parents[1], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 passed, 1 error" in done.stdout, done.stdout
    assert "ProcessStartedError" in done.stdout
