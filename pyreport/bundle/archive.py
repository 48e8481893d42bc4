"""A folder of finished files as a bundle: a ZIP archive or a folder, whole or not at all."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from pyreport.base.units import NS_PER_S
from pyreport.base.whole_file import open_whole

PIECE = 1 << 20
# Of a ZIP entry: made on Unix, a plain file that all may read.
UNIX, PLAIN_FILE = 3, 0o100644 << 16
EARLIEST, LATEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2107, 12, 31, tzinfo=UTC)


def is_archive(path: Path) -> bool:
    """Whether a bundle at this path is an archive, not a folder."""
    return path.suffix.lower() == ".zip"


def pack(folder: Path, target: Path, made_ns: int) -> None:
    """Write the files of a folder as a ZIP archive; the same files and time give the same bytes. Raises OSError."""
    made = min(max(datetime.fromtimestamp(made_ns // NS_PER_S, UTC), EARLIEST), LATEST)
    with open_whole(target) as file, zipfile.ZipFile(file, "w") as archive:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(path.name, made.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = UNIX, PLAIN_FILE
            entry.file_size = path.stat().st_size  # so that a long one gets its ZIP64 header
            with path.open("rb") as reader, archive.open(entry, "w") as writer:
                shutil.copyfileobj(reader, writer, PIECE)


def move(folder: Path, target: Path) -> None:
    """Put a folder of files in its place, which is on the same file system and empty or not there. Raises OSError."""
    folder.chmod(0o755)
    folder.replace(target)
