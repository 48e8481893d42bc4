"""The evidence of an incident in one folder: the excerpt of the ring, the lines of the log, the report.

The report is that of ``pyreport report``, made by a process of its own: whatever a capture does to it, the watch goes
on.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

import pyreport
from pyreport.base.endpoint import Endpoint
from pyreport.matching.match import Strength
from pyreport.watch.children import Child, start
from pyreport.watch.excerpt import Excerpt, Wanted, cut
from pyreport.watch.incident import Incident

CAPTURE, LOG, MESSAGES = "capture.pcapng", "log.txt", "messages.txt"
PDF, JSON, SUMMARY = "report.pdf", "report.json", "report.txt"
# Of the connections that one line fits, to which different things happened, so many are told: the nearest in time.
MOST_CANDIDATES = 3
# An excerpt has at most so much of the connection, and so much of what else its hosts said: with headers alone 50,000
# packets each, of which a report is made in half a minute on a slow machine.
MOST_CAPTURE_BYTES = 8_000_000
# What a report may take of CPU and of time (s), far more than one of such an excerpt takes.
_CPU_S, _WALL_S = 300, 600
# The kernel takes 128 KiB as one argument of a program (MAX_ARG_STRLEN, execve(2)).
_LONGEST_LINE = 1 << 16


class Outcome(Struct, frozen=True):
    """What came of a report: the first sentence of its verdict, or why there is none; the ends of its connection, the
    local one first; and what the match of log line and connection rests on, None without a line. ``fits`` is how many
    connections the line fits, ``reports`` of how many there is a report.
    """

    verdict: str = ""
    ends: tuple[Endpoint, Endpoint] | None = None
    match: Strength | None = None
    failure: str = ""
    fits: int = 1
    reports: int = 1


class Report(Struct):
    """A report that is being made in ``folder``. ``child`` is None when the excerpt has no frame. Of a line that fits
    several connections one report is made after the other.
    """

    folder: Path
    excerpt: Excerpt
    child: Child | None = None
    _which: tuple[str, ...] = ()
    _candidate: int = 0
    _fits: int = 1
    _deadline_s: float = 0.0

    def begin(self) -> None:
        """Start the report of the first, or the next, connection. Raises OSError."""
        self._candidate += 1
        of_line = (
            ("--candidate", str(self._candidate)) if any(each.startswith("--log=") for each in self._which) else ()
        )
        outputs = [_numbered(name, self._candidate) for name in (PDF, JSON, SUMMARY)]
        with (self.folder / MESSAGES).open("ab") as messages:
            self.child = start(
                [
                    *(sys.executable, "-P", "-m", "pyreport", "report", CAPTURE, *self._which, *of_line),
                    *("-o", outputs[0], "--json", outputs[1], "--summary", outputs[2]),
                ],
                stdout=messages,
                stderr=messages,
                folder=self.folder,
                environment={"PYTHONPATH": _module_path()},
                cpu_s=_CPU_S,
            )
        self._deadline_s = time.monotonic() + _WALL_S

    def is_over(self) -> bool:
        """Whether all reports are there, or will not come; begins the next one."""
        if self.child is None:
            return True
        if self.child.status is None and time.monotonic() > self._deadline_s:
            self.child.stop(signal.SIGKILL)
        if self.child.status is None:
            return False
        if self.child.status == 0 and self._candidate == 1:
            self._fits = _of_json(self.folder / JSON).fits
        if self.child.status or self._candidate >= min(self._fits, MOST_CANDIDATES):
            return True
        with contextlib.suppress(OSError):
            self.begin()
            return False
        return True

    def outcome(self) -> Outcome:
        """What came of it, once it is over."""
        if self.child is None:
            return Outcome()
        if self.child.status == 0 or self._candidate > 1:
            done = self._candidate - bool(self.child.status)
            return replace(_of_json(self.folder / JSON), reports=done)
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
        return Report(folder, excerpt)
    report = Report(folder, excerpt, None, (*_which(incident), *options))
    report.begin()
    return report


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
    fits = int(log["fits"]) if log is not None else 1
    ends = (local, remote) if fits == 1 else None
    return Outcome(claims[0]["text"] if claims else "", ends, match, fits=fits)


def _numbered(name: str, number: int) -> str:
    """The name of an output: report.pdf, report-2.pdf."""
    stem, _, ending = name.partition(".")
    return name if number == 1 else f"{stem}-{number}.{ending}"
