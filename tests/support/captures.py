"""Captures that no file is behind."""

from __future__ import annotations

from pathlib import Path

from pyreport.capture.file import Capture, CaptureFile
from pyreport.capture.sums import KnownSums


def no_file(name: str, digest: str = "0" * 64, path: Path | None = None, size: int = 1) -> Capture:
    """A capture of one file of this name, SHA-256 and size (bytes), which nobody has opened."""
    return Capture((CaptureFile(path or Path("/") / name, name, size),), name, KnownSums(digest))
