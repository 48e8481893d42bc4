"""Captures made by others. They are no part of the project; an environment variable names the folder that has them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "KEEPALIVE_PUBLIC_CAPTURES"

needs_public_captures = pytest.mark.skipif(
    not os.environ.get(VARIABLE), reason=f"{VARIABLE} names no folder with captures made by others"
)


def public_captures() -> Path:
    """The folder. For tests that are skipped without it."""
    return Path(os.environ[VARIABLE]).absolute()
