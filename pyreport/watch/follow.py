"""Follows a log that is being written, through rotation, by looking at it again and again.

Not by inotify: a look works the same on network file systems, in containers, and for files that are not there yet.
"""

from __future__ import annotations

import os
import select
import sys
from collections import deque
from pathlib import Path

from msgspec import Struct, field

from pyreport.base.errors import InputError
from pyreport.base.units import NS_PER_S
from pyreport.logs.logfile import STDIN, TroubleFinder
from pyreport.logs.records import Record

# A record may go on in the next line; after this silence it is taken as whole.
QUIET_NS = NS_PER_S
# A program may write to the file that was renamed until it opens the new one (logrotate's postrotate).
LINGER_NS = 30 * NS_PER_S
# So much is read of a file at one look: a look at a flood of errors takes less than a second.
_BLOCK = 1 << 18
# The last bytes that were read: where they have changed, the file was cut and written anew (copytruncate).
_FINGERPRINT = 64
# What is kept of the log's last lines, to show them beside an error, in bytes.
_RECENT = 1 << 14


class _Source(Struct):
    """One open file and the reading of it."""

    descriptor: int
    offset: int = 0
    last: bytes = b""
    finder: TroubleFinder = field(default_factory=TroubleFinder)
    heard_ns: int | None = None  # when something came that is not settled yet
    until_ns: int | None = None  # a renamed file is followed until then

    @property
    def identity(self) -> tuple[int, int]:
        status = os.fstat(self.descriptor)
        return status.st_dev, status.st_ino

    def begin_at_end(self) -> None:
        self.offset = os.fstat(self.descriptor).st_size
        begin = max(0, self.offset - _FINGERPRINT)
        self.last = os.pread(self.descriptor, self.offset - begin, begin)

    def read(self) -> bytes:
        """What is new, a block of it at most."""
        if self._was_cut():
            self.offset, self.last = 0, b""
            self.finder = TroubleFinder()
        block = os.pread(self.descriptor, _BLOCK, self.offset)
        self.offset += len(block)
        self.last = (self.last + block[-_FINGERPRINT:])[-_FINGERPRINT:]
        return block

    def _was_cut(self) -> bool:
        if os.fstat(self.descriptor).st_size < self.offset:
            return True
        return os.pread(self.descriptor, len(self.last), self.offset - len(self.last)) != self.last


class _Input(_Source):
    """Standard input."""

    ended: bool = False

    def read(self) -> bytes:
        """What is new, a block of it at most."""
        if self.ended or not self._has_more():
            return b""
        block = os.read(self.descriptor, _BLOCK)
        self.ended = not block
        return block

    def _has_more(self) -> bool:
        # Not select(2), which takes no descriptor above 1023, nor epoll(7), which takes no file.
        poll = select.poll()
        poll.register(self.descriptor, select.POLLIN)
        return bool(poll.poll(0))


class LogFollower:
    """Follows the log at a path ("-": standard input). A file that is there is followed from its end, one that comes
    later from its beginning.
    """

    def __init__(self, path: Path) -> None:
        """Raises InputError when the file is there and cannot be read."""
        self.path = path
        self.is_behind = False  # whether more can be read at once
        self.refused = ""  # why the log that is there cannot be read
        self._sources: list[_Source] = []
        self._recent: deque[bytes] = deque()
        self._recent_size = 0
        if path == STDIN:
            self._sources.append(_Input(sys.stdin.fileno()))
            return
        if path.exists() and not path.is_file():
            raise InputError(f"{path} is not a file that can be followed: name the log file itself, or - for stdin.")
        try:
            self._open()
        except OSError as error:
            raise InputError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
        for source in self._sources:
            source.begin_at_end()

    @property
    def is_there(self) -> bool:
        """Whether there is a file to follow."""
        return bool(self._sources)

    @property
    def has_ended(self) -> bool:
        """Whether nothing more can come: the end of standard input."""
        return any(isinstance(source, _Input) and source.ended for source in self._sources)

    @property
    def recent(self) -> bytes:
        """The last lines of the log, about as much as fits a screen or two."""
        return b"".join(self._recent)[-_RECENT:]

    def poll(self, now_ns: int) -> list[Record]:
        """The records with a word of trouble that are whole by now; their line numbers mean nothing."""
        if self.path != STDIN:
            self._look_for_rotation(now_ns)
        found: list[Record] = []
        self.is_behind = False
        for source in self._sources:
            block = source.read()
            if block:
                source.heard_ns = now_ns
                self._keep(block)
                found += source.finder.feed(block)
                self.is_behind |= len(block) == _BLOCK
            if isinstance(source, _Input) and source.ended:
                found += source.finder.settle()
            elif source.heard_ns is not None and not 0 <= now_ns - source.heard_ns < QUIET_NS:  # or the clock was set
                source.heard_ns = None
                found += source.finder.settle_lines()
        return found

    def close(self) -> None:
        """Close the files."""
        for source in self._sources:
            if not isinstance(source, _Input):
                os.close(source.descriptor)
        self._sources = []

    def _open(self) -> None:
        try:
            self._sources.append(_Source(os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)))
        except FileNotFoundError:
            return

    def _look_for_rotation(self, now_ns: int) -> None:
        for source in [s for s in self._sources if s.until_ns is not None and now_ns > s.until_ns]:
            os.close(source.descriptor)
            self._sources.remove(source)
        try:
            status = self.path.stat()
            if self._sources and self._sources[-1].identity == (status.st_dev, status.st_ino):
                return
            for source in self._sources:
                source.until_ns = source.until_ns or now_ns + LINGER_NS
            self._open()
            self.refused = ""
        except FileNotFoundError:
            return  # the next look may find it
        except OSError as error:
            self.refused = str(error.strerror)

    def _keep(self, block: bytes) -> None:
        self._recent.append(block[-_RECENT:])
        self._recent_size += len(self._recent[-1])
        while self._recent_size - len(self._recent[0]) >= _RECENT:
            self._recent_size -= len(self._recent.popleft())
