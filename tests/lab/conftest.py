"""One run of the whole lab, shared by the tests that read its results."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.evidence import packets_made
from pyreport.diagnosis.evidence.stand_in import stand_in
from tests.lab.endings import ENDINGS
from tests.lab.judged import reading_of
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
    """All scenarios, run together, and what is found in their captures, which the function for it then remembers."""
    runs = run_all((*SCENARIOS, *ENDINGS), tmp_path_factory.mktemp("lab"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for scenario in (*SCENARIOS, *ENDINGS):
            run = runs[scenario.name]
            if run.exception():
                continue
            for capture in run.result().captures.values() if scenario in SCENARIOS else ():
                pool.submit(findings_of, capture, True)  # what this raises, the tests meet again
                pool.submit(findings_of, capture, False)
    return runs


@pytest.fixture(scope="module", autouse=True)
def readings_of_the_module() -> Iterator[None]:
    """A reading keeps its capture open: none outlives the module, nor in what pyreport remembers of the last few."""
    yield
    for remembers in (reading_of, space_of, packets_made._counted, stand_in):
        remembers.cache_clear()
    gc.collect()


@pytest.fixture
def outcome(runs: dict[str, Future[Outcome]]) -> Callable[[str], Outcome]:
    """What happened in a scenario, by name; raises what made it fail."""
    return lambda name: runs[name].result()
