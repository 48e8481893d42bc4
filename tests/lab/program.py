"""Start one end of a connection (`sockets.py`) inside a namespace, and read what it logged."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab import sockets
from tests.lab.scenarios import Step
from tests.lab.topology import SERVER_ADDRESS, LabError, inside

READY_WITHIN_S = 20


@dataclass(frozen=True, slots=True)
class Call:
    """One socket call as the program logged it; times in nanoseconds since the epoch."""

    call: str
    arguments: list[str | int]
    begin_ns: int
    end_ns: int
    result: int | None
    errno: str | None


@dataclass(frozen=True, slots=True)
class Program:
    """A running end of a connection."""

    process: subprocess.Popen[str]
    log: Path
    said: Path

    def begin(self, zero_ns: int) -> None:
        """Tell it the time of zero (nanoseconds since the epoch)."""
        if self.process.stdin:
            self.process.stdin.write(f"{zero_ns}\n")
            self.process.stdin.flush()

    def has_said(self, word: str) -> bool:
        """Whether it printed this word ("ready", "done"). Raises LabError when it is dead."""
        if self.process.poll() is not None:
            raise LabError(f"{self.log.stem} ended: {self.said.read_text().strip()}")
        return word in self.said.read_text().split()

    def calls(self) -> list[Call]:
        """All socket calls so far, in order."""
        return [Call(**json.loads(line)) for line in self.log.read_text().splitlines()]


@contextmanager
def program(namespace: str, side: str, port: int, steps: Sequence[Step], folder: Path) -> Iterator[Program]:
    """Start one end ("client" or "server"), wait until it is ready (a server listens then), and kill it at exit.

    Raises LabError when it does not get ready.
    """
    log, said = folder / f"{side}-{port}.jsonl", folder / f"{side}-{port}.said"
    script = [sys.executable, "-I", str(sockets.__file__), str(log), side, SERVER_ADDRESS, str(port), json.dumps(steps)]
    with said.open("w") as output:
        process = subprocess.Popen(
            inside(namespace, script),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C at the terminal is for the lab
        )
    end = Program(process, log, said)
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while not end.has_said("ready"):
            if time.monotonic() > deadline:
                raise LabError(f"{log.stem} is not ready after {READY_WITHIN_S} s")
            time.sleep(0.02)
        yield end
    finally:
        process.kill()
        process.communicate()
