"""A program that reads a capture, as a child process that is never waited for without an end.

A capture may take hours, so it is not the clock that decides: a program hangs when nothing comes from it while it is
waited for, and it does not compute either.
"""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, cast

from msgspec import Struct

from pyreport.base.errors import ToolError
from pyreport.capture.processes import activity

# How often it is looked at, in s, and after how many looks without work it hangs. Looks are counted, not seconds: while
# this program itself stands still (Ctrl-Z, a laptop asleep) nobody looks.
LOOK_S = 1.0
MOST_IDLE_LOOKS = 30
# The same where the system does not tell of work.
MOST_LOOKS = 3600
# Less CPU time than this in all these looks is no work, in s.
LEAST_WORK_S = 0.3
_BUFFER = 1 << 16


class Idling(Struct):
    """Whether a process hangs, told by looks at it."""

    process: int
    _looks: int = 0
    _since_s: float = 0.0

    def __post_init__(self) -> None:
        if (does := activity(self.process)) is not None:
            self._since_s = does.cpu_s

    def look(self) -> bool:
        """Look once more; whether it has been idle for too long. A busy machine does not make it idle: a look at which
        it waits for its turn does not count.
        """
        does = activity(self.process)
        if does is None:
            self._looks += 1
            return self._looks >= MOST_LOOKS
        if not self._since_s <= does.cpu_s < self._since_s + LEAST_WORK_S:
            self._looks, self._since_s = 0, does.cpu_s
        elif not does.is_busy:
            self._looks += 1
        return self._looks >= MOST_IDLE_LOOKS


class Child(Struct, frozen=True):
    """A running program; ``output`` is what it prints. Reading and waiting raise ToolError when it hangs."""

    name: str
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    input: IO[bytes] | None = None

    @property
    def pid(self) -> int:
        """The number of the process that was started: that of the launcher."""
        return self.process.pid

    def wait(self) -> int:
        """Wait until it has ended; its exit status (-N: signal N). Raises ToolError when it hangs."""
        idling = Idling(self.pid)
        while True:
            try:
                return self.process.wait(LOOK_S)
            except subprocess.TimeoutExpired:
                if idling.look():
                    raise hangs(self.name) from None

    def stop(self) -> None:
        """End it and all that it started, if it runs; wait until it is gone."""
        for stream in (self.input, self.output):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        end_group(self.pid)
        self.process.kill()
        self.process.wait()


def end_group(process: int) -> None:
    """End a process by force, with those of its group, if it leads one (the launcher does)."""
    with contextlib.suppress(OSError):
        if os.getpgid(process) == process:
            os.killpg(process, signal.SIGKILL)


def hangs(name: str) -> ToolError:
    """The error that says so."""
    return ToolError(
        f"{name} did nothing for {MOST_IDLE_LOOKS * LOOK_S:.0f} s and was ended: try again, or name another tshark "
        "with --tshark."
    )


def start(
    name: str,
    command: Sequence[str],
    *,
    stdin: int = subprocess.DEVNULL,
    stderr: IO[bytes],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    descriptors: Sequence[int] = (),
) -> Child:
    """Start a program; ``name`` is what the user calls it. Raises OSError.

    ``stderr`` is a file, not a pipe: nobody would drain a pipe while the output is read.
    """
    process = subprocess.Popen(
        list(command),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        cwd=folder,
        env=None if environment is None else dict(environment),
        pass_fds=tuple(descriptors),
        bufsize=0,
    )
    to_it = None if process.stdin is None else io.BufferedWriter(cast(io.RawIOBase, process.stdin))
    return Child(name, process, io.BufferedReader(_Patient(name, process), _BUFFER), to_it)


class _Patient(io.RawIOBase):
    """The output of a process, for as long as that one does something."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        super().__init__()
        self._name, self._process = name, process
        assert process.stdout is not None
        self._stream = process.stdout

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def readinto(self, buffer: object) -> int:
        idling: Idling | None = None
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        while not poll.poll(LOOK_S * 1000):
            idling = idling or Idling(self._process.pid)
            if idling.look():
                raise hangs(self._name)
        count: int = self._stream.readinto(buffer)  # type: ignore[attr-defined]
        return count

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
