"""The watch: follows the log, keeps the ring, and has a report written of each new cause."""

from __future__ import annotations

import contextlib
import errno
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field

from pyreport.base.claim import Claim, Duration, Second, claim
from pyreport.base.units import NS_PER_S
from pyreport.logs.model import LogError
from pyreport.logs.records import Record
from pyreport.logs.registry import understand
from pyreport.matching.match import Strength
from pyreport.watch import evidence
from pyreport.watch.archive import Archive
from pyreport.watch.children import Child, start
from pyreport.watch.evidence import Outcome, Report, begin_report
from pyreport.watch.excerpt import Address
from pyreport.watch.follow import LogFollower
from pyreport.watch.incident import Incident, is_watched
from pyreport.watch.ring import Ring

# How often the log is looked at (s).
TICK_S = 0.25
# So many causes wait for their reports at most; more at once are counted as too many.
MOST_WAITING = 16
# Of an error's words so many characters are told at once; the report has them all.
MOST_QUOTED = 200
# A command of --notify may run this long (s), and so many at once.
NOTIFY_S, MOST_NOTIFYING = 60, 4
# Where a line names both ends, there is no doubt which connection it is about.
BY_ENDS = (Strength.EXACT, Strength.REVERSED)


class Finder(Protocol):
    """What tells of incidents beside the log."""

    def poll(self, now_ns: int) -> Sequence[Incident]:
        """The new ones."""


class WatchSettings(Struct, frozen=True):
    """``hosts`` and ``ports`` are what is captured (none: any). ``wait_s`` is how long the aftermath of an error is
    captured before its report. ``options`` are further ones of ``pyreport report``, ``notify`` a command's words.
    """

    hosts: frozenset[Address] = frozenset()
    ports: frozenset[int] = frozenset()
    wait_s: int = 5
    once: bool = False
    notify: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class _Waiting(Struct, frozen=True):
    incident: Incident
    cause: str
    due_ns: int
    follower: LogFollower | None


class _Job(Struct):
    """A report that is being made; leaving ``cleanup`` removes what is unfinished."""

    incident: Incident
    cause: str
    report: Report
    cleanup: ExitStack


