"""A progress display for people: only when stderr is a terminal, and only for what takes longer than a second."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status

from pyreport.base.claim import Claim

PATIENCE_S = 1.0


class Progress:
    """What is being done now. ``say`` replaces the line shown; ``note`` prints a line that stays."""

    def __init__(self, console: Console, text: str) -> None:
        self._console = console
        self._text = text
        self._status: Status | None = None
        self._stopped = False
        self._lock = threading.Lock()
        # A timer, since tshark may work for a long time before it has a first frame to tell of.
        self._timer = threading.Timer(PATIENCE_S, self._show)
        self._timer.daemon = True
        if console.is_terminal:
            self._timer.start()

    def say(self, text: str) -> None:
        """Tell what is being done; it is shown once the whole has taken longer than a second."""
        with self._lock:
            self._text = text
            if self._status is not None:
                self._status.update(text)

    def note(self, note: Claim) -> None:
        """Print a line that stays: something the user should know."""
        from pyreport.words import Words  # not before it is needed: it takes a moment

        self._console.print(Words().say(note), markup=False, highlight=False, soft_wrap=True)

    def stop(self) -> None:
        """Take the display away."""
        with self._lock:
            self._stopped = True
            self._timer.cancel()
            if self._status is not None:
                self._status.stop()
                self._status = None

    def _show(self) -> None:
        with self._lock:
            if not self._stopped:
                self._status = self._console.status(self._text)
                self._status.start()


@contextmanager
def show_progress(console: Console, text: str) -> Iterator[Progress]:
    """A progress display that starts with this text, for the time of the ``with`` block."""
    progress = Progress(console, text)
    try:
        yield progress
    finally:
        progress.stop()
