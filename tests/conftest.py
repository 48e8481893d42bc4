"""What every test run has: the Wireshark that it names, the marker of tests that start processes."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Generator

import pytest

# Helpers assert, too. Before the first of them is imported: pytest rewrites no module that is there already.
pytest.register_assert_rewrite(
    *(f"tests.{name}" for name in ("dissector", "gui", "lab", "property", "pyreport", "support"))
)

from tests.pyreport import consistent  # noqa: E402
from tests.support.leftovers import forget_connections, held_now, left_over  # noqa: E402
from tests.support.plugin import tshark_command  # noqa: E402
from tests.support.processes import no_processes, start_a_process  # noqa: E402

# Before the first module that imports it takes the name.
consistent.watch()


def pytest_report_header() -> str:
    """For example "tshark: 4.4.19 with Lua 5.4.6"."""
    try:
        said = subprocess.run([*tshark_command(), "-v"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        return f"tshark: {error}"
    version = re.search(r"TShark \(Wireshark\) ([\d.]*\d)", said)
    lua = re.search(r"(?:with|\+)\s*Lua\s+([\d.]*\d)", said)
    return f"tshark: {version[1] if version else 'of unknown version'} {f'with Lua {lua[1]}' if lua else 'without Lua'}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start processes, before pytest selects by markers."""
    for item in items:
        if start_a_process(item):
            item.add_marker("processes")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Refuse processes to all other tests and, by setup and teardown, to the fixtures that are made for them."""
    if item.get_closest_marker("processes"):
        return (yield)
    with no_processes():
        return (yield)


pytest_runtest_setup = pytest_runtest_teardown = pytest_runtest_call


@pytest.fixture(scope="module", autouse=True)
def nothing_left_over() -> Generator[None, None, None]:
    """A module leaves no process and no open descriptor behind (tests.support.leftovers says what is allowed)."""
    before = held_now()
    yield
    forget_connections()
    assert left_over(before, held_now()) == []


@pytest.fixture(autouse=True)
def consistent_diagnoses() -> Generator[None, None, None]:
    """Every diagnosis that a test makes agrees with the frames and with itself (tests.pyreport.consistent)."""
    consistent.FOUND.clear()
    yield
    assert consistent.FOUND == []
