"""--help and --version come at once: they load nothing that only the work needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.plugin import REPOSITORY

SCRIPT = """
import sys
from pyreport.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as done:
    assert done.code == 0
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("report", "--help")])
def test_help_loads_little(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    loaded = set(done.stderr.split())
    assert "pyreport" in loaded
    assert loaded & {"asyncio", "babel", "fluent", "jinja2", "lxml", "msgspec", "pyshark", "weasyprint"} == set()
