"""`make test-matrix` on a machine that cannot: one sentence and a failure, never a quiet success."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.plugin import REPOSITORY
from tests.support.programs import write_program

RUN = REPOSITORY / "tests" / "matrix" / "run"


def refusal(path: str, *launcher: str) -> str:
    """What the script says when it fails; `path` is its PATH."""
    done = subprocess.run(
        [*launcher, str(RUN)], env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "passed" not in done.stdout
    return done.stderr


@pytest.fixture
def old_tshark(tmp_path: Path) -> str:
    """A PATH whose tshark is none of those that are wanted."""
    write_program(tmp_path / "tshark", "echo 'TShark (Wireshark) 3.6.2 (Git v3.6.2)'")
    return f"{tmp_path}:{os.environ['PATH']}"


def test_without_root_it_says_so(old_tshark: str) -> None:
    """An unmapped user namespace makes an ordinary user of everybody."""
    assert "run it as root" in refusal(old_tshark, "unshare", "--user")


def test_without_apt_it_says_what_is_missing(tmp_path: Path, old_tshark: str) -> None:
    """A PATH with the few programs that come before the check."""
    for program in ("bash", "env", "dirname", "sed", "unshare"):
        (tmp_path / program).symlink_to(Path("/usr/bin", program))
    text = refusal(str(tmp_path), "unshare", "--user", "--map-root-user")
    assert "apt-get is missing" in text
