"""Stand-ins for tshark and for the plugin, in a folder that every user can enter."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def public_folder() -> Iterator[Path]:
    """A temporary folder that the unprivileged account can enter; pytest's own ones are private."""
    with tempfile.TemporaryDirectory(prefix="public-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def write_program(path: Path, script: str) -> Path:
    """Write a shell script that can be run."""
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def write_plugin(folder: Path, lua: str) -> Path:
    """Write a plugin folder whose main script is this; returns the folder."""
    folder.mkdir()
    (folder / "keepalive.lua").write_text(lua, encoding="utf-8")
    return folder
