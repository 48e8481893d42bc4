"""A private place for tshark to run in.

What tshark shows depends on the user's profile, preferences, plugins, locale and time zone, and on who runs it: since
4.4 it silently loads no Lua script for root. A Sandbox takes all of that away: its own home, configuration and plugin
folder, a fixed locale and UTC, and an unprivileged account when this program was started by root.
"""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyreport import resources
from pyreport.errors import ToolError

Progress = Callable[[str], None]

# What tshark may need of the caller's environment to start at all; everything else could change what it prints.
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

# Runs tshark (argv[3:]) as user argv[1] and group argv[2]. In Python, since not every system has setpriv.
DROP_PRIVILEGES = (
    "import os, sys; uid, gid = map(int, sys.argv[1:3]); "
    "os.setgroups([]); os.setgid(gid); os.setuid(uid); os.execv(sys.argv[3], sys.argv[3:])"
)


@dataclass(frozen=True, slots=True)
class Account:
    """The user that tshark runs as instead of root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A private folder with what tshark needs, and a command that runs tshark inside.

    ``command`` takes tshark's arguments. ``plugin`` is the plugin's main script; Wireshark finds its modules, since it
    puts the script's folder on Lua's search path. ``account`` is None when tshark runs as the present user.
    """

    folder: Path
    command: Path
    plugin: Path
    account: Account | None
    progress: Progress
    _copies: dict[Path, Path] = field(default_factory=dict)

    def plugin_arguments(self) -> list[str]:
        """tshark's arguments that select the profile and load the plugin."""
        return ["-C", resources.PROFILE_NAME, "-X", f"lua_script:{self.plugin}"]

    def readable(self, path: Path) -> Path:
        """A path at which tshark can read the file: the file itself, or a private copy when the account may not.

        Raises ToolError when the copy cannot be written.
        """
        if self.account is None or can_read(path, self.account):
            return path.resolve()
        if path not in self._copies:
            self.progress(
                f"{path} is not readable by the user {self.account.name}, as whom tshark runs: "
                "reading a private copy, removed at the end."
            )
            self._copies[path] = self._copy(path, self.account)
        return self._copies[path]

    def _copy(self, path: Path, account: Account) -> Path:
        copy = self.folder / f"capture-{len(self._copies)}"
        try:
            shutil.copyfile(path, copy)
            _give(copy, account)
        except OSError as error:
            raise ToolError(
                f"Cannot copy {path} to {copy} for tshark ({error.strerror}): set TMPDIR to a folder with more room, "
                "or start pyreport as a user who may read the capture."
            ) from error
        return copy


@contextmanager
def open_sandbox(
    tshark: Path,
    *,
    plugin_source: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    progress: Progress = lambda _: None,
) -> Iterator[Sandbox]:
    """Set up a private folder for this tshark (an absolute path) and remove it at the end.

    ``plugin_source`` is the folder of the plugin, by default the one that belongs to pyreport.
    Raises ToolError when the folder cannot be made or used.
    """
    if sys.platform == "win32":
        raise ToolError("pyreport runs on Linux and macOS: on Windows, install and start it inside WSL.")
    account = unprivileged_account(environ)
    with _private_folder() as folder:
        try:
            sandbox = _furnish(folder, tshark, plugin_source or resources.plugin_folder(), account, environ, progress)
        except OSError as error:
            raise ToolError(
                f"Cannot prepare {folder} for tshark ({error.strerror}): set TMPDIR to a folder that can be written."
            ) from error
        if account is not None and not can_read(sandbox.plugin, account):
            raise ToolError(
                f"The user {account.name}, as whom tshark runs, cannot enter {folder}: "
                "set TMPDIR to a folder that every user can enter."
            )
        yield sandbox


@contextmanager
def _private_folder() -> Iterator[Path]:
    try:
        temporary = tempfile.TemporaryDirectory(prefix="pyreport-")
    except OSError as error:
        raise ToolError(
            f"Cannot make a temporary folder ({error}): set TMPDIR to a folder that can be written."
        ) from error
    with temporary as name:
        yield Path(name)


def unprivileged_account(environ: Mapping[str, str]) -> Account | None:
    """Whom to run tshark as: None for the present user, else (root) the user of sudo, else "nobody"."""
    if os.geteuid() != 0:
        return None
    uid, gid = environ.get("SUDO_UID", ""), environ.get("SUDO_GID", "")
    if uid.isdecimal() and gid.isdecimal() and int(uid) and int(gid):
        return Account(environ.get("SUDO_USER", uid), int(uid), int(gid))
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise ToolError(
            'tshark must not run as root, and there is no user "nobody" to run it as: start pyreport as another user.'
        ) from None
    return Account(nobody.pw_name, nobody.pw_uid, nobody.pw_gid)


def can_read(path: Path, account: Account) -> bool:
    """Whether the account can read the file. Really reads a byte: modes, ACLs and each folder on the way count."""
    result = subprocess.run(
        ["head", "-c", "1", "--", str(path.resolve())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        check=False,
    )
    return result.returncode == 0


def _furnish(
    folder: Path,
    tshark: Path,
    plugin_source: Path,
    account: Account | None,
    environ: Mapping[str, str],
    progress: Progress,
) -> Sandbox:
    config, no_plugins, home = folder / "config", folder / "no-plugins", folder / "home"
    shutil.copytree(resources.profile_folder(), config / "profiles" / resources.PROFILE_NAME)
    shutil.copytree(plugin_source, folder / "lua")
    no_plugins.mkdir()
    home.mkdir()
    environment = {name: environ[name] for name in KEPT_VARIABLES if name in environ} | {
        "HOME": str(home),
        "TMPDIR": str(home),
        "WIRESHARK_CONFIG_DIR": str(config),
        # Empty on purpose: a copy of the plugin that is installed for all users would clash with ours.
        "WIRESHARK_PLUGIN_DIR": str(no_plugins),
        "LC_ALL": "C",
        "TZ": "UTC",
    }
    command = folder / "tshark"  # pyshark takes the folder of the path it is given and looks for this very name
    command.write_text(_wrapper(folder, environment, tshark, account), encoding="utf-8")
    command.chmod(0o755)
    if account is not None:
        for path in [folder, *folder.rglob("*")]:
            _give(path, account)
    return Sandbox(folder, command, folder / "lua" / resources.PLUGIN_FILE, account, progress)


def _wrapper(folder: Path, environment: Mapping[str, str], tshark: Path, account: Account | None) -> str:
    """A shell script that runs tshark in the sandbox; from its own folder, since Lua also looks for modules in "."."""
    words = ["exec", "env", "-i", *(f"{name}={value}" for name, value in environment.items())]
    if account is not None:
        words += [sys.executable, "-I", "-c", DROP_PRIVILEGES, str(account.uid), str(account.gid)]
    words.append(str(tshark))
    return f'#!/bin/sh\ncd {shlex.quote(str(folder))} || exit 126\n{shlex.join(words)} "$@"\n'


def _give(path: Path, account: Account) -> None:
    """Make the account the only one who can use the file or folder."""
    os.chown(path, account.uid, account.gid)
    path.chmod(path.stat().st_mode & 0o700)
