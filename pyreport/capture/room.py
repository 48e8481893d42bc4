"""Room on the disk, asked for before something large is written."""

from __future__ import annotations

import shutil
from pathlib import Path

from pyreport.base.errors import ToolError


def check_room(folder: Path, needed: int, name: str) -> None:
    """Raise ToolError when the disk of a private folder has not so many bytes left for a copy of this capture."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ToolError(
            f"tshark needs {needed / 1e6:,.0f} MB in {folder.parent} for a copy of {name}, and {free / 1e6:,.0f} MB "
            "are free: set TMPDIR to a folder with more room."
        )
