"""The note that an installation leaves in each of its folders: what was put there, to be replaced or removed later."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

NAME = "installed.json"


class Manifest(msgspec.Struct, frozen=True):
    """``version`` of what is installed; ``files`` has the SHA-256 of each file as it was put there (several while an
    update goes on); ``made`` are the folders that had to be made, the outermost first; ``set_aside`` are files of the
    user that stood in the way, by their names now and before; ``program`` is the pyreport that did it. The note is not
    complete while an installation goes on, or after one that was interrupted.
    """

    version: str
    files: dict[str, tuple[str, ...]]
    made: tuple[str, ...] = ()
    set_aside: dict[str, str] = {}
    program: str = ""
    is_complete: bool = True

    def is_ours(self, folder: Path, name: str) -> bool:
        """Whether a file is still what was put there."""
        return digest_of(folder / name) in self.files.get(name, ())


def read_manifest(folder: Path) -> Manifest | None:
    """The note in a folder; None when there is none that can be read."""
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def encode(manifest: Manifest) -> bytes:
    """The note as a file."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def digest(content: bytes) -> str:
    """The SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, "" when it cannot be read."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""
