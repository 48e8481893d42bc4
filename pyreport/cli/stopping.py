"""Signals that ask the program to end: it still stops tshark and removes its private folder."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: From this one on a signal ends the program on the spot: the clearing up may be what hangs.
LAST = 3
#: Seconds until a signal is sent once more that came where Python ignores what is raised: in __del__ or in the callback
#: of a weak reference (sys.unraisablehook).
AGAIN_S = 0.01


class Stopped(KeyboardInterrupt):
    """One of SIGNALS came."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def end_on_the_spot() -> None:
    """Let Ctrl-C end the program as the other signals do, without a traceback, as long as nothing is to be cleared up.
    What the caller ignores stays ignored.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise Stopped, once, when one of SIGNALS comes. What the caller ignores (nohup does) stays ignored. A second one
    does not end the clearing up (an impatient Ctrl-C, a service manager that sends two); a third one ends it all.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = 0

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal came
        if _is_within(frame, swallowed.__code__):
            _send_again(number)
            return
        came += 1
        if came == 1:
            raise Stopped(number)
        if came >= LAST:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def swallowed(told: sys.UnraisableHookArgs) -> None:
        nonlocal came
        if isinstance(told.exc_value, Stopped):
            came = 0
            _send_again(told.exc_value.number)
        else:
            hook(told)

    hook = sys.unraisablehook
    before = {number: signal.getsignal(number) for number in SIGNALS}
    handled = [number for number in SIGNALS if before[number] in (signal.SIG_DFL, signal.default_int_handler)]
    for number in handled:
        signal.signal(number, stop)
    sys.unraisablehook = swallowed
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for number in handled:
            signal.signal(number, before[number])


def exit_status(stop: KeyboardInterrupt) -> int:
    """The exit status that shells give to a program which a signal ended."""
    return 128 + (stop.number if isinstance(stop, Stopped) else signal.SIGINT)


def _is_within(frame: FrameType | None, code: CodeType) -> bool:
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    return frame is not None


def _send_again(number: int) -> None:
    """Send a signal to this process in a moment, without waiting for a thread to start, as threading.Thread does."""

    def send() -> None:
        time.sleep(AGAIN_S)
        os.kill(os.getpid(), number)

    _thread.start_new_thread(send, ())
