"""The capture: one file, or several that are read as one in order of time. Whether they can be used, and what they are.

Each file is opened once, here, and stays open: whoever reads it gets the descriptor, so a file that is replaced
meanwhile, or that only this user may read, makes no difference.
"""

from __future__ import annotations

import errno
import os
import resource
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError, UsageError
from pyreport.capture.limits import NO_LIMITS, Limits
from pyreport.capture.records import first_time, is_plain
from pyreport.capture.sums import Sums, whole
from pyreport.capture.unpacked import check_unpacked

# First bytes of the files that tshark reads and that hold TCP. tshark itself is no judge of this: it also "reads"
# programs, pictures and empty files.
MAGIC_BYTES = (
    b"\x0a\x0d\x0d\x0a",  # pcapng
    b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4",  # pcap, microseconds
    b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d",  # pcap, nanoseconds
    b"\x34\xcd\xb2\xa1", b"\xa1\xb2\xcd\x34",  # pcap of patched libpcaps
    b"snoop\0\0\0", b"iptrace 1.0", b"iptrace 2.0", b"TRSNIFF data", b"XCP\0", b"RTSS", b"GMBU",
    b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18",  # compressed: gzip, zstd, lz4
)  # fmt: skip
MAGIC_LENGTH = max(map(len, MAGIC_BYTES))

#: The name of standard input.
STDIN = "-"

# Descriptors that the program needs besides those of the capture's files.
_OTHER_DESCRIPTORS = 64


