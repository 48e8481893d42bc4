"""The report names the versions that made it."""

from __future__ import annotations

import platform
from pathlib import Path

import weasyprint

import pyreport
from pyreport.capture.tshark import open_tshark
from pyreport.cli.versions import versions
from tests.support.programs import public_folder, write_program


def test_versions() -> None:
    """pyreport itself, tshark as it names itself, Python and the libraries, each once."""
    with public_folder() as folder:
        fake: Path = write_program(folder / "tshark", "echo 'TShark (Wireshark) 4.2.5.'")
        with open_tshark(str(fake)) as tshark:
            found = versions(tshark)
    assert [name for name, _ in found] == ["pyreport", "tshark", "Python", "pyshark", "lxml", "weasyprint"]
    named = dict(found)
    assert named["pyreport"] == pyreport.__version__
    assert named["tshark"] == "4.2.5"
    assert named["Python"] == platform.python_version()
    assert named["weasyprint"] == weasyprint.__version__
