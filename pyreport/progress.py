"""A progress display for people: only when stderr is a terminal, and only for what takes longer than a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status

PATIENCE_S = 1.0


class Progress:
    """What is being done now. ``say`` replaces the line shown; ``note`` prints a line that stays."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()
        self._status: Status | None = None

    def say(self, text: str) -> None:
        """Show what is being done, once it has taken longer than a second."""
        if not self._console.is_terminal:
            return
        if self._status is None and time.monotonic() - self._started >= PATIENCE_S:
            self._status = self._console.status(text)
            self._status.start()
        elif self._status is not None:
            self._status.update(text)

    def note(self, text: str) -> None:
        """Print a line that stays: something the user should know."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def stop(self) -> None:
        """Take the display away."""
        if self._status is not None:
            self._status.stop()
            self._status = None


@contextmanager
def show_progress(console: Console) -> Iterator[Progress]:
    """A progress display for the time of the ``with`` block."""
    progress = Progress(console)
    try:
        yield progress
    finally:
        progress.stop()
