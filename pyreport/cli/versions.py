"""The versions that a report was made with."""

from __future__ import annotations

import platform
from importlib import metadata

from pyreport import __version__
from pyreport.capture.tshark import Tshark

LIBRARIES = ("pyshark", "lxml", "weasyprint")


def versions(tshark: Tshark) -> tuple[tuple[str, str], ...]:
    """Name and version of this program, of tshark, of Python and of the libraries that a report depends on."""
    return (
        ("pyreport", __version__),
        ("tshark", tshark.version),
        ("Python", platform.python_version()),
        *((name, metadata.version(name)) for name in LIBRARIES),
    )
