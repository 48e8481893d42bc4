"""A bundle held against its manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from pyreport.base.errors import InputError
from pyreport.bundle.manifest import LONGEST_MANIFEST, MANIFEST, PIECE, FileEntry, Manifest, load
from pyreport.bundle.unpacked import Unpacked, open_bundle


class State(StrEnum):
    """How a file of a bundle stands to the manifest."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"


class Checked(Struct, frozen=True):
    """A bundle that was looked at: its manifest with its SHA-256, and each file by name."""

    manifest: Manifest
    manifest_sha256: str
    files: tuple[tuple[str, State], ...]

    @property
    def differ(self) -> int:
        """How many files are not as the manifest says."""
        return sum(state is not State.SAME for _, state in self.files)


def check_bundle(path: Path) -> Checked:
    """Hold the files of a bundle, an archive or a folder, against its manifest.

    Raises InputError when it is no bundle, or one that is made to do harm.
    """
    with open_bundle(path) as found:
        own = found.pop(MANIFEST, None)
        if own is None:
            raise InputError(f"There is no {MANIFEST} in {path}: it is no bundle of pyreport's.")
        if own.size > LONGEST_MANIFEST:
            raise InputError(f"The manifest of {path} is longer than any that pyreport writes: it is not looked at.")
        with own.open() as file:
            manifest = load(file, str(path))
        return Checked(manifest, _digest(own), tuple(_states(manifest, found)))


def _states(manifest: Manifest, found: dict[str, Unpacked]) -> Iterator[tuple[str, State]]:
    for entry in manifest.files:
        file = found.pop(entry.name, None)
        if file is None:
            yield entry.name, State.MISSING
        else:
            yield entry.name, State.SAME if _is_same(entry, file) else State.CHANGED
    for name in found:
        yield name, State.ADDED


def _is_same(entry: FileEntry, file: Unpacked) -> bool:
    return file.size == entry.bytes and _digest(file) == entry.sha256


def _digest(file: Unpacked) -> str:
    """The SHA-256 of a file, "" when it is longer than it says."""
    digest, count = hashlib.sha256(), 0
    with file.open() as reader:
        while piece := reader.read(PIECE):
            count += len(piece)
            if count > file.size:
                return ""
            digest.update(piece)
    return digest.hexdigest()
