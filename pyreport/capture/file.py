"""The capture file: whether it can be used, and what identifies it."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from pyreport.base.errors import InputError

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


@dataclass(frozen=True, slots=True)
class CaptureFile:
    """A capture that ``open_capture`` has checked.

    ``path`` is absolute, ``shown_path`` as the user gave it, ``size`` in bytes, ``sha256`` in hexadecimal.
    """

    path: Path
    shown_path: str
    size: int
    sha256: str


def open_capture(shown_path: str) -> CaptureFile:
    """Check that the file can be a capture, and take its size (bytes) and SHA-256.

    Raises InputError, with what to do, when it cannot.
    """
    if shown_path == "-":
        raise InputError(
            "The capture cannot be read from a pipe, since tshark reads it twice: save it to a file first."
        )
    path = Path(shown_path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{shown_path} is a folder: name one capture file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{shown_path} is not a regular file, and tshark reads it twice: save it to a file first.")
        with path.open("rb") as file:
            start = file.read(max(map(len, MAGIC_BYTES)))
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise InputError(f"There is no file {shown_path}: check the path.") from None
    except PermissionError:
        raise InputError(
            f"{shown_path} may not be read by this user: change its mode, or run pyreport as its owner."
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{shown_path} cannot be read ({error}): copy it to a local disk and try again.") from error
    if not start:
        raise InputError(f"{shown_path} is empty: nothing was captured, or the copy failed.")
    if not start.startswith(MAGIC_BYTES):
        raise InputError(f"{shown_path} is not a capture file: give a pcap or pcapng file (editcap converts others).")
    return CaptureFile(path.absolute(), shown_path, status.st_size, digest)
