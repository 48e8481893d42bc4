"""Start one end of a connection (`sockets.py`), or a service, inside a namespace, and read what it logged."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab import service as service_script
from tests.lab import sockets
from tests.lab.scenarios import PORT, REQUEST, RESPONSE, Service, Step
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
def program(
    namespace: str, side: str, number: int, port: int, steps: Sequence[Step], folder: Path
) -> Iterator[Program]:
    """Start one end ("client" or "server") of a connection, whose number names its files; wait until it is ready (a
    server listens then), and kill it at exit.

    Raises LabError when it does not get ready.
    """
    name = folder / f"{side}-{number}"
    script = [str(sockets.__file__), f"{name}.jsonl", side, SERVER_ADDRESS, str(port), json.dumps(steps)]
    with _started(namespace, script, name) as end:
        yield end


@contextmanager
def service(namespace: str, settings: Service, folder: Path, run: int) -> Iterator[Program]:
    """Start a server process, wait until it listens, and kill it (SIGKILL) at exit; its runs are numbered.

    Raises LabError when it does not get ready.
    """
    options = [PORT, REQUEST, RESPONSE, settings.idle_limit_s, int(settings.reset_on_exit)]
    script = [str(service_script.__file__), SERVER_ADDRESS, *map(str, options)]
    with _started(namespace, script, folder / f"service-{run}") as process:
        yield process


@contextmanager
def _started(namespace: str, script: Sequence[str], name: Path) -> Iterator[Program]:
    log, said = name.with_suffix(".jsonl"), name.with_suffix(".said")
    with said.open("w") as output:
        process = subprocess.Popen(
            inside(namespace, [sys.executable, "-I", *script]),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # Ctrl-C at the terminal is for the lab
        )
    started = Program(process, log, said)
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while not started.has_said("ready"):
            if time.monotonic() > deadline:
                raise LabError(f"{log.stem} is not ready after {READY_WITHIN_S} s")
            time.sleep(0.02)
        yield started
    finally:
        process.kill()
        process.communicate()
