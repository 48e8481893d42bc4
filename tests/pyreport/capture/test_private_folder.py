"""The private folder is gone after the run, or after the next one, and never before."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pyreport.capture.private_folder import PREFIX, private_folder, remove, sweep

HOLD = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from pyreport.capture.private_folder import private_folder
with private_folder() as folder:
    (folder / "copy").write_text("a private capture")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def holder(place: Path) -> tuple[subprocess.Popen[str], Path]:
    """Another run with a folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().rstrip("\n"))


def test_a_run_that_was_killed_leaves_nothing_for_long(place: Path) -> None:
    """The next start removes it; what another run still holds stays, and that run's end removes it."""
    killed, left = holder(place)
    living, held = holder(place)
    killed.kill()
    killed.communicate()
    assert (left / "copy").exists()
    with private_folder() as folder:
        assert not left.exists()
        assert (held / "copy").exists()
        assert sorted(place.iterdir()) == sorted([folder, held])
        assert folder.stat().st_mode & 0o777 == 0o700
    living.communicate("")
    assert list(place.iterdir()) == []


def test_what_is_not_ours_stays(place: Path) -> None:
    """Other names, files, links to folders, and (as root) folders of other users."""
    target = place / "target"
    target.mkdir()
    (place / f"{PREFIX}file").write_text("")
    (place / f"{PREFIX}link").symlink_to(target)
    (place / "other").mkdir()
    foreign = place / f"{PREFIX}foreign"
    foreign.mkdir()
    if os.geteuid() == 0:
        os.chown(foreign, 12345, 12345)
    else:
        foreign.rmdir()
    before = sorted(place.iterdir())
    sweep(place)
    assert sorted(place.iterdir()) == before


def test_a_folder_that_is_swept_before_it_is_locked_is_made_anew(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, made = tempfile.mkdtemp, []

    def swept_once(**options: str) -> str:
        made.append(real(**options))
        if len(made) == 1:
            sweep(place)
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", swept_once)
    with private_folder() as folder:
        assert str(folder) == made[1]
        assert folder.is_dir()


def test_modes_do_not_keep_a_folder(place: Path) -> None:
    """A program in the sandbox may have taken the rights away from its folders; links in them are not followed."""
    outside = place / "outside"
    outside.mkdir()
    (outside / "file").write_text("stays")
    outside.chmod(0o500)
    folder = place / "folder"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "link").symlink_to(outside)
    (folder / "a" / "b" / "file").write_text("")
    (folder / "a" / "b").chmod(0)
    (folder / "a").chmod(0)
    folder.chmod(0)
    remove(folder)
    assert not folder.exists()
    assert (outside / "file").read_text() == "stays"
    assert outside.stat().st_mode & 0o777 == 0o500


def test_modes_as_an_ordinary_user() -> None:
    """The same where the modes count."""
    if os.geteuid() != 0:
        pytest.skip("the test above is this one")
    code = (
        "import os, sys, tempfile, pathlib\n"
        "os.setgid(12345); os.setuid(12345)\n"
        "place = pathlib.Path(tempfile.mkdtemp()); folder = place / 'folder'\n"
        "(folder / 'a' / 'b').mkdir(parents=True); (folder / 'a' / 'b').chmod(0); (folder / 'a').chmod(0)\n"
        "remove(folder); print(folder.exists()); place.rmdir()\n"
    )
    before = "from pyreport.capture.private_folder import remove\n"
    done = subprocess.run([sys.executable, "-c", before + code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "")
