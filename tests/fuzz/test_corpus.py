"""What once broke something does so no more; and a few new cases of each target, always the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fuzz.cases import CORPUS, load
from tests.fuzz.engines import Engines, close_engines, engines
from tests.fuzz.targets import TARGETS, case_of, wrong_with

SEED = 1


@pytest.fixture(scope="module", autouse=True)
def loaded() -> Iterator[Engines]:
    """The engines, which start processes: so do these tests."""
    yield engines()
    close_engines()


@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.iterdir()))
def test_a_past_failure(name: str) -> None:
    assert wrong_with(load(CORPUS / name)) is None


@pytest.mark.parametrize("target", TARGETS)
def test_new_cases(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FUZZ_SEEDS", raising=False)
    for number in range(TARGETS[target].in_tests):
        case = case_of(target, SEED, number)
        assert wrong_with(case) is None, f"{target}/{number} {case.arguments}"