class Watch(Struct):
    """``say`` is told of everything that an operator should know. ``run`` ends when ``stop`` is set, after the first
    report with ``once``, or at the end of standard input.
    """

    settings: WatchSettings
    ring: Ring
    archive: Archive
    logs: Sequence[LogFollower]
    finders: Sequence[Finder]
    say: Callable[[Claim], None]
    reports: int = 0
    _waiting: list[_Waiting] = field(default_factory=list)
    _job: _Job | None = None
    _notifying: list[tuple[Child, float]] = field(default_factory=list)
    _said: set[str] = field(default_factory=set)
    _again: dict[str, int] = field(default_factory=dict)  # of the causes that wait or are being told

    def run(self, stop: threading.Event) -> None:
        """Watch until the end."""
        try:
            while not stop.is_set() and not self._is_over():
                self.look(time.time_ns())
                stop.wait(0 if any(log.is_behind for log in self.logs) else TICK_S)
        finally:
            self._end()

    def look(self, now_ns: int) -> None:
        """Look at everything once."""
        self.ring.poll(now_ns)
        for follower in self.logs:
            for record in follower.poll(now_ns):
                self._note_record(record, follower, now_ns)
            if follower.refused:
                self._say_once(claim("watch-log-refused", log=str(follower.path), why=follower.refused))
        for finder in self.finders:
            for incident in finder.poll(now_ns):
                self._note(incident, None, now_ns)
        self._finish_job()
        self._begin_job(now_ns)
        self._end_notifying()
        for told in self.archive.forget_old(now_ns):
            self.say(claim("watch-repeated", count=told.again, folder=str(told.folder)))

    def _is_over(self) -> bool:
        if self.settings.once and self.reports:
            return not self._notifying
        is_read = bool(self.logs) and all(log.has_ended for log in self.logs) and not self.finders
        return is_read and not (self._waiting or self._job or self._notifying)

    def _note_record(self, record: Record, follower: LogFollower, now_ns: int) -> None:
        error = understand(record.content.decode("utf-8", "replace"))
        if error is not None:
            self._note(_of_error(record, error, follower, now_ns), follower, now_ns)

    def _note(self, incident: Incident, follower: LogFollower | None, now_ns: int) -> None:
        if not is_watched(incident, self.settings.hosts, self.settings.ports):
            self._say_once(claim("watch-not-watched", connection=incident.connection))
            return
        cause = incident.cause(self.settings.ports)
        told = self.archive.told(cause, now_ns)
        if told is not None:
            self.archive.count(cause, told, now_ns)
            return
        making = [self._job.cause] if self._job is not None else []
        if cause in [*making, *(waiting.cause for waiting in self._waiting)]:
            self._again[cause] = self._again.get(cause, 0) + 1
            return
        if len(self._waiting) >= MOST_WAITING:
            self._say_once(claim("watch-too-many-at-once", count=MOST_WAITING))
            return
        due_ns = now_ns + self.settings.wait_s * NS_PER_S
        self._waiting.append(_Waiting(incident, cause, due_ns, follower))
        self.say(
            claim(
                "watch-seen",
                time=Second(now_ns),
                connection=incident.connection,
                what=(incident.finding or (incident.error.error_text if incident.error else ""))[:MOST_QUOTED],
                wait=Duration(self.settings.wait_s * NS_PER_S),
            )
        )

    def _begin_job(self, now_ns: int) -> None:
        wait_ns = self.settings.wait_s * NS_PER_S
        # Or the clock was set back.
        due = next((each for each in self._waiting if not each.due_ns - wait_ns <= now_ns < each.due_ns), None)
        if due is None or self._job is not None or (self.settings.once and self.reports):
            return
        self._waiting.remove(due)
        refusal = self._refusal(now_ns)
        if refusal is not None:
            self._again.pop(due.cause, None)
            self._say_once(refusal)
            return
        self._said.clear()
        recent = due.follower.recent if due.follower is not None else b""
        with ExitStack() as stack:
            try:
                folder = stack.enter_context(self.archive.unfinished(due.incident.folder_name()))
                report = begin_report(due.incident, self.ring.files(), recent, folder, self.settings.options)
            except OSError as error:
                self._again.pop(due.cause, None)
                self.say(self._cannot_write(error))
                return
            stack.callback(report.stop)
            self._job = _Job(due.incident, due.cause, report, stack.pop_all())

    def _refusal(self, now_ns: int) -> Claim | None:
        """Why no report may be written now."""
        folder = str(self.archive.folder)
        if self.archive.is_disk_full:
            return claim("watch-disk-full", folder=folder)
        if self.archive.is_full:
            return claim("watch-archive-full", folder=folder)
        if self.archive.is_day_full(now_ns):
            return claim("watch-day-full", count=self.archive.most_a_day)
        return None

    def _finish_job(self) -> None:
        job = self._job
        if job is None or not job.report.is_over():
            return
        self._job = None
        again = self._again.pop(job.cause, 0)
        with job.cleanup:
            outcome = job.report.outcome()
            if outcome.failure and self.archive.is_disk_full:
                self.say(claim("watch-disk-full", folder=str(self.archive.folder)))
                return
            try:
                name, seen_ns = job.incident.folder_name(outcome.ends), job.incident.seen_ns
                failed = bool(outcome.failure) or job.report.child is None
                folder = self.archive.keep(job.report.folder, name, job.cause, seen_ns, again, failed=failed)
            except OSError as error:
                self.say(self._cannot_write(error))
                return
        self.reports += 1
        if job.report.excerpt.is_cut:
            self.say(claim("watch-excerpt-cut", mb=evidence.MOST_CAPTURE_BYTES // 1_000_000, folder=str(folder)))
        self.say(_told_of(outcome, job, Second(seen_ns), str(folder)))
        self._notify(folder)

    def _cannot_write(self, error: OSError) -> Claim:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return claim("watch-disk-full", folder=str(self.archive.folder))
        return claim("watch-cannot-write", folder=str(self.archive.folder), why=str(error.strerror))

    def _notify(self, folder: Path) -> None:
        if not self.settings.notify or len(self._notifying) >= MOST_NOTIFYING:
            return
        paths = [folder, *(folder / name for name in (evidence.PDF, evidence.JSON, evidence.CAPTURE))]
        try:
            child = start([*self.settings.notify, *map(str, paths)])
        except OSError as error:
            self.say(claim("watch-notify-failed", command=self.settings.notify[0], why=str(error.strerror)))
            return
        self._notifying.append((child, time.monotonic() + NOTIFY_S))

    def _end_notifying(self) -> None:
        for each in list(self._notifying):
            child, deadline = each
            if child.status is None and time.monotonic() > deadline:
                child.stop()
            if child.status is not None:
                self._notifying.remove(each)
                if child.status:
                    command = self.settings.notify[0]
                    self.say(claim("watch-notify-failed", command=command, why=str(child.status)))

    def _say_once(self, told: Claim) -> None:
        """Say what may come again and again only once until a report is written."""
        if told.id not in self._said:
            self._said.add(told.id)
            self.say(told)

    def _end(self) -> None:
        """Leave nothing behind: no program, no unfinished folder."""
        left = [waiting.incident for waiting in self._waiting]
        if self._job is not None:
            left.append(self._job.incident)
            self._job.cleanup.close()
        for child, _ in self._notifying:
            child.stop()
        for follower in self.logs:
            follower.close()
        with contextlib.suppress(OSError):
            self.archive.close()
        if not (self.settings.once and self.reports):
            for incident in left:
                self.say(claim("watch-left", connection=incident.connection, ring=str(self.ring.folder)))


def _of_error(record: Record, error: LogError, follower: LogFollower, now_ns: int) -> Incident:
    return Incident(now_ns, error.local, error.remote, record, error, str(follower.path))


def _told_of(outcome: Outcome, job: _Job, time: Second, folder: str) -> Claim:
    connection = " -> ".join(outcome.ends) if outcome.ends else job.incident.connection
    verdict = outcome.verdict
    if outcome.failure:
        return claim("watch-no-report", time=time, connection=connection, why=outcome.failure, folder=folder)
    if job.report.child is None:
        return claim("watch-no-frames", time=time, connection=connection, folder=folder)
    if outcome.fits > 1:
        several, reports = outcome.fits, outcome.reports
        return claim("watch-several", time=time, connection=connection, count=several, reports=reports, folder=folder)
    if outcome.match is None or outcome.match in BY_ENDS:
        return claim("watch-report", time=time, connection=connection, verdict=verdict, folder=folder)
    match = outcome.match.said
    return claim("watch-inferred", time=time, connection=connection, match=match, verdict=verdict, folder=folder)
