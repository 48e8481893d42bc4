"""The private folder of one run: removed when the run ends, and by the next run when it was killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Not that of releases which held no lock, nor of other files. Hidden, since it may stand beside a bundle.
PREFIX = ".pyreport-run-"
# Whoever wrote into the folder may take a moment to end after the process that waited for it.
_TRIES, _PAUSE_S = 20, 0.05


@contextmanager
def private_folder(place: Path | None = None) -> Iterator[Path]:
    """A new folder that only this user can enter, removed with all that is in it: in this place, else in that for
    temporary files. Folders of runs that were killed are removed first: a run holds a lock on its own (flock(2)), which
    ends with it.

    Raises OSError when no folder can be made.
    """
    place = place or Path(tempfile.gettempdir())
    sweep(place)
    folder, lock = _locked_folder(place)
    try:
        yield folder
    finally:
        remove(folder)
        os.close(lock)


def sweep(place: Path) -> None:
    """Remove this user's private folders that no run holds."""
    with contextlib.suppress(OSError):
        for folder in place.glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError):
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
                try:
                    if os.fstat(lock).st_uid == os.geteuid():
                        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        remove(folder)
                finally:
                    os.close(lock)


def _locked_folder(place: Path) -> tuple[Path, int]:
    """A new folder, and the descriptor that holds its lock. Somebody may sweep it before it is locked."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        with contextlib.suppress(OSError):  # a file system without locks: no run sweeps there either
            fcntl.flock(lock, fcntl.LOCK_EX)
        if os.fstat(lock).st_nlink:
            return folder, lock
        os.close(lock)


def remove(folder: Path) -> None:
    """Remove a folder, whatever modes the folders in it were given. Follows no link. What is left in the end stays."""
    for _ in range(_TRIES):
        _open_all(folder)
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_PAUSE_S)


def _open_all(folder: Path) -> None:
    """Let this user into each folder, unless it is root, who needs no mode for that."""
    if os.geteuid() == 0:
        return
    pending = [folder]
    while pending:
        each = pending.pop()
        with contextlib.suppress(OSError):
            if stat.S_ISDIR(each.lstat().st_mode):
                each.chmod(0o700)
                pending += each.iterdir()
