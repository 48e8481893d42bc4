"""The folder of the reports: what was written is never touched again, and what is not whole is never seen.

A report is made in a hidden folder beside its place and gets its name when it is whole. What a watch that was killed
left there is removed by the next one.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from pyreport.base.errors import InputError
from pyreport.base.units import NS_PER_S
from pyreport.base.whole_file import write_whole
from pyreport.watch.incident import time_of_folder
from pyreport.watch.ring import FOLDER as RING_FOLDER

UNFINISHED = ".unfinished-"
NOTE = "watch.json"
LOCK = ".lock"
# Below this room on the disk nothing is written: a report, and what the ring needs meanwhile.
RESERVE_BYTES = 16_000_000
SAME_CAUSE_NS = 3600 * NS_PER_S
# So often in a row the evidence of one cause is kept without a report before it is only counted, too.
MOST_FAILED = 3
DAY_NS = 24 * 3600 * NS_PER_S
# The count of a cause is written down this often at most.
_NOTED_EACH_NS = 60 * NS_PER_S


class Told(Struct):
    """A cause that was reported: when it was first seen, the folder of its report, and how often it came again.
    ``failed`` counts reports that could not be made in a row: the capture may not have had the connection yet.
    """

    first_ns: int
    folder: Path
    again: int = 0
    last_ns: int = 0
    noted_ns: int = 0
    failed: int = 0


class Archive(Struct):
    """The reports in ``folder``, at most ``most_bytes`` of them in all and ``most_a_day`` in 24 hours."""

    folder: Path
    most_bytes: int
    most_a_day: int
    _causes: dict[str, Told] = field(default_factory=dict)
    _lock: IO[bytes] | None = None

    def open(self) -> None:
        """Make the folder, keep it from other watches, and read what an earlier one has written. Raises InputError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = (self.folder / LOCK).open("wb")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in self.folder.glob(f"{UNFINISHED}*"):
                shutil.rmtree(left, ignore_errors=True)
            for folder in self._reports():
                self._remember(folder)
        except BlockingIOError:
            self.close()
            raise InputError(f"Another watch writes to {self.folder}: give this one a --dir of its own.") from None
        except OSError as error:
            raise InputError(f"{self.folder} cannot be used ({error.strerror}): choose another --dir.") from error

    def told(self, cause: str, now_ns: int) -> Told | None:
        """The report of the same cause in the last hour; None when there is none, or when it is to be tried again."""
        told = self._causes.get(cause)
        if told is None or now_ns - told.first_ns > SAME_CAUSE_NS or 0 < told.failed < MOST_FAILED:
            return None
        return told

    def count(self, cause: str, told: Told, now_ns: int) -> None:
        """Count a cause that came again."""
        told.again += 1
        told.last_ns = now_ns
        if now_ns - told.noted_ns >= _NOTED_EACH_NS:
            told.noted_ns = now_ns
            self._note(cause, told)

    def forget_old(self, now_ns: int) -> list[Told]:
        """Forget the causes whose hour is over, so that memory is bounded. Returns those that came again."""
        over = [cause for cause, told in self._causes.items() if now_ns - told.first_ns > SAME_CAUSE_NS]
        for cause in over:
            self._note(cause, self._causes[cause])
        return [told for told in map(self._causes.pop, over) if told.again]

    def close(self) -> None:
        """Write down the counts, and let another watch in."""
        for cause, told in self._causes.items():
            self._note(cause, told)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def is_day_full(self, now_ns: int) -> bool:
        """Whether the last 24 hours have as many reports as they may."""
        times = (time_of_folder(folder.name) for folder in self._reports())
        return sum(1 for time_ns in times if time_ns is not None and now_ns - time_ns < DAY_NS) >= self.most_a_day

    @property
    def is_full(self) -> bool:
        """Whether the reports take as much room as they may."""
        return self.size() >= self.most_bytes

    @property
    def is_disk_full(self) -> bool:
        """Whether the disk has too little room for another report."""
        return shutil.disk_usage(self.folder).free < RESERVE_BYTES

    def size(self) -> int:
        """Bytes of all reports."""
        return sum(_size(path) for folder in self._reports() for path in folder.iterdir())

    @contextmanager
    def unfinished(self, name: str) -> Iterator[Path]:
        """A hidden folder for a report, which is removed at the end unless keep() has given it its name."""
        folder = self.folder / f"{UNFINISHED}{name}"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(mode=0o700)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(
        self, unfinished: Path, name: str, cause: str, seen_ns: int, again: int = 0, *, failed: bool = False
    ) -> Path:
        """Give a report its name, and remember its cause, which came ``again`` meanwhile. ``failed``: there is only the
        evidence. Raises OSError.
        """
        before = self._causes.get(cause)
        target = next(path for path in self._names(name) if not path.exists())
        told = Told(seen_ns, target, again, last_ns=seen_ns, noted_ns=seen_ns)
        told.failed = (before.failed if before else 0) + 1 if failed else 0
        write_whole(unfinished / NOTE, _told_json(cause, told))
        unfinished.rename(target)
        self._causes[cause] = told
        return target

    def _names(self, name: str) -> Iterator[Path]:
        yield self.folder / name
        number = 2
        while True:
            yield self.folder / f"{name}_{number}"
            number += 1

    def _reports(self) -> list[Path]:
        return [
            path
            for path in self.folder.iterdir()
            if path.name != RING_FOLDER and time_of_folder(path.name) is not None and path.is_dir()
        ]

    def _remember(self, folder: Path) -> None:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
            told = Told(int(note["first_ns"]), folder, int(note["again"]), int(note["last_ns"]))
            told.failed = int(note["failed"])
            known = self._causes.get(str(note["cause"]))
            if known is None or known.first_ns < told.first_ns:
                self._causes[str(note["cause"])] = told

    def _note(self, cause: str, told: Told) -> None:
        if told.again:
            with contextlib.suppress(OSError):  # the folder may be gone, the disk full: the count is worth no error
                write_whole(told.folder / NOTE, _told_json(cause, told))


def _told_json(cause: str, told: Told) -> bytes:
    names = ("first_ns", "again", "last_ns", "failed")
    note = {"cause": cause, **{name: getattr(told, name) for name in names}}
    return json.dumps(note, indent=2).encode() + b"\n"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
