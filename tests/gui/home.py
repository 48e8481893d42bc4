"""A home folder in which `pyreport install` has put the plugin and the profile, as a user runs it."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.pyreport.command import pyreport
from tests.support.plugin import tshark_command
from tests.support.programs import write_program

UNPRIVILEGED = 65534  # "nobody": Wireshark 4.4 and later do not run Lua for root, 4.0 asks in a dialog
CONFIGURATION = Path(".config", "wireshark")
INSTALLED_PROFILE = CONFIGURATION / "profiles" / "Keepalive"
INSTALLED_PLUGIN = Path(".local", "lib", "wireshark", "plugins", "keepalive")


@contextmanager
def new_home() -> Iterator[Path]:
    """An empty home folder, gone when the block is left. Its path is short, as some sockets in it need."""
    with tempfile.TemporaryDirectory(prefix="home-", dir="/tmp") as name:
        home = Path(name)
        hand_over(home)
        yield home


def install(home: Path) -> None:
    """Run `pyreport install` for the Wireshark that is tested. Raises AssertionError when it does not work."""
    _run("install", home)


def uninstall(home: Path) -> None:
    """Run `pyreport uninstall`. Raises AssertionError when it does not work."""
    _run("uninstall", home)


def hand_over(folder: Path) -> None:
    """Give a folder and all in it to the account that Wireshark runs as."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, UNPRIVILEGED, UNPRIVILEGED, follow_symlinks=False)


def _run(command: str, home: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # pyreport takes one program, and that of another system is started by several words.
        words = [shutil.which(word) or word for word in tshark_command()]
        tshark = write_program(Path(folder, "tshark"), f'exec {shlex.join(words)} "$@"')
        done = pyreport(command, "--tshark", tshark, HOME=str(home), SUDO_UID="", XDG_CONFIG_HOME="")
    assert done.status == 0, done.stderr
    hand_over(home)
