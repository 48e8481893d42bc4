"""A progress display for people: only when stderr is a terminal, and only for what takes longer than a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status

from pyreport.base.claim import Claim, Value, claim
from pyreport.capture.how_far import HowFar
from pyreport.cli.wrapped import print_sentences
from pyreport.words import Words

PATIENCE_S = 1.0
# A rate is told of a step that has taken so long, the time that is left of one that has come so far.
SURE_S, SURE_PART = 2.0, 0.01
# Up to here a size is told in kB.
_SMALL = 10_000_000
# From here on the time that is left is told in minutes.
_MINUTES_FROM_S = 120


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
        self._step: tuple[str, float] | None = None
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

    def follow(self, how_far: HowFar) -> None:
        """Tell how far the reading of a capture is."""
        if not self._console.is_terminal:
            return
        now = time.monotonic()
        if self._step is None or self._step[0] != how_far.step:
            self._step = how_far.step, now
        text = tell(how_far, now - self._step[1], self._words)
        with self._lock:
            self._text = text
            if self._status is not None:
                self._status.update(text)

    def note(self, note: Claim) -> None:
        """Print a line that stays: something the user should know."""
        print_sentences(self._console, self._words.say(note))

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


def tell(how_far: HowFar, elapsed_s: float, words: Words) -> str:
    """How far a step is that has taken so many seconds: what was read, how fast, how long it will take."""
    step, read, size = claim("progress-step", step=how_far.step), _size(how_far.read), _size(how_far.size)
    if how_far.size:
        parts = [words.label("progress-read-of", step=step, read=read, size=size)]
    else:
        parts = [words.label("progress-read", step=step, read=read)]
    if elapsed_s >= SURE_S and how_far.read:
        parts.append(words.label("progress-rate", rate=_size(int(how_far.read / elapsed_s))))
        if how_far.read >= how_far.size * SURE_PART and how_far.size:
            left_s = int(elapsed_s * max(how_far.size - how_far.read, 0) / how_far.read)
            parts.append(_left(left_s, words))
    if how_far.frames:
        parts.append(words.label("progress-frame-count", frames=how_far.frames))
    if how_far.connections:
        parts.append(words.label("progress-connection-count", connections=how_far.connections))
    return words.between_items.join(parts)


def _left(left_s: int, words: Words) -> str:
    if left_s < _MINUTES_FROM_S:
        return words.label("progress-seconds-left", seconds=left_s)
    return words.label("progress-minutes-left", minutes=left_s // 60)


def _size(count: int) -> Claim:
    if count < _SMALL:
        return claim("progress-kilobytes", n=count // 1000)
    return claim("progress-megabytes", n=count // 1_000_000)


@contextmanager
def show_progress(console: Console, words: Words, doing: str) -> Iterator[Progress]:
    """A progress display that starts with this message, for the time of the ``with`` block."""
    progress = Progress(console, words, doing)
    try:
        yield progress
    finally:
        progress.stop()
