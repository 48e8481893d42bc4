"""install, uninstall and doctor as a user runs them, with the real tshark."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pyreport.command import Done, pyreport
from tests.pyreport.desk.homes import PLUGIN, furnish, snapshot


@pytest.fixture
def home(tmp_path: Path) -> Path:
    furnish(tmp_path)
    return tmp_path


def run(home: Path, *arguments: str) -> Done:
    return pyreport(*arguments, HOME=str(home), SUDO_UID="")


def test_installed_and_removed(home: Path) -> None:
    before = snapshot(home)
    dry = run(home, "install", "--dry-run")
    assert snapshot(home) == before
    done = run(home, "install")
    assert (dry.status, done.status) == (0, 0), done.stderr
    written = [Path(line.removeprefix("write ")) for line in dry.stdout.splitlines() if line.startswith("write ")]
    assert {str(path.relative_to(home)) for path in written} == {
        name for name in snapshot(home).keys() - before.keys() if (home / name).is_file()
    }
    assert {path.name for path in written} >= PLUGIN.files.keys()
    assert run(home, "uninstall").status == 0
    assert snapshot(home) == before


def test_in_another_language(home: Path) -> None:
    assert "未作改动" not in run(home, "install", "--lang", "zh").stdout
    assert "未作改动" in run(home, "install", "--lang", "zh").stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be the one whom sudo made root")
def test_sudo_without_system_is_refused(home: Path) -> None:
    """It would fill the folders of root, or those of the user with files of root."""
    before = snapshot(home)
    done = pyreport("install", HOME=str(home), SUDO_UID="1000")
    assert (done.status, done.is_one_sentence) == (2, True)
    assert snapshot(home) == before


def test_no_tshark(home: Path) -> None:
    for command in ("install", "uninstall"):
        done = run(home, command, "--tshark", "no-such-program")
        assert (done.status, done.is_one_sentence) == (3, True)


def test_doctor_ends_with_3_until_the_plugin_is_there(home: Path) -> None:
    done = run(home, "doctor")
    assert done.status == 3
    assert "Run pyreport install." in done.stdout
