"""Files that the user asked for: checked before the work starts, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyreport.base.errors import InputError, UsageError
from pyreport.base.whole_file import STDOUT, is_stream, open_whole


def check_outputs(outputs: Sequence[Path], *captures: Path) -> None:
    """Raise InputError when one of the files could not be written in the end or is one of the captures, UsageError
    when two of them are the same file.
    """
    for path in outputs:
        check_writable(path, None)
        for capture in captures:
            _check_is_not(path, capture, "capture")
    if len({os.path.realpath(path) for path in outputs}) < len(outputs):
        raise UsageError("Two outputs have the same file name: give each its own.")


def check_writable(path: Path, source: Path | None, kind: str = "capture") -> None:
    """Raise InputError when the file could not be written in the end, or is what is read."""
    if path.is_dir():
        raise InputError(f"{path} is a folder: name a file in it.")
    if path == STDOUT:
        return
    if is_stream(path):
        if not os.access(path, os.W_OK):
            raise InputError(f"{path} cannot be written: name another file for the output.")
        return
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise InputError(f"{path} is a link that leads back to itself: name another file for the output.")
    folder = target.parent
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder} to write {path.name} to: make it first.")
    if source is not None:
        _check_is_not(path, source, kind)
    try:
        # The output is written beside its place first, so the folder must take a new file.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}): choose another folder with -o.") from error
    if path.exists() and not os.access(path, os.W_OK):
        raise InputError(f"{path} exists and may not be overwritten: choose another name with -o.")


def _check_is_not(path: Path, source: Path, kind: str) -> None:
    if not is_stream(path) and path.exists() and path.samefile(source):
        raise InputError(f"{path} is the {kind} itself: name another file for the output.")


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all. Raises InputError when it cannot be written, BrokenPipeError when nobody
    reads what is no file.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file as write_text() does."""
    write_parts(path, (content,))


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file as write_text() does, part by part, so that it may be larger than memory. What ``parts`` raises goes
    through, and the file is as it was.
    """
    try:
        with open_whole(path) as file:
            file.writelines(parts)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}): choose another folder.") from error
