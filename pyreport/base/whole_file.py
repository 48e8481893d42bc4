"""Files that are written whole or not at all."""

from __future__ import annotations

import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# Names in these folders stand for devices and open descriptors (/dev/stdout, /proc/self/fd/1).
NOT_FILES = (Path("/dev"), Path("/proc"))
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
    with temporary.open("xb") as file:
        try:
            yield file
            file.flush()
            if target.exists():
                shutil.copymode(target, temporary)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
