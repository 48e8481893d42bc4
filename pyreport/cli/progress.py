"""A progress display for people: only when stderr is a terminal, and only for what takes longer than a second."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status

from pyreport.base.claim import Claim, Value
from pyreport.cli.terminal import print_line
from pyreport.words import Words

PATIENCE_S = 1.0


class Progress:
    """What is being done now. ``say`` replaces the line shown (by the id of a message), ``note`` prints a line that
    stays.
    """

    def __init__(self, console: Console, words: Words, doing: str) -> None:
        self._console = console
        self._words = words
        self._text = words.label(doing)
        self._status: Status | None = None
        self._stopped = False
        self._lock = threading.Lock()
        # A timer, since tshark may work for a long time before it has a first frame to tell of.
        self._timer = threading.Timer(PATIENCE_S, self._show)
        self._timer.daemon = True
        if console.is_terminal:
            self._timer.start()

    def say(self, doing: str, **values: Value) -> None:
        """Tell what is being done; it is shown once the whole has taken longer than a second."""
        with self._lock:
            self._text = self._words.label(doing, **values)
            if self._status is not None:
                self._status.update(self._text)

    def count(self, frames: int) -> None:
        """Tell how far the reading of a capture is."""
        self.say("progress-frames", frames=frames)

    def note(self, note: Claim) -> None:
        """Print a line that stays: something the user should know."""
        print_line(self._console, self._words.say(note))

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
def show_progress(console: Console, words: Words, doing: str) -> Iterator[Progress]:
    """A progress display that starts with this message, for the time of the ``with`` block."""
    progress = Progress(console, words, doing)
    try:
        yield progress
    finally:
        progress.stop()
