"""The manifest of a bundle: what is in it, with hashes, and what it was made of, with which versions and commands."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import msgspec
from msgspec import Meta, Struct

from pyreport.base.errors import InputError
from pyreport.base.json_text import document

MANIFEST = "manifest.json"
FORMAT = 1
#: Commands may hold a log line, and a log line may be long.
LONGEST_MANIFEST = 16 << 20
PIECE = 1 << 20
#: No bundle is longer, in bytes: what an archive from strangers holds is looked at up to here.
LONGEST = 4 << 30
#: What a file of a bundle may be called.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Content(StrEnum):
    """What a file of a bundle is."""

    REPORT = "report"
    JSON = "json"
    FRAMES = "frames"
    PROBES = "probes"
    FINDINGS = "findings"
    LOG = "log"
    LETTER = "letter"


#: The names of the files.
NAMES: Mapping[Content, str] = {
    Content.REPORT: "report.pdf",
    Content.JSON: "report.json",
    Content.FRAMES: "frames.pcapng",
    Content.PROBES: "probes.csv",
    Content.FINDINGS: "findings.csv",
    Content.LOG: "log.txt",
    Content.LETTER: "letter.txt",
}


class FileEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of the bundle."""

    name: str
    content: Content
    bytes: Annotated[int, Meta(ge=0)]
    sha256: Sha256


class CaptureEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The capture that the bundle was made of. It is not in the bundle."""

    file: str
    bytes: Annotated[int, Meta(ge=0)]
    sha256: Sha256


class ConnectionEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The connection that the report is about; the stream is Wireshark's tcp.stream in the capture."""

    a: str
    b: str
    stream: Annotated[int, Meta(ge=0)]


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The manifest. "made_ns" is in nanoseconds since the epoch, "versions" are of the programs and libraries."""

    format: int
    generator: str
    made_ns: int
    redacted: bool
    capture: CaptureEntry
    connection: ConnectionEntry
    versions: dict[str, str]
    commands: tuple[str, ...]
    files: tuple[FileEntry, ...]


def entry_of(path: Path, content: Content) -> FileEntry:
    """The entry of a file. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileEntry(name=path.name, content=content, bytes=file.tell(), sha256=digest)


def dump(manifest: Manifest) -> bytes:
    """The manifest as text, the same for the same."""
    return document(manifest)


def load(file: IO[bytes], shown_path: str) -> Manifest:
    """The manifest of a bundle from strangers. Raises InputError when it is none."""
    text = file.read(LONGEST_MANIFEST + 1)
    if len(text) > LONGEST_MANIFEST:
        raise InputError(f"The manifest of {shown_path} is longer than any that pyreport writes: it is not looked at.")
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"The {MANIFEST} of {shown_path} is none of pyreport's ({error}): ask for the bundle again."
        ) from error
    if manifest.format != FORMAT:
        raise InputError(
            f"The manifest of {shown_path} has the format {manifest.format}, and this pyreport reads {FORMAT}: "
            "use the version that wrote it."
        )
    names = [entry.name for entry in manifest.files]
    if len(set(names)) < len(names) or MANIFEST in names or not all(map(NAME.fullmatch, names)):
        raise InputError(f"The manifest of {shown_path} names files that no bundle has: ask for the bundle again.")
    return manifest
