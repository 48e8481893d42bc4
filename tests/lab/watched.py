"""``pyreport watch`` in a namespace, beside a program that logs and a service that breaks its connections."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyreport.watch.archive import UNFINISHED
from tests.lab import log_writer
from tests.lab import service as service_script
from tests.lab.topology import SERVER_ADDRESS, LabError, Topology, inside
from tests.support.plugin import REPOSITORY

PORT, OTHER_PORT = 9092, 9093
# Only a bound for what hangs: the machine may be busy.
PATIENCE_S = 180


def until(condition: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """Wait until the condition holds, and return its value. Raises LabError when it never does."""
    deadline = time.monotonic() + patience_s
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise LabError(f"never: {what}")
        time.sleep(0.05)
    return value


@dataclass(slots=True)
class Program:
    """A program that answers each line with a line."""

    process: subprocess.Popen[str]

    def ask(self, line: str) -> str:
        """Give a command and wait for its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer:
            raise LabError(f"the program ended at: {line}")
        return answer


@contextmanager
def started(namespace: str, command: Sequence[str]) -> Iterator[Program]:
    """A program in a namespace, killed at the end."""
    process = subprocess.Popen(
        inside(namespace, command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield Program(process)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def writer(net: Topology, log: Path) -> Iterator[Program]:
    """The program with connections and a log, at the client."""
    with started(net.client, [sys.executable, "-I", str(log_writer.__file__), str(log)]) as program:
        yield program


@contextmanager
def service(net: Topology, port: int = PORT, *, idle_limit_s: float = 0, resets: bool = False) -> Iterator[Program]:
    """A service at the server: it closes idle connections, or resets all when it is ended."""
    options = (port, len(log_writer.REQUEST), log_writer.ANSWER, idle_limit_s, int(resets))
    script = [sys.executable, "-I", str(service_script.__file__), SERVER_ADDRESS, *map(str, options)]
    with started(net.server, script) as program:
        assert program.process.stdout is not None
        if program.process.stdout.readline().strip() != "ready":
            raise LabError("the service does not start")
        yield program


@dataclass(slots=True)
class Watching:
    """A running watch and its folder."""

    process: subprocess.Popen[bytes]
    folder: Path
    output: Path

    @property
    def said(self) -> str:
        """All that it has said so far."""
        return self.output.read_text()

    def until_said(self, text: str, times: int = 1) -> None:
        """Wait until it has said this so often. Raises LabError when it ends before."""

        def heard() -> bool:
            if self.said.count(text) >= times:
                return True
            if self.process.poll() is not None:
                raise LabError(f"the watch ended: {self.said}")
            return False

        try:
            until(heard, text)
        except LabError as error:
            raise LabError(f"{error}; the watch said: {self.said}") from error

    @property
    def reports(self) -> list[Path]:
        """The folders of reports, in their order."""
        return sorted(path for path in self.folder.iterdir() if path.name[0] == "2")

    @property
    def unfinished(self) -> list[Path]:
        """Folders of reports that are not whole."""
        return [path for path in self.folder.iterdir() if path.name.startswith(UNFINISHED)]

    def follows(self, log: Path) -> bool:
        """Whether it has this file open, under whatever name."""
        return any(is_same(entry, log) for entry in Path(f"/proc/{self.process.pid}/fd").iterdir())

    def children(self) -> list[int]:
        """The processes that it started, and theirs."""
        return descendants(self.process.pid)

    def ended(self) -> int:
        """Its exit status, once it has ended by itself."""
        return self.process.wait(PATIENCE_S)


@contextmanager
def watch(net: Topology, folder: Path, *options: str) -> Iterator[Watching]:
    """``pyreport watch`` on the client's interface, begun when this is entered; killed at the end."""
    output = folder.with_name(f"{folder.name}.said")
    command = [sys.executable, "-m", "pyreport", "watch", "-i", "eth0", "--dir", str(folder), "--ring-mb", "8"]
    with output.open("ab") as said:
        process = subprocess.Popen(
            inside(net.client, [*command, "--lang", "en", *options]),
            stdout=said,
            stderr=said,
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            start_new_session=True,
            # What a shell's background job ignores, the watch would ignore as well.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    watching = Watching(process, folder, output)
    try:
        watching.until_said("Capturing on", output.read_text().count("Capturing on") + 1)
        yield watching
    finally:
        left = watching.children()
        if process.poll() is None:
            process.kill()
        process.wait()
        for pid in left:
            kill(pid)


def descendants(pid: int) -> list[int]:
    """All processes below one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and parent(int(entry.name)) == pid:
            found += [int(entry.name), *descendants(int(entry.name))]
    return found


def parent(pid: int) -> int | None:
    """The parent of a process; None when there is no such process."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return None


def is_same(entry: Path, file: Path) -> bool:
    """Whether a descriptor in /proc is of this file."""
    try:
        return entry.samefile(file)
    except OSError:
        return False


def is_alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(pid: int) -> None:
    """End a process that this test started."""
    try:
        os.kill(pid, 9)
    except ProcessLookupError:
        return


def told(report: Path) -> dict[str, Any]:
    """The connection of a report, from its JSON."""
    connections = json.loads((report / "report.json").read_text())["connections"]
    assert len(connections) == 1
    found: dict[str, Any] = connections[0]
    return found
