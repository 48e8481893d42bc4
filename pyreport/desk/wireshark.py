"""The user's own Wireshark: which programs there are, their versions, and the folders that they read.

The folders are what tshark itself says (``-G folders``; Wireshark's window has no such option): they differ between
systems, packages and versions, and by variables of the environment.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from pyreport.base.errors import ToolError
from pyreport.capture.tshark import LOCATION_VARIABLE
from pyreport.desk.programs import ask

# The plugin needs functions of Lua that came with this version; since the second, no Lua script is loaded for root.
OLDEST_FOR_PLUGIN = (4, 0)
NO_LUA_FOR_ROOT = (4, 4)
# Where Wireshark for macOS keeps its programs, which are not in PATH (its own installer says so).
MACOS_PROGRAMS = Path("/Applications/Wireshark.app/Contents/MacOS")

NAMES = {
    "personal_configuration": "Personal configuration",
    "global_configuration": "Global configuration",
    "personal_lua": "Personal Lua Plugins",
    "global_lua": "Global Lua Plugins",
}


class Folders(Struct, frozen=True):
    """The folders that one Wireshark reads, for one user and for all."""

    personal_configuration: Path
    global_configuration: Path
    personal_lua: Path
    global_lua: Path

    def plugins(self, *, system: bool) -> Path:
        """The folder that the folders of Lua plugins lie in."""
        return self.global_lua if system else self.personal_lua

    def profiles(self, *, system: bool) -> Path:
        """The folder that the folders of profiles lie in."""
        return (self.global_configuration if system else self.personal_configuration) / "profiles"


class Program(Struct, frozen=True):
    """One program of the user's Wireshark. ``lua`` is the version of its Lua, "" for a build without."""

    path: Path
    version: str
    lua: str
    is_tshark: bool

    @property
    def release(self) -> tuple[int, int]:
        """The first two numbers of the version: (4, 0)."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)

    @property
    def runs_plugin(self) -> bool:
        """Whether the plugin can run in it at all."""
        return bool(self.lua) and self.release >= OLDEST_FOR_PLUGIN


def find_programs(location: str | None, environ: Mapping[str, str]) -> tuple[Program, ...]:
    """tshark and Wireshark, as far as they are there and start. ``location`` names tshark, as --tshark does."""
    named = location or environ.get(LOCATION_VARIABLE) or "tshark"
    found = (_find(named, "tshark", environ), _find("wireshark", "Wireshark", environ))
    return tuple(program for path in found if path for program in [_program(path, environ)] if program)


def _find(name: str, on_macos: str, environ: Mapping[str, str]) -> Path | None:
    found = shutil.which(name, path=environ.get("PATH"))
    if found:
        return Path(found).absolute()
    path = MACOS_PROGRAMS / on_macos
    return path if name in ("tshark", "wireshark") and path.is_file() else None


def _program(path: Path, environ: Mapping[str, str]) -> Program | None:
    # Wireshark's window makes its folders even when it is only asked for its version.
    with tempfile.TemporaryDirectory(prefix="pyreport-") as folder:
        said = ask([path, "-v"], {**environ, "WIRESHARK_CONFIG_DIR": folder})
    found = re.match(r"(TShark|Wireshark)\b[^\n]*?(\d+\.\d+(?:\.\d+)?)", said.stdout) if said else None
    if said is None or found is None:
        return None
    # A sentence ("with Lua 5.2.4") up to 4.4, a list ("+Lua 5.4.9") in 4.6.
    lua = re.search(r"(?:\bwith\s+|\+\s*)Lua\s+(\d[\d.]*\d)", said.stdout)
    return Program(path, found[2], lua[1] if lua else "", is_tshark=found[1] == "TShark")


def ask_folders(program: Program, environ: Mapping[str, str]) -> Folders:
    """The folders that this program reads. Raises ToolError when it does not say."""
    said = ask([program.path, "-G", "folders"], environ)
    told = dict(re.findall(r"^([^:\n]+):[ \t]+(.+?)[ \t]*$", said.stdout, re.MULTILINE)) if said else {}
    missing = [name for name in NAMES.values() if not Path(told.get(name, "")).is_absolute()]
    if missing:
        raise ToolError(
            f"{program.path} {program.version} does not say where its folder '{missing[0]}' is (-G folders): "
            "Wireshark 4.0 or later, built with Lua, is needed for the plugin."
        )
    return Folders(**{key: Path(told[name]) for key, name in NAMES.items()})


def choose_tshark(programs: tuple[Program, ...]) -> Program:
    """The tshark among the user's programs. Raises ToolError when there is none that the plugin can run in."""
    tshark = next((program for program in programs if program.is_tshark), None)
    if tshark is None:
        raise ToolError(
            "tshark was not found: install Wireshark's command line (Debian, Ubuntu: apt-get install tshark), or name "
            f"the program with --tshark or {LOCATION_VARIABLE}."
        )
    if not tshark.lua:
        raise ToolError(f"{tshark.path} was built without Lua, which the plugin needs: install a Wireshark with Lua.")
    if not tshark.runs_plugin:
        raise ToolError(
            f"{tshark.path} is version {tshark.version}, and the plugin needs 4.0 or later: install a newer Wireshark."
        )
    return tshark
