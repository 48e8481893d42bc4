"""One tshark, and one sandbox, for all tests of the engine; the readers of a test end with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pyreport.capture.tshark import Tshark, open_tshark
from tests.support.leftovers import ending_its_readers


@pytest.fixture(scope="session")
def tshark_of_all() -> Iterator[Tshark]:
    """The tshark that the tests use, with the plugin and the reader in its sandbox."""
    with open_tshark() as opened:
        yield opened


@pytest.fixture
def tshark(tshark_of_all: Tshark) -> Iterator[Tshark]:
    """The same."""
    with ending_its_readers(tshark_of_all) as opened:
        yield opened
