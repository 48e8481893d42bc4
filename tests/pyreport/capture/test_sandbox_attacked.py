"""What a tshark that was taken over by a capture can do to root: the fake ones here play it."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.base.errors import ToolError
from pyreport.capture.sandbox import Sandbox, open_sandbox
from tests.support.programs import public_folder, write_program

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs tshark as somebody else")

# What root runs, follows or opens: each word of it is tried to be changed, replaced, or put beside.
VANDAL = """
for file in tshark lua/keepalive.lua lua/keepalive_tracker.lua config/profiles/Keepalive/preferences; do
    echo evil >> "$file"
    chmod 777 "$file"
    mv "$file" "$file.old"
    rm -f "$file"
    ln -sf /etc/shadow "$file"
done
ln -s "$1" capture-0
ln -s "$1" capture-1
echo evil > lua/keepalive_flags.lua
echo evil > sitecustomize.py
mkdir extra
chmod 777 .
touch home/file
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


def state(sandbox: Sandbox) -> dict[str, tuple[int, int, bytes]]:
    """Owner, mode and contents of all that lies in the sandbox outside the account's home."""
    paths = [sandbox.folder, *sandbox.folder.rglob("*")]
    home = sandbox.folder / "home"
    return {
        str(path): (path.lstat().st_uid, path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in paths
        if path != home and home not in path.parents
    }


def run(sandbox: Sandbox, *arguments: str) -> str:
    done = subprocess.run([sandbox.command, *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_nothing_that_root_uses_can_be_changed(folder: Path, tmp_path: Path) -> None:
    """Neither the wrapper script, which root runs for each pass, nor what it hands to tshark."""
    secret = tmp_path / "secret"
    secret.write_text("root's")
    secret.chmod(0o600)
    hidden = tmp_path / "hidden.pcap"
    hidden.write_bytes(b"a capture of root's")
    with open_sandbox(write_program(folder / "tshark", VANDAL)) as sandbox:
        before = state(sandbox)
        run(sandbox, str(secret))
        assert state(sandbox) == before
        assert {owner for owner, _, _ in before.values()} == {0}
        assert list((sandbox.folder / "home").iterdir()) == []
        assert sandbox.readable(hidden).read_bytes() == b"a capture of root's"
    assert secret.read_text() == "root's"
    assert (secret.stat().st_uid, secret.stat().st_mode & 0o777) == (0, 0o600)


def test_a_copy_never_follows_a_link(folder: Path, tmp_path: Path) -> None:
    """Even if one got there: nothing is written through it, given away, or made readable."""
    target, hidden = tmp_path / "target", tmp_path / "hidden.pcap"
    target.write_text("before")
    target.chmod(0o600)
    hidden.write_bytes(b"bytes")
    with open_sandbox(write_program(folder / "tshark", "true")) as sandbox:
        (sandbox.folder / "capture-0").symlink_to(target)
        with pytest.raises(ToolError, match="Cannot copy"):
            sandbox.readable(hidden)
    assert target.read_text() == "before"
    assert (target.stat().st_uid, target.stat().st_gid, target.stat().st_mode & 0o777) == (0, 0, 0o600)


@pytest.mark.parametrize("environ", [{}, {"SUDO_UID": "1001", "SUDO_GID": "1001"}], ids=["root", "sudo"])
def test_one_run_reads_nothing_of_another(folder: Path, tmp_path: Path, environ: dict[str, str]) -> None:
    """Two runs of root at once, also for the same user of sudo: the private copy is its own run's only."""
    hidden = tmp_path / "hidden.pcap"
    hidden.write_bytes(b"a private capture")
    caller = {"PATH": os.environ["PATH"]} | environ
    spy = write_program(folder / "tshark", 'cat "$1"; ls "$2"; ls "$2/home"')
    with open_sandbox(spy, environ=caller) as one, open_sandbox(spy, environ=caller) as other:
        copy = str(one.readable(hidden))
        assert "a private capture" in run(one, copy, str(one.folder))
        seen = run(other, copy, str(one.folder))
        assert seen.count("Permission denied") == 3
        assert "private capture" not in seen


def test_no_privilege_and_no_core(folder: Path) -> None:
    """A program with the set-user-ID bit gains nothing, and no core with a capture in it stays."""
    script = "setpriv --dump; echo core: $(ulimit -c)"
    with open_sandbox(write_program(folder / "tshark", script)) as sandbox:
        seen = dict(line.split(": ", 1) for line in run(sandbox).splitlines() if ": " in line)
    assert seen["no_new_privs"] == "1"
    assert seen["core"] == "0"


def test_the_loopback_interface_is_not_the_hosts(folder: Path) -> None:
    """A server on this host's loopback address cannot be reached from inside."""
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this container grants no network namespace, so tshark runs without one")
    script = 'exec python3 -c "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)" "$@"'
    with socket.create_server(("127.0.0.1", 0)) as server, open_sandbox(write_program(folder / "t", script)) as sandbox:
        assert "not permitted" in run(sandbox, "127.0.0.1", str(server.getsockname()[1]))
