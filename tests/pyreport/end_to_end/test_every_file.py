"""Every connection of the capture files of the suite, asked about by either end: see tests.pyreport.consistent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.conftest import readings_of_the_module as readings_of_the_module
from tests.lab.judged import diagnose_all
from tests.support.plugin import REPOSITORY

CAPTURES = sorted((REPOSITORY / "tests").glob("*/*/*.pcap")) + sorted((REPOSITORY / "tests").glob("*/*/*/*.pcap"))


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.name)
def test_every_connection_by_either_end(capture: Path) -> None:
    assert diagnose_all(capture)
