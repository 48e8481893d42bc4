"""What is installed: the plugin's folder and the profile's, as lists of files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from pyreport.capture import resources

#: The plugin's folder among Wireshark's Lua plugins.
PLUGIN_NAME = "keepalive"
#: What Wireshark itself writes into a profile when its window closes (sizes, widths): no change that a user made.
WRITTEN_BY_WIRESHARK = frozenset({"recent"})


class Part(Struct, frozen=True):
    """One folder to install: its name, and its files by name."""

    name: str
    files: Mapping[str, bytes]


def plugin_part(source: Path | None = None) -> Part:
    """The plugin: Lua files only, since Wireshark needs no other."""
    return Part(PLUGIN_NAME, _files(source or resources.plugin_folder(), "*.lua"))


def profile_part(source: Path | None = None) -> Part:
    """The profile."""
    return Part(resources.PROFILE_NAME, _files(source or resources.profile_folder(), "*"))


def _files(folder: Path, pattern: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob(pattern)) if path.is_file()}
