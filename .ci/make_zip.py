"""Write the archive for people without Python: the plugin, the profile, and how to put them into place.

Usage: .ci/make_zip.py FOLDER. The same files give the same bytes.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from pyreport import __version__
from pyreport.desk.parts import plugin_part, profile_part

README = Path(__file__).with_name("zip-readme.txt")
# The earliest time that a zip file can tell: that of the build is of no use to anybody.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def contents() -> dict[str, bytes]:
    """The files of the archive by their names in it. The two folders differ in more than their case."""
    top = f"keepalive-{__version__}"
    plugin, profile = plugin_part(), profile_part()
    readme = README.read_text(encoding="utf-8").replace("VERSION", __version__)
    files = {f"{top}/README.txt": readme.encode()}
    files |= {f"{top}/plugins/{plugin.name}/{name}": content for name, content in plugin.files.items()}
    files |= {f"{top}/profiles/{profile.name}/{name}": content for name, content in profile.files.items()}
    return files


def write_zip(folder: Path) -> Path:
    """Write the archive into a folder, which is made where it is missing; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"keepalive-{__version__}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents().items():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return path


if __name__ == "__main__":
    print(write_zip(Path(sys.argv[1])))  # noqa: T201
