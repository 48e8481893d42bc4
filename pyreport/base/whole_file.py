"""Files that are written whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Put the content at a path in one step; on failure the path is as it was and nothing is left beside it.

    A symbolic link stays one, an old file's mode is kept, a new file has the mode of any new file. Raises OSError.
    """
    target = path.resolve()
    temporary = target.with_name(f".pyreport-{secrets.token_hex(8)}")
    with temporary.open("xb") as file:
        try:
            file.write(content)
            file.flush()
            if target.exists():
                shutil.copymode(target, temporary)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
