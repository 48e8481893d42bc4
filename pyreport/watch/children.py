"""The programs that the watch starts: dumpcap, the report, and what --notify names. None outlives it."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TypeAlias

from msgspec import Struct

from pyreport.base.units import NS_PER_S

Stream: TypeAlias = "int | IO[bytes]"
NOTHING, PIPE = subprocess.DEVNULL, subprocess.PIPE

# What ends in order may take this long (s); then it is killed.
PATIENCE_S = 5
LONGEST_PAUSE_NS = 60 * NS_PER_S


class Child(Struct):
    """A running program, in a process group of its own: a signal from the terminal reaches only the watch."""

    process: subprocess.Popen[bytes]

    @property
    def status(self) -> int | None:
        """The exit status (-N: ended by signal N); None as long as it runs."""
        return self.process.poll()

    def stop(self, first: int = signal.SIGTERM) -> None:
        """End the program and all that it started; wait until it is gone."""
        if self.status is None:
            self._send(first)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE_S)
        self._send(signal.SIGKILL)  # whoever is left in its group
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _send(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


class Backoff(Struct):
    """When a program is started again that ended: after a second, then after twice as long each time, up to a minute.
    What ran for a minute had no trouble starting.
    """

    pause_ns: int = NS_PER_S
    due_ns: int | None = None

    def after(self, now_ns: int, began_ns: int) -> int:
        """Note that a program ended that began then. Returns the pause, in ns."""
        pause = NS_PER_S if now_ns - began_ns >= LONGEST_PAUSE_NS else self.pause_ns
        self.due_ns, self.pause_ns = now_ns + pause, min(2 * pause, LONGEST_PAUSE_NS)
        return pause

    def is_due(self, now_ns: int) -> bool:
        """Whether it is to be started now; says so once. A clock that was set back makes no pause longer."""
        if self.due_ns is None or self.due_ns - LONGEST_PAUSE_NS <= now_ns < self.due_ns:
            return False
        self.due_ns = None
        return True


def start(
    command: Sequence[str],
    *,
    stdin: Stream = NOTHING,
    stdout: Stream = NOTHING,
    stderr: Stream = NOTHING,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    cpu_s: int | None = None,
) -> Child:
    """Start a program without a shell. ``environment`` adds to the own one; after ``cpu_s`` of CPU the kernel ends it.

    Raises OSError when it cannot be started.
    """
    process = subprocess.Popen(
        list(command),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )
    if cpu_s is not None and hasattr(resource, "prlimit"):
        with contextlib.suppress(OSError):  # it may have ended
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (cpu_s, cpu_s))
    return Child(process)
