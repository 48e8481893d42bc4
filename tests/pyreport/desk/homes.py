"""A user's folders, as Wireshark names them, with things of the user's in them; and what they hold, byte for byte."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pyreport.desk.parts import Part, plugin_part, profile_part
from pyreport.desk.wireshark import Folders

PLUGIN, PROFILE = plugin_part(), profile_part()

Snapshot = dict[str, tuple[int, int, bytes]]


def folders_in(home: Path) -> Folders:
    """The folders of Wireshark on Linux, those for all users as well."""
    return Folders(
        personal_configuration=home / ".config" / "wireshark",
        global_configuration=home / "usr" / "share" / "wireshark",
        personal_lua=home / ".local" / "lib" / "wireshark" / "plugins",
        global_lua=home / "usr" / "lib" / "wireshark" / "plugins",
    )


def furnish(home: Path) -> None:
    """A home that was used: global preferences, other profiles and plugins, a plugin in a folder of its own."""
    for name, text in {
        ".config/wireshark/preferences": "gui.fileopen.dir: /captures\n",
        ".config/wireshark/recent_common": "gui.geometry_main_x: 20\n",
        ".config/wireshark/profiles/Mine/colorfilters": "@Mine@tcp@[0,0,0][65535,65535,65535]\n",
        ".config/wireshark/profiles/Mine/preferences": "tcp.analyze_sequence_numbers: FALSE\n",
        ".local/lib/wireshark/plugins/other.lua": "-- another plugin\n",
        ".local/lib/wireshark/plugins/more/more.lua": "-- and one more\n",
        "usr/share/wireshark/profiles/Site/preferences": "# of all users\n",
        "usr/lib/wireshark/plugins/site.lua": "-- of all users\n",
    }.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (home / ".config/wireshark/preferences").chmod(0o600)
    (home / ".config/wireshark/profiles/Empty").mkdir()


def snapshot(home: Path) -> Snapshot:
    """Each file, folder and link below a folder: its mode, the time of the last change of a file, its content."""
    seen: Snapshot = {}
    for path in sorted(home.rglob("*")):
        status = path.lstat()
        target = os.fsencode(path.readlink()) if path.is_symlink() else b""
        content = path.read_bytes() if path.is_file() and not target else target
        seen[str(path.relative_to(home))] = (status.st_mode, 0 if path.is_dir() else status.st_mtime_ns, content)
    return seen


@dataclass(frozen=True, slots=True)
class Release:
    """The parts of a made-up later release: a changed file, a new one, and one that is gone."""

    plugin: Part
    profile: Part
    version: str = "9.9.9"


def later_release() -> Release:
    """One whose plugin and profile differ from those of this checkout."""
    plugin = {name: content for name, content in PLUGIN.files.items() if name != "keepalive_tls.lua"}
    plugin |= {"keepalive_new.lua": b"return {}\n", "keepalive.lua": PLUGIN.files["keepalive.lua"] + b"-- later\n"}
    profile = {**PROFILE.files, "colorfilters": PROFILE.files["colorfilters"] + b"# later\n"}
    return Release(Part(PLUGIN.name, plugin), Part(PROFILE.name, profile))
