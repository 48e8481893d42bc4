"""The evidence of an incident in one folder: the excerpt of the ring, the lines of the log, the report.

The report is that of ``pyreport report``, made by a process of its own: whatever a capture does to it, the watch goes
on.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyreport
from pyreport.base.endpoint import Endpoint
from pyreport.matching.match import Strength
from pyreport.watch.children import Child, start
from pyreport.watch.excerpt import Excerpt, Wanted, cut
from pyreport.watch.incident import Incident

CAPTURE, LOG, MESSAGES = "capture.pcapng", "log.txt", "messages.txt"
PDF, JSON, SUMMARY = "report.pdf", "report.json", "report.txt"
# An excerpt has at most so much of the connection, and so much of what else its hosts said: with headers alone 50,000
# packets each, of which a report is made in half a minute on a slow machine.
MOST_CAPTURE_BYTES = 8_000_000
# What a report may take of CPU and of time (s), far more than one of such an excerpt takes.
_CPU_S, _WALL_S = 300, 600
# The kernel takes 128 KiB as one argument of a program (MAX_ARG_STRLEN, execve(2)).
_LONGEST_LINE = 1 << 16


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a report: the first sentence of its verdict, or why there is none; the ends of its connection, the
    local one first; and what the match of log line and connection rests on, None without a line.
    """

    verdict: str = ""
    ends: tuple[Endpoint, Endpoint] | None = None
    match: Strength | None = None
    failure: str = ""


@dataclass(slots=True)
class Report:
    """A report that is being made in ``folder``. ``child`` is None when the excerpt has no frame."""

    folder: Path
    excerpt: Excerpt
    child: Child | None
    _deadline_s: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the report is there, or will not come."""
        if self.child is None or self.child.status is not None:
            return True
        if time.monotonic() > self._deadline_s:
            self.child.stop(signal.SIGKILL)
        return self.child.status is not None

    def outcome(self) -> Outcome:
        """What came of it, once it is over."""
        if self.child is None:
            return Outcome()
        if self.child.status == 0:
            return _of_json(self.folder / JSON)
        said = (self.folder / MESSAGES).read_text("utf-8", "replace").splitlines()
        complaints = [line.removeprefix("pyreport: ") for line in said if line.startswith("pyreport: ")]
        return Outcome(failure=complaints[-1] if complaints else " ".join(said[-1:]) or str(self.child.status))

    def stop(self) -> None:
        """End it, with all that it started."""
        if self.child is not None:
            self.child.stop()


def begin_report(
    incident: Incident, ring: Sequence[Path], recent: bytes, folder: Path, options: Sequence[str]
) -> Report:
    """Write the excerpt and the lines of the log to the folder, and start the report. ``options`` are further ones of
    ``pyreport report``. Raises OSError when something cannot be written.
    """
    if incident.record is not None:
        lines = recent if incident.record.content in recent else incident.record.content + b"\n\n" + recent
        (folder / LOG).write_bytes(lines)
    excerpt = _cut(ring, incident, folder / CAPTURE)
    if not excerpt.frames:
        (folder / CAPTURE).unlink()
        return Report(folder, excerpt, None)
    with (folder / MESSAGES).open("wb") as messages:
        child = start(
            [
                *(sys.executable, "-P", "-m", "pyreport", "report", CAPTURE, *_which(incident), *options),
                *("-o", PDF, "--json", JSON, "--summary", SUMMARY),
            ],
            stdout=messages,
            stderr=messages,
            folder=folder,
            environment={"PYTHONPATH": _module_path()},
            cpu_s=_CPU_S,
        )
    return Report(folder, excerpt, child, time.monotonic() + _WALL_S)


def _cut(ring: Sequence[Path], incident: Incident, path: Path) -> Excerpt:
    """The frames between the incident's hosts; all of the ring, where it has none: the log may know the hosts by other
    addresses (NAT, containers).
    """
    with path.open("wb") as target:
        wanted = incident.wanted
        excerpt = cut(ring, wanted, target, MOST_CAPTURE_BYTES, MOST_CAPTURE_BYTES)
        if not excerpt.frames and wanted.addresses:
            excerpt = cut(ring, Wanted(), target, MOST_CAPTURE_BYTES, 0)
        return excerpt


def _which(incident: Incident) -> list[str]:
    if incident.record is not None:
        line = incident.record.content[:_LONGEST_LINE].decode("utf-8", "replace").replace("\0", " ")
        return [f"--log={line}"]
    return [f"--connection={'->'.join(incident.ends)}"] if incident.ends else []


def _module_path() -> str:
    """Where the report's process finds this very program, whatever folder it is started in."""
    own = str(Path(pyreport.__file__).resolve().parent.parent)
    return os.pathsep.join(filter(None, (own, os.environ.get("PYTHONPATH"))))


def _of_json(path: Path) -> Outcome:
    connection = json.loads(path.read_text(encoding="utf-8"))["connections"][0]
    claims = connection["verdict"]["claims"]
    local, remote = Endpoint(connection["a"]), Endpoint(connection["b"])
    if connection["local"] == remote:
        local, remote = remote, local
    log = connection["log"]
    match = Strength(log["match"]) if log is not None else None
    return Outcome(claims[0]["text"] if claims else "", (local, remote), match)
