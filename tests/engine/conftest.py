"""One tshark, and one sandbox, for all tests of the engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pyreport.capture.tshark import Tshark, open_tshark


@pytest.fixture(scope="session")
def tshark() -> Iterator[Tshark]:
    """The tshark that the tests use, with the plugin and the reader in its sandbox."""
    with open_tshark() as opened:
        yield opened