class Held:
    """An open descriptor, closed when nobody holds it any more."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __del__(self, close: Callable[[int], None] = os.close) -> None:
        close(self.descriptor)


class CaptureFile(Struct, frozen=True):
    """A file of a capture that was checked, held open.

    ``path`` is absolute, ``shown_path`` as the user gave it, ``size`` what it had when it was opened, in bytes.
    ``first_time_ns`` is the time of its first packet (since the epoch); None when it has none, and when it is neither
    pcap nor pcapng (``is_plain``).
    """

    path: Path
    shown_path: str
    size: int
    held: Held | None = None
    is_plain: bool = True
    first_time_ns: int | None = None

    @property
    def descriptor(self) -> int:
        """The open descriptor."""
        assert self.held is not None
        return self.held.descriptor

    def changes(self) -> Iterator[Claim]:
        """What became of the file since it was opened, if it is not as it was then."""
        if self.held is None:
            return
        now = os.fstat(self.descriptor)
        try:
            there = self.path.stat()
            is_same = (there.st_dev, there.st_ino) == (now.st_dev, now.st_ino)
        except OSError:
            is_same = False
        if not is_same:
            yield claim("capture-replaced", file=self.shown_path)
        if now.st_size > self.size:
            yield claim("capture-grew", file=self.shown_path, bytes=self.size, more=now.st_size - self.size)
        elif now.st_size < self.size:
            yield claim("capture-shrank", file=self.shown_path, bytes=self.size, left=now.st_size)


class Capture(Struct, frozen=True):
    """One capture: its files in the order of their first packets, what the user called it, their SHA-256, and which
    part of it is judged.
    """

    files: tuple[CaptureFile, ...]
    shown_path: str
    sums: Sums
    limits: Limits = NO_LIMITS

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def sha256(self) -> str:
        """In hexadecimal, of the file or (see sums.whole) of several. Waits until it is worked out.

        Raises InputError when a file cannot be read any more.
        """
        try:
            return whole(self.sums.all())
        except OSError as error:
            raise InputError(
                f"{self.shown_path} cannot be read on ({error.strerror}): copy it to a local disk and try again."
            ) from error

    @property
    def first_time_ns(self) -> int | None:
        """The time of the first packet (ns since the epoch); None when that is not known before the capture is read."""
        return self.files[0].first_time_ns

    @property
    def name_in_commands(self) -> str:
        """What a user opens in Wireshark: the file, or the one that join_command makes of several."""
        return self.shown_path if self.is_one_file else f"{Path(self.files[0].shown_path).stem}-joined.pcapng"

    @property
    def is_one_file(self) -> bool:
        """Whether frames have the numbers that Wireshark shows for the file."""
        return len(self.files) == 1


class Asked(Struct, frozen=True):
    """What the user named: the files that were found, and whether standard input is one of them and still to come."""

    files: tuple[CaptureFile, ...]
    shown_path: str
    has_stdin: bool = False

    def capture(self, received: CaptureFile | None = None) -> Capture:
        """The capture, with what came from standard input. Raises InputError when its files cannot be one capture."""
        files = self.files if received is None else (*self.files, received)
        if len(files) > 1:
            for file in files:
                if not file.is_plain:
                    raise InputError(
                        f"{file.shown_path} is neither a pcap nor a pcapng file, so it cannot be read together with "
                        "others: convert it first (gunzip, editcap), or name it alone."
                    )
            files = tuple(sorted(files, key=lambda file: (file.first_time_ns is None, file.first_time_ns or 0)))
        return Capture(files, self.shown_path, Sums(files))


def open_capture(*shown_paths: str) -> Capture:
    """The capture in these files and folders. Raises what find_captures raises."""
    return find_captures(shown_paths).capture()


def find_captures(shown_paths: Sequence[str]) -> Asked:
    """Open what the user named: files, folders whose files are captures, "-" for standard input.

    Raises InputError, with what to do, when one of them cannot be a capture, UsageError when standard input is named
    twice.
    """
    if shown_paths.count(STDIN) > 1:
        raise UsageError("Standard input (-) can be read only once: name it once.")
    found: dict[tuple[int, int], CaptureFile] = {}
    for file in _opened(path for path in shown_paths if path != STDIN):
        status = os.fstat(file.descriptor)
        found.setdefault((status.st_dev, status.st_ino), file)
    shown = shown_paths[0] if len(shown_paths) == 1 else f"{shown_paths[0]} … {shown_paths[-1]}"
    return Asked(tuple(found.values()), shown, STDIN in shown_paths)


def _opened(shown_paths: Iterable[str]) -> Iterator[CaptureFile]:
    for shown_path in shown_paths:
        try:
            is_folder = stat.S_ISDIR(Path(shown_path).stat().st_mode)
        except (OSError, ValueError):
            is_folder = False  # open_file says what is wrong
        if is_folder:
            yield from _captures_in(shown_path)
        else:
            yield open_file(shown_path)


def _captures_in(shown_path: str) -> Iterator[CaptureFile]:
    """The files of a folder that are captures. Others, hidden ones and folders in it are passed over."""
    try:
        paths = sorted(Path(shown_path).iterdir())
    except OSError as error:
        raise InputError(f"The folder {shown_path} cannot be read ({error.strerror}): check its mode.") from error
    is_none = True
    for path in paths:
        if not path.name.startswith(".") and path.is_file() and _start_of(path).startswith(MAGIC_BYTES):
            is_none = False
            yield open_file(str(path))
    if is_none:
        raise InputError(f"There is no capture in the folder {shown_path}: name one with pcap or pcapng files in it.")


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAGIC_LENGTH)
    except OSError:
        return MAGIC_BYTES[0]  # open_file says what is wrong


def open_file(shown_path: str) -> CaptureFile:
    """Open a file and check that it can be a capture. Raises InputError, with what to do, when it cannot."""
    path = Path(shown_path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{shown_path} is a folder: name one capture file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(
                f"{shown_path} is not a regular file, and a capture is read twice: save it to a file first, or give it "
                "as standard input (-)."
            )
        return checked(path.absolute(), shown_path, hold(path))
    except FileNotFoundError:
        raise InputError(f"There is no file {shown_path}: check the path.") from None
    except PermissionError:
        raise InputError(
            f"{shown_path} may not be read by this user: change its mode, or run pyreport as its owner."
        ) from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.EMFILE:
            raise InputError(
                "So many files cannot be open at once: allow more (ulimit -n), or put them together with mergecap."
            ) from error
        raise InputError(f"{shown_path} cannot be read ({error}): copy it to a local disk and try again.") from error


def hold(path: Path) -> Held:
    """Open a file. Where the system's soft limit is reached, it is raised (setrlimit(2)): a ring has many files.

    Raises OSError.
    """
    try:
        return _hold(path)
    except OSError as error:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if error.errno != errno.EMFILE or soft == hard:
            raise
    wanted = soft * 4 + _OTHER_DESCRIPTORS
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))
    return _hold(path)


def _hold(path: Path) -> Held:
    with path.open("rb", buffering=0) as file:
        return Held(os.dup(file.fileno()))


def checked(path: Path, shown_path: str, held: Held) -> CaptureFile:
    """An open file as one of a capture. Raises InputError when it is none, OSError when it cannot be read."""
    descriptor = held.descriptor
    size = os.fstat(descriptor).st_size
    start = os.pread(descriptor, MAGIC_LENGTH, 0)
    if not start:
        raise InputError(f"{shown_path} is empty: nothing was captured, or the copy failed.")
    if not start.startswith(MAGIC_BYTES):
        raise InputError(f"{shown_path} is not a capture file: give a pcap or pcapng file (editcap converts others).")
    plain = is_plain(start)
    if not plain:
        check_unpacked(descriptor, size, shown_path)
    return CaptureFile(path, shown_path, size, held, plain, first_time(descriptor, size) if plain else None)
