"""Wireshark's window: the command that opens a capture at one frame of one connection, with the profile."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from pyreport.base.errors import ToolError
from pyreport.capture import resources
from pyreport.desk.copies import copy_in, plugin_copies
from pyreport.desk.parts import Part
from pyreport.desk.wireshark import Folders, Program


def has_display(environ: Mapping[str, str]) -> bool:
    """Whether a window can be shown."""
    return sys.platform == "darwin" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def check_installed(folders: Folders, profile: Part) -> None:
    """Raise ToolError when the window would show neither colours nor findings."""
    places = (folders.profiles(system=system) / profile.name for system in (False, True))
    if not plugin_copies(folders) or not any(copy_in(place, profile).is_there for place in places):
        raise ToolError("The plugin and the profile are not installed in your Wireshark: run pyreport install first.")


def window_command(wireshark: Program | None, capture: Path, stream: int, frame: int) -> list[str]:
    """The command; with the bare name of the program where there is none."""
    program = str(wireshark.path) if wireshark else "wireshark"
    shown = ["-Y", f"tcp.stream == {stream}", "-g", str(frame)]
    return [program, "-C", resources.PROFILE_NAME, *shown, "-r", str(capture)]
