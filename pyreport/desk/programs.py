"""Starts the user's own programs, as the user would: with the user's environment, and not in the sandbox."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from msgspec import Struct

# Only a program that hangs takes so long.
PATIENCE_S = 120


class Said(Struct, frozen=True):
    """How a program ended, and what it printed."""

    status: int
    stdout: str
    stderr: str


def ask(command: Sequence[str | Path], environ: Mapping[str, str]) -> Said | None:
    """Run a program to its end. None when it cannot be started, or hangs."""
    try:
        done = subprocess.run(
            list(map(str, command)),
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=PATIENCE_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Said(
        done.returncode,
        done.stdout.decode("utf-8", "backslashreplace"),
        done.stderr.decode("utf-8", "backslashreplace"),
    )


def become(command: Sequence[str | Path], environ: Mapping[str, str]) -> NoReturn:
    """Run a program in this one's place. Raises OSError when it cannot be started."""
    words = list(map(str, command))
    os.execve(words[0], words, dict(environ))  # noqa: S606 - no shell is wanted


def start(command: Sequence[str | Path], environ: Mapping[str, str]) -> bool:
    """Start a program that goes on without this one. Returns whether it could be handed to a shell, which does that."""
    try:
        subprocess.run(
            ["/bin/sh", "-c", '"$@" &', "sh", *map(str, command)],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
