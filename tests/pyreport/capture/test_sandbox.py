"""tshark runs in a private place, as an unprivileged user, and nothing of it stays."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import ToolError
from pyreport.capture import sandbox as sandbox_module
from pyreport.capture.sandbox import THROW_AWAY_IDS, can_read, open_sandbox, unprivileged_account
from tests.support.programs import public_folder, write_plugin, write_program

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs tshark as somebody else")


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


def run(command: Path, *arguments: str) -> list[str]:
    return subprocess.run([command, *arguments], check=True, capture_output=True, text=True).stdout.splitlines()


def test_environment(folder: Path) -> None:
    """Only PATH comes from the caller; home, settings, plugins, locale and zone are the sandbox's."""
    fake = write_program(folder / "tshark-9", "env; pwd")
    caller = {
        "PATH": os.environ["PATH"],
        "WIRESHARK_DEBUG": "1",
        "WIRESHARK_CONFIG_DIR": "/nowhere",
        "LUA_PATH": "/nowhere/?.lua",
        "LC_ALL": "de_DE.UTF-8",
        "TZ": "Asia/Shanghai",
    }
    with open_sandbox(fake, environ=caller) as sandbox:
        *lines, working_folder = run(sandbox.command)
        seen = dict(line.split("=", 1) for line in lines)
        home = str(sandbox.folder / "home")
        for name in ("PWD", "OLDPWD", "SHLVL", "_"):  # the shell's own
            seen.pop(name, None)
        assert seen == {
            "PATH": caller["PATH"],
            "HOME": home,
            "TMPDIR": home,
            "WIRESHARK_CONFIG_DIR": str(sandbox.folder / "config"),
            "WIRESHARK_PLUGIN_DIR": str(sandbox.folder / "no-plugins"),
            "LC_ALL": "C",
            "TZ": "UTC",
        }
        assert working_folder == str(sandbox.folder)
        assert list((sandbox.folder / "no-plugins").iterdir()) == []


def test_arguments_pass_unchanged(folder: Path) -> None:
    """Quotes, blanks, dollar signs and control characters reach tshark as they are."""
    fake = write_program(folder / "tshark", 'printf "%s\\n" "$@"')
    words = ["a b", "it's", '"$HOME"', "\x1f", "*", "(a) || b"]
    with open_sandbox(fake) as sandbox:
        assert run(sandbox.command, *words) == words


def test_contents_and_end(folder: Path) -> None:
    """The profile and the plugin with its modules are there, and gone after the end, also after an error."""
    plugin = write_plugin(folder / "plugin", "-- main")
    (plugin / "keepalive_part.lua").write_text("-- part")
    kept = Path("/")
    with pytest.raises(KeyError), open_sandbox(Path("/bin/true"), plugin_source=plugin) as sandbox:
        kept = sandbox.folder
        assert sandbox.plugin.read_text() == "-- main"
        assert (sandbox.plugin.parent / "keepalive_part.lua").read_text() == "-- part"
        assert (kept / "config" / "profiles" / "Keepalive" / "preferences").is_file()
        assert sandbox.plugin_arguments() == ["-C", "Keepalive", "-X", f"lua_script:{sandbox.plugin}"]
        assert (kept.stat().st_mode & 0o027) == 0
        raise KeyError
    assert not kept.exists()


def test_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary user stays; root becomes the user of sudo, or nobody."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert unprivileged_account({"SUDO_UID": "1001", "SUDO_GID": "1001"}) is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    ann = unprivileged_account({"SUDO_UID": "1001", "SUDO_GID": "1002", "SUDO_USER": "ann"})
    assert ann is not None
    assert (ann.name, ann.uid) == ("ann", 1001)
    accounts = [ann]
    for environ in ({}, {"SUDO_UID": "0", "SUDO_GID": "0"}, {"SUDO_UID": "x", "SUDO_GID": "1"}):
        account = unprivileged_account(environ)
        assert account is not None
        assert account.uid == account.gid
        accounts.append(account)
    assert len({account.gid for account in accounts}) == len(accounts)
    for account in accounts:
        assert account.gid in THROW_AWAY_IDS[0]


def test_account_in_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where few numbers are mapped, the throw-away ones are of the lower range; with only root there is no way."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sandbox_module, "_mapped_ids", lambda _: [range(65536)])
    account = unprivileged_account({})
    assert account is not None
    assert account.gid in THROW_AWAY_IDS[1]
    monkeypatch.setattr(sandbox_module, "_mapped_ids", lambda _: [range(1)])
    with pytest.raises(ToolError, match="start pyreport as another user"):
        unprivileged_account({})


@root_only
def test_root_is_dropped(folder: Path) -> None:
    """User and group are the account's, and no other group; the plugin is root's, and the account's to read."""
    fake = write_program(folder / "tshark", "id -u; id -g; id -G")
    with open_sandbox(fake, environ={"PATH": os.environ["PATH"], "SUDO_UID": "1001", "SUDO_GID": "1002"}) as sandbox:
        assert sandbox.account is not None
        own_group = str(sandbox.account.gid)
        assert run(sandbox.command) == ["1001", own_group, own_group]
        assert (sandbox.plugin.stat().st_uid, sandbox.plugin.stat().st_mode & 0o777) == (0, 0o640)


@root_only
def test_unreadable_capture_is_copied_once(folder: Path, tmp_path: Path) -> None:
    """A file that the account cannot read is copied into the sandbox, and the user is told; others are not."""
    hidden, public = tmp_path / "hidden.pcap", folder / "public.pcap"
    hidden.write_bytes(b"hidden")
    public.write_bytes(b"public")
    told: list[Claim] = []
    with open_sandbox(Path("/bin/true"), note=told.append) as sandbox:
        assert sandbox.account is not None
        assert sandbox.readable(public) == public
        assert told == []
        copy = sandbox.readable(hidden)
        assert sandbox.readable(hidden) == copy
        assert copy.parent == sandbox.folder
        assert copy.read_bytes() == b"hidden"
        assert can_read(copy, sandbox.account)
        assert not can_read(hidden, sandbox.account)
        assert told == [claim("capture-copied", file=str(hidden), user=sandbox.account.name)]
        assert str(sandbox.account.uid) in sandbox.account.name


@root_only
def test_mode_is_seen(folder: Path) -> None:
    """A file of mode 0600 in a public folder is not readable by the account either."""
    account = unprivileged_account({})
    assert account is not None
    file = folder / "capture"
    file.write_bytes(b"x")
    file.chmod(0o600)
    assert not can_read(file, account)
    file.chmod(0o644)
    assert can_read(file, account)


@root_only
def test_temporary_folder_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A TMPDIR that the account cannot enter is named, with what to do."""
    tmp_path.chmod(0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ToolError, match="set TMPDIR"), open_sandbox(Path("/bin/true")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_no_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A TMPDIR that does not exist is an error of the installation, not a traceback."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(ToolError, match="set TMPDIR"), open_sandbox(Path("/bin/true")):
        pass
