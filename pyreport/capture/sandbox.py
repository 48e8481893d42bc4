"""A private place for tshark to run in.

What tshark shows depends on the user's profile, preferences, plugins, locale and time zone, and on who runs it: since
4.4 it silently loads no Lua script for root. A Sandbox takes all of that away: its own home, configuration and plugin
folder, a fixed locale and UTC, and an unprivileged account when this program was started by root.

Captures come from strangers, and a dissector may be taken over by one. So nothing that root runs, follows or opens can
be written by the account: all of the sandbox belongs to root but the home, which root only removes. The group is this
run's alone, so no other run's tshark can read what lies here. Whoever started this program, what reads the capture is
started by the launcher (confinement.py), which takes network, files, processes and more away from it.
"""

from __future__ import annotations

import grp
import os
import pwd
import secrets
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct, field
from msgspec.structs import replace

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import ToolError
from pyreport.capture import resources
from pyreport.capture.confinement import Confinement, files_of, memory_limit
from pyreport.capture.private_folder import private_folder
from pyreport.capture.room import check_room

Note = Callable[[Claim], None]

# What tshark may need of the caller's environment to start at all; everything else could change what it prints.
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

# Ask the plugin for the fields that programs read, and for a line of each frame that has findings, with two passes of
# tshark (lua/keepalive_asked.lua).
RECORDS, LEDGER = "records", "ledger"
# The folder of the reader in the sandbox.
READER = "reader"

# Users and groups that no system hands out: above those of people and of services, and below 2^31 (some file systems
# keep a signed number). Where a container maps fewer, the range that systemd keeps for users which exist only while a
# service runs (DynamicUser=).
THROW_AWAY_IDS = (range(0x60000000, 0x7FFFFFF0), range(61184, 65520))


def of_frames(numbers: Iterable[int]) -> str:
    """Asks the plugin for what it says of these frames alone, with two passes of tshark."""
    return f"frames:{','.join(map(str, numbers))}"


class Account(Struct, frozen=True):
    """The user that tshark runs as instead of root; ``gid`` is a group that only this run has."""

    name: str
    uid: int
    gid: int


class Sandbox(Struct, frozen=True):
    """A private folder with what tshark and the reader need, and a command that runs tshark inside.

    ``command`` takes tshark's arguments, and so does ``live_command``, whose tshark has no limit on its CPU time: it
    goes on as long as packets come. ``environment`` is all that a program sees. ``plugin`` is the plugin's main script;
    Wireshark finds its modules, since it puts the script's folder on Lua's search path. ``account`` is None when tshark
    runs as the present user, ``confinement`` is what it is left with. ``children`` ends the processes that live as long
    as the sandbox.
    """

    folder: Path
    command: Path
    live_command: Path
    environment: Mapping[str, str]
    plugin: Path
    account: Account | None
    confinement: Confinement
    note: Note
    children: ExitStack
    _copies: dict[Path, Path] = field(default_factory=dict)

    def plugin_arguments(self, part: str = "", *asked: str) -> list[str]:
        """tshark's arguments that select the profile and load the plugin, which judges this part (Limits.part), and
        shows what is asked for (RECORDS, LEDGER, of_frames), else all.
        """
        told = [word for text in (part, *asked) if text for word in ("-X", f"lua_script1:{text}")]
        return ["-C", resources.PROFILE_NAME, "-X", f"lua_script:{self.plugin}", *told]

    def fields_arguments(self, place: int, display_filter: str, fields: Sequence[str]) -> list[str]:
        """tshark's arguments, behind those of the plugin and of all smaller places, that print fields of the frames
        which a filter selects (other_fields.lua); each line begins with the place, counted from 0.
        """
        script, number = self.folder / resources.fields_script().name, place + 2
        texts = (str(place), display_filter, ",".join(fields))
        told = [word for text in texts for word in ("-X", f"lua_script{number}:{text}")]
        return ["-X", f"lua_script:{script}", *told]

    def lua_commands(self, arguments: Sequence[str]) -> list[list[str]]:
        """The commands that may run the reader with these arguments, the first to be tried first: by the package lupa
        (which ends with NO_LUAJIT when it has none), and by the program luajit.
        """
        main = self.folder / READER / "main.lua"
        commands = [self.confinement.lua(main, arguments)]
        if luajit := shutil.which("luajit", path=self.environment.get("PATH")):
            commands.append(self.confinement.command([str(Path(luajit).absolute()), str(main), *arguments]))
        return commands

    def readable(self, path: Path) -> Path:
        """A path at which tshark can read the file: the file itself, or a private copy when the account may not.

        Raises ToolError when the copy cannot be written, before it is begun where there is no room for it.
        """
        if self.account is None or can_read(path, self.account):
            return path.resolve()
        if path not in self._copies:
            self.note(claim("capture-copied", file=str(path), user=self.account.name))
            self._copies[path] = self._copy(path)
        return self._copies[path]

    def new_file(self, name: str) -> tuple[Path, BinaryIO]:
        """A new file in the sandbox that its programs can read and nobody else, open to be written; its name begins so.
        Raises OSError.
        """
        path = self.folder / f"{name}-{len(self._copies)}"
        target = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        if self.account is not None:
            os.fchown(target, 0, self.account.gid)
            os.fchmod(target, 0o640)
        self._copies[path] = path
        return path, os.fdopen(target, "w+b")

    def _copy(self, path: Path) -> Path:
        try:
            check_room(self.folder, path.stat().st_size, str(path))
            copy, writer = self.new_file("capture")
            with writer, path.open("rb") as reader:
                shutil.copyfileobj(reader, writer, 1 << 20)
        except OSError as error:
            raise ToolError(
                f"Cannot copy {path} to {self.folder} for tshark ({error.strerror}): "
                "set TMPDIR to a folder with more room, or start pyreport as a user who may read the capture."
            ) from error
        return copy


