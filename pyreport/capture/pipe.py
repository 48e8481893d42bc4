"""A capture that comes through standard input, as from ``ssh HOST tcpdump -U -w -``.

It is kept in a file of the private folder, since it is read twice. Ctrl-C ends the capturing, not the report: the
program that captures gets the same signal, sends what it still has, and ends.
"""

from __future__ import annotations

import errno
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import BinaryIO

from pyreport.base.claim import claim
from pyreport.base.errors import InputError, UsageError
from pyreport.capture.file import MAGIC_BYTES, MAGIC_LENGTH, STDIN, CaptureFile, checked, hold
from pyreport.capture.how_far import HowFar, Step, Watch
from pyreport.capture.tshark import Tshark

# What signal.getsignal() gives.
Handler = Callable[[int, FrameType | None], object] | int | None
_PIECE = 1 << 20
_NAME = "standard-input"
# How long is waited, after Ctrl-C, for what the capturing program still has.
LAST_WORDS_S = 2.0


def receive(tshark: Tshark, watch: Watch, descriptor: int = 0) -> CaptureFile:
    """Read standard input up to its end, or up to Ctrl-C, which is said in the warnings.

    Raises UsageError when it is a terminal, InputError when it is no capture or cannot be kept, KeyboardInterrupt on a
    second Ctrl-C.
    """
    if os.isatty(descriptor):
        raise UsageError(
            "Standard input is a terminal: send a capture through a pipe (tcpdump -U -w - | pyreport ...)."
        )
    try:
        path, kept = tshark.sandbox.new_file(_NAME)
        with kept, _until_interrupted() as stop:
            count = _copy(descriptor, kept, stop, watch)
        if not count:
            raise InputError("Nothing came through standard input: check the program before the pipe.")
        opened = hold(path)
        if stop.came:
            tshark.warn(claim("capture-stopped", bytes=count))
        return checked(path, STDIN, opened)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise InputError(f"Standard input cannot be read ({error.strerror}): save it to a file first.") from error
        raise InputError(
            f"The disk of {tshark.sandbox.folder.parent} is full, where standard input is kept: set TMPDIR to a folder "
            "with more room."
        ) from error


class _Stop:
    """Whether Ctrl-C came; ``descriptor`` can be read from then on. ``before`` is the signal's handler so far."""

    def __init__(self, before: Handler) -> None:
        self.came = False
        self.before = before
        self.descriptor, self._writer = os.pipe()

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """The signal's handler: the first one is kept, the second one ends the program as always."""
        if self.came:
            if callable(self.before):
                self.before(number, frame)
            raise KeyboardInterrupt
        self.came = True
        os.write(self._writer, b"\0")

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self.descriptor)
        os.close(self._writer)


@contextmanager
def _until_interrupted() -> Iterator[_Stop]:
    before = signal.getsignal(signal.SIGINT)
    stop = _Stop(before)
    is_ours = threading.current_thread() is threading.main_thread() and before is not signal.SIG_IGN
    if is_ours:
        signal.signal(signal.SIGINT, stop.interrupt)
    try:
        yield stop
    finally:
        if is_ours:
            signal.signal(signal.SIGINT, before)
        stop.close()


def _copy(descriptor: int, kept: BinaryIO, stop: _Stop, watch: Watch) -> int:
    """Keep what comes. Returns how many bytes came. Raises InputError on what cannot be a capture, once it is plain."""
    start, count, end = b"", 0, 0.0
    # Neither select(2), which takes no descriptor above 1023 (a ring may have more files), nor epoll(7), which takes no
    # regular file.
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    poll.register(stop.descriptor, select.POLLIN)
    while True:
        ready = poll.poll(max(end - time.monotonic(), 0) * 1000 if end else None)
        if stop.came and not end:
            end = time.monotonic() + LAST_WORDS_S
            poll.unregister(stop.descriptor)
        if end and time.monotonic() >= end:
            return count
        if all(found != descriptor for found, _ in ready):
            continue
        piece = os.read(descriptor, _PIECE)
        if not piece:
            return count
        if len(start) < MAGIC_LENGTH:
            start = (start + piece)[:MAGIC_LENGTH]
            if len(start) == MAGIC_LENGTH and not start.startswith(MAGIC_BYTES):
                raise InputError(
                    "Standard input is not a capture: have the capturing program write it (tcpdump -U -w -)."
                )
        kept.write(piece)
        count += len(piece)
        watch(HowFar(Step.RECEIVING, count))
