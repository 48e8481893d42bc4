"""The conversations of a run without `PROPERTY_SEARCH` are the same ones, whatever else is loaded."""

from __future__ import annotations

import os
import subprocess
import sys

DRAWS = """
import hashlib
{before}
from hypothesis import strategies as st
from tests.property.examples import for_all
from tests.property.plans import HEALTHY, plans
seen = hashlib.sha256()

@for_all(plans(HEALTHY), st.integers(0, 10**12), examples=200)
def draw(plan, number):
    seen.update(repr((plan, number)).encode())

draw()
print(seen.hexdigest())
"""


def drawn(before: str) -> str:
    """A digest of what a property is tried on in a new process that runs `before` first."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROPERTY_")}
    command = [sys.executable, "-c", DRAWS.format(before=before)]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=300).stdout


def test_what_is_drawn_does_not_hang_on_what_is_loaded() -> None:
    """The numbers in the report's code are not among the draws."""
    alone = drawn("")
    assert alone
    assert drawn("import pyreport.cli.main") == alone
