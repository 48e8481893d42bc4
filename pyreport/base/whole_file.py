"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# Names in these folders stand for devices and open descriptors (/dev/stdout, /proc/self/fd/1).
NOT_FILES = (Path("/dev"), Path("/proc"))
# Whether a file may be made without a name and be given one later.
_CAN_BE_NAMED = hasattr(os, "O_TMPFILE") and Path("/proc/self/fd").is_dir()
#: Standard output, as the name of a file.
STDOUT = Path("-")


def is_stream(path: Path) -> bool:
    """Whether a path is "-", a device, a FIFO, a socket or an open descriptor: it is written to and never replaced."""
    folder = path.parent.resolve()
    return (
        path == STDOUT
        or any(folder.is_relative_to(place) for place in NOT_FILES)
        or (path.exists() and not path.is_file())
    )


def write_whole(path: Path, content: bytes) -> None:
    """Put the content at a path in one step; on failure the path is as it was and nothing is left beside it.

    A symbolic link stays one, an old file's mode is kept, a new file has the mode of any new file. What is no file
    (see is_stream) gets the content written to it. Raises OSError.
    """
    with open_whole(path) as file:
        file.write(content)


@contextmanager
def open_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to that is at the path when the ``with`` block has ended, as write_whole() says."""
    if path == STDOUT:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if is_stream(path):
        with path.open("wb") as stream:
            yield stream
        return
    target = path.resolve()
    temporary = target.with_name(f".pyreport-{secrets.token_hex(8)}")
    file, has_name = _new_file(temporary)
    with file:
        try:
            yield file
            file.flush()
            if target.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
            if not has_name:
                _name(file.fileno(), temporary)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _new_file(path: Path) -> tuple[IO[bytes], bool]:
    """A new file, and whether it has this name already. Linux lets it have none until it is whole (O_TMPFILE in
    open(2)), so nothing of it stays when this program is killed. Not every file system can do that.
    """
    if _CAN_BE_NAMED:
        with contextlib.suppress(OSError):
            return os.fdopen(os.open(path.parent, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o666), "wb"), False
    return path.open("xb"), True


def _name(descriptor: int, path: Path) -> None:
    """Give a file without a name this one: by AT_SYMLINK_FOLLOW of linkat(2), which Python uses where it is given a
    folder's descriptor.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.link(f"/proc/self/fd/{descriptor}", path.name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        os.close(folder)
