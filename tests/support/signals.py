"""Signals for the programs that tests start."""

from __future__ import annotations

import signal


def hears_signals() -> None:
    """As ``preexec_fn``: a shell without job control starts `pytest &` with SIGINT ignored, and all that it starts."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
