"""The files of a bundle from strangers, as they can be read safely: nothing is unpacked, and nothing is followed."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from msgspec import Struct

from pyreport.base.errors import InputError
from pyreport.bundle.manifest import LONGEST

MOST_FILES = 1000
# Of a ZIP file (APPNOTE.TXT 4.3.7, 4.3.12, 4.4.4): fixed part of a local header, longest data descriptor, flags.
LOCAL_HEADER, LONGEST_DESCRIPTOR = 30, 24
ENCRYPTED, HAS_DESCRIPTOR = 0x1, 0x8
#: What reading an archive may raise.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError)


class Unpacked(Struct, frozen=True):
    """A file of a bundle: its length in bytes as it is told, and how to read it."""

    size: int
    open: Callable[[], IO[bytes]]


@contextmanager
def open_bundle(path: Path) -> Iterator[dict[str, Unpacked]]:
    """The files of a bundle by name, for the time of the ``with`` block.

    Raises InputError when it is none or is made to do harm: names that lead elsewhere, links, two files of one name,
    files that overlap or are longer than any bundle.
    """
    if path.is_dir():
        yield _of_folder(path)
        return
    if path.exists() and not path.is_file():
        raise InputError(f"{path} is no file: name a bundle, an archive or a folder.")
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            yield _of_archive(archive, file, path)
    except BROKEN as error:
        raise InputError(f"{path} is no whole ZIP archive ({error}): ask for the bundle again.") from error
    except FileNotFoundError:
        raise InputError(f"There is no file {path}: check the path.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): copy it to a local disk.") from error


def _of_folder(folder: Path) -> dict[str, Unpacked]:
    found: dict[str, Unpacked] = {}
    for path in sorted(folder.iterdir()):
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no plain file"
            raise InputError(f"{folder} holds {path.name}, which is {kind}: a bundle is one folder of files.")
        found[path.name] = Unpacked(status.st_size, lambda path=path: path.open("rb"))  # type: ignore[misc]
        _check_amount(folder, found)
    return found


def _of_archive(archive: zipfile.ZipFile, file: IO[bytes], path: Path) -> dict[str, Unpacked]:
    found: dict[str, Unpacked] = {}
    entries = archive.infolist()
    for entry in entries:
        _check_entry(entry, path)
        if entry.filename in found:
            raise InputError(f"{path} holds two files named {entry.filename}: it is not looked at.")
        found[entry.filename] = Unpacked(entry.file_size, lambda entry=entry: archive.open(entry))  # type: ignore[misc]
        _check_amount(path, found)
    _check_places(archive, entries, file, path)
    return found


def _check_entry(entry: zipfile.ZipInfo, path: Path) -> None:
    name = entry.filename
    leads_away = name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")
    # What stands behind a NUL is cut off by zipfile; the two names would differ from program to program.
    if leads_away or not name or name != entry.orig_filename or not name.isprintable():
        raise InputError(f"{path} holds a file whose name leads out of the bundle ({name!r}): it is not looked at.")
    if name.endswith("/") or stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise InputError(f"{path} holds {name!r}, which is a folder or a link: a bundle has plain files only.")
    if entry.flag_bits & ENCRYPTED:
        raise InputError(f"{path} holds {name!r}, which is encrypted: unpack it with its password first.")


def _check_amount(path: Path, found: dict[str, Unpacked]) -> None:
    if len(found) > MOST_FILES or sum(file.size for file in found.values()) > LONGEST:
        raise InputError(
            f"{path} holds more than {MOST_FILES} files or {LONGEST >> 30} GiB, which no bundle has: it is not looked "
            "at."
        )


def _check_places(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], file: IO[bytes], path: Path) -> None:
    """Each file stands right after the one before: no two share bytes (as in a bomb), and nothing stands between."""
    at = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        slack = entry.header_offset - at
        if not 0 <= slack <= LONGEST_DESCRIPTOR:
            raise InputError(f"{path} has files that overlap, or data between them: it is not looked at.")
        file.seek(entry.header_offset)
        name_length, extra_length = struct.unpack_from("<HH", file.read(LOCAL_HEADER), 26)
        at = entry.header_offset + LOCAL_HEADER + name_length + extra_length + entry.compress_size
        if slack and not entry.flag_bits & HAS_DESCRIPTOR:
            raise InputError(f"{path} has data between its files: it is not looked at.")
    if not 0 <= archive.start_dir - at <= LONGEST_DESCRIPTOR or archive.comment:
        raise InputError(f"{path} has data beside its files: it is not looked at.")
