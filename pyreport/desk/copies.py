"""The copies of the plugin and of the profile that a Wireshark finds in its folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pyreport.capture import resources
from pyreport.desk.manifest import NAME, Manifest, read_manifest
from pyreport.desk.parts import WRITTEN_BY_WIRESHARK, Part
from pyreport.desk.wireshark import Folders

_VERSION = re.compile(r'^local VERSION = "([^"]+)"', re.MULTILINE)


def version_of(plugin: Path) -> str:
    """The version that a plugin's main script names, "" when it names none."""
    try:
        found = _VERSION.search(plugin.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    return found[1] if found else ""


def plugin_copies(folders: Folders) -> tuple[Path, ...]:
    """The main scripts of all copies. Wireshark loads what lies in its folders at any depth, links followed."""
    seen: set[Path] = set()
    return tuple(path for place in (folders.personal_lua, folders.global_lua) for path in _scripts_below(place, seen))


def _scripts_below(place: Path, seen: set[Path]) -> Iterator[Path]:
    """The main scripts in a folder; ``seen`` are the real folders that were looked through."""
    for name, inner, files in os.walk(place, followlinks=True):
        folder = Path(name)
        if folder.resolve() in seen:
            inner.clear()
            continue
        seen.add(folder.resolve())
        inner.sort()
        if resources.PLUGIN_FILE in files:
            yield folder / resources.PLUGIN_FILE


class Copy(Struct, frozen=True):
    """A folder in which the plugin or the profile may lie, against what belongs there."""

    folder: Path
    part: Part
    manifest: Manifest | None

    @property
    def is_there(self) -> bool:
        """Whether the folder exists."""
        return self.folder.is_dir()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of anybody."""
        return not self.is_there or not any(self.folder.iterdir())

    @property
    def changed(self) -> tuple[str, ...]:
        """The files of ours that are not as they were put there (without a note: as they would be now)."""
        return tuple(name for name in self._recorded if name not in WRITTEN_BY_WIRESHARK and not self._as_it_was(name))

    @property
    def strangers(self) -> tuple[str, ...]:
        """What else lies in the folder."""
        known = {*self._recorded, *WRITTEN_BY_WIRESHARK, NAME}
        return tuple(sorted(path.name for path in self.folder.iterdir() if path.name not in known))

    @property
    def has_all_of_the_part(self) -> bool:
        """Whether each file is there as it would be put there now, but for what Wireshark writes itself."""
        return all(
            read(self.folder / name) == content
            for name, content in self.part.files.items()
            if name not in WRITTEN_BY_WIRESHARK
        )

    @property
    def _recorded(self) -> tuple[str, ...]:
        return tuple(self.manifest.files if self.manifest else self.part.files)

    def _as_it_was(self, name: str) -> bool:
        if self.manifest is not None:
            if not self.manifest.is_complete and not os.path.lexists(self.folder / name):
                return True
            return self.manifest.is_ours(self.folder, name)
        return read(self.folder / name) == self.part.files[name]


def copy_in(folder: Path, part: Part) -> Copy:
    """What lies in this folder."""
    return Copy(folder, part, read_manifest(folder))


def installed_profiles(profiles: Path, part: Part) -> tuple[Copy, ...]:
    """The profiles that an installation made: the one of that name, and those put beside a changed one."""
    names = sorted(path for path in profiles.glob(f"{part.name}*") if path.is_dir())
    return tuple(copy for copy in (copy_in(path, part) for path in names) if copy.manifest is not None)


def read(path: Path) -> bytes | None:
    """The content of a file, None when there is none that can be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None
