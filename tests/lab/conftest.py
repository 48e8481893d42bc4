"""One run of the whole lab, shared by the tests that read its results."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.lab.lab import Outcome, run_all
from tests.lab.scenarios import SCENARIOS
from tests.lab.view import findings_of


@pytest.fixture(scope="session")
def root() -> None:
    """Fail, in words, when the lab cannot make network namespaces."""
    if os.geteuid() != 0:
        pytest.fail("the lab makes network namespaces: run these tests as root", pytrace=False)


@pytest.fixture(scope="session")
def runs(root: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[Outcome]]:
    """All scenarios, run at once, and the findings on their captures, which `findings_of` then remembers."""
    runs = run_all(SCENARIOS, tmp_path_factory.mktemp("lab"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for run in runs.values():
            if not run.exception():
                for capture, two_pass in itertools.product(run.result().captures.values(), (True, False)):
                    pool.submit(findings_of, capture, two_pass)  # what this raises, the tests meet again
    return runs


@pytest.fixture
def outcome(runs: dict[str, Future[Outcome]]) -> Callable[[str], Outcome]:
    """What happened in a scenario, by name; raises what made it fail."""
    return lambda name: runs[name].result()