@contextmanager
def open_sandbox(
    tshark: Path,
    *,
    plugin_source: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    note: Note = lambda _: None,
) -> Iterator[Sandbox]:
    """Set up a private folder for this tshark (an absolute path) and remove it at the end.

    ``plugin_source`` is the folder of the plugin, by default the one that belongs to pyreport.
    Raises ToolError when the folder cannot be made or used.
    """
    if sys.platform == "win32":
        raise ToolError("pyreport runs on Linux and macOS: on Windows, install and start it inside WSL.")
    account, memory = unprivileged_account(environ), memory_limit(environ)
    with ExitStack() as end:
        try:
            folder = end.enter_context(private_folder())
        except OSError as error:
            raise ToolError(
                f"Cannot make a temporary folder ({error}): set TMPDIR to a folder that can be written."
            ) from error
        children = end.enter_context(ExitStack())
        try:
            plugin = plugin_source or resources.plugin_folder()
            sandbox = _furnish(folder, tshark, plugin, account, memory, environ, note, children)
        except OSError as error:
            raise ToolError(
                f"Cannot prepare {folder} for tshark ({_reason(error)}): set TMPDIR to a folder that can be written."
            ) from error
        if account is not None and not can_read(sandbox.plugin, account):
            raise ToolError(
                f"The user {account.name}, as whom tshark runs, cannot enter {folder}: "
                "set TMPDIR to a folder that every user can enter."
            )
        yield sandbox


def unprivileged_account(environ: Mapping[str, str]) -> Account | None:
    """Whom to run tshark as: None for the present user, else (root) the user of sudo, else one that nobody has.

    The group is always one that nobody has.
    """
    if os.geteuid() != 0:
        return None
    number = _throw_away_id()
    uid = environ.get("SUDO_UID", "")
    if uid.isdecimal() and int(uid):
        return Account(environ.get("SUDO_USER", uid), int(uid), number)
    return Account(f"{number} (of this run)", number, number)


def _throw_away_id() -> int:
    """A random number that is free as a user and as a group. Raises ToolError when the system has none."""
    mapped = [_mapped_ids(kind) for kind in ("uid", "gid")]
    for wanted in THROW_AWAY_IDS:
        if not all(any(wanted[0] in ids and wanted[-1] in ids for ids in ranges) for ranges in mapped):
            continue
        for _ in range(100):
            number = secrets.choice(wanted)
            if not (_is_taken(pwd.getpwuid, number) or _is_taken(grp.getgrgid, number)):
                return number
    raise ToolError(
        "tshark must not run as root, and this container has no other user: start pyreport as another user."
    )


def _mapped_ids(kind: str) -> list[range]:
    """The users ("uid") or groups ("gid") that exist in this user namespace (user_namespaces(7)); all, where none."""
    try:
        lines = Path(f"/proc/self/{kind}_map").read_text("ascii").splitlines()
    except OSError:
        return [range(1 << 32)]
    return [range(int(first), int(first) + int(count)) for first, _, count in map(str.split, lines)]


def _is_taken(look_up: Callable[[int], object], number: int) -> bool:
    try:
        look_up(number)
    except KeyError:
        return False
    return True


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
    memory: int,
    environ: Mapping[str, str],
    note: Note,
    children: ExitStack,
) -> Sandbox:
    config, no_plugins, home = folder / "config", folder / "no-plugins", folder / "home"
    shutil.copytree(resources.profile_folder(), config / "profiles" / resources.PROFILE_NAME)
    shutil.copytree(plugin_source, folder / "lua")
    shutil.copytree(resources.reader_folder(), folder / READER)
    shutil.copy(resources.fields_script(), folder)
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
    reads = (folder, *files_of(tshark, environ))
    user, group = (account.uid, account.gid) if account is not None else (None, None)
    confinement = Confinement(memory, reads, user, group)
    command = folder / "tshark"
    live_command = folder / "tshark-live"
    for path, limited in ((command, confinement), (live_command, replace(confinement, cpu_s=0))):
        path.write_text(_wrapper(folder, environment, limited.command([str(tshark)])), encoding="utf-8")
    if account is not None:
        for path in [folder, *folder.rglob("*")]:
            _show(path, account)
        os.chown(home, account.uid, account.gid)
        home.chmod(0o700)
    for path in (command, live_command):
        path.chmod(0o700)
    plugin = folder / "lua" / resources.PLUGIN_FILE
    return Sandbox(folder, command, live_command, environment, plugin, account, confinement, note, children)


def _wrapper(folder: Path, environment: Mapping[str, str], command: Sequence[str]) -> str:
    """A shell script that runs tshark in the sandbox; from its own folder, since Lua also looks for modules in "."."""
    words = ["exec", "env", "-i", *(f"{name}={value}" for name, value in environment.items()), *command]
    return f'#!/bin/sh\ncd {shlex.quote(str(folder))} || exit 126\n{shlex.join(words)} "$@"\n'


def _show(path: Path, account: Account) -> None:
    """Let the account's group read the file or enter the folder, which is root's and nobody else's."""
    os.chown(path, 0, account.gid)
    path.chmod(0o750 if path.is_dir() else 0o640)


def _reason(error: OSError) -> str:
    """Why it failed: shutil.copytree() gives a list, with the reason of each file that it could not copy."""
    if isinstance(error, shutil.Error) and isinstance(error.args[0], list):
        return str(error.args[0][0][2])
    return error.strerror or str(error)
