"""What README.md and INSTALL.md show is what a reader gets who follows them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pyreport.command import pyreport
from tests.pyreport.conftest import SCENARIOS
from tests.support.plugin import REPOSITORY
from tests.support.programs import public_folder, write_program

INSTALL = (REPOSITORY / "INSTALL.md").read_text(encoding="utf-8")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
# The commands of INSTALL.md that put the plugin and the profile into place.
COPY = re.findall(r"^\| Linux, macOS \| `(mkdir .*?)` \|$", INSTALL, re.MULTILINE)
# A block of commands, each behind "$ " and followed by what it prints.
SHOWN = [
    (command, output)
    for document in (INSTALL, README)
    for block in re.findall(r"^```\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]
# A user whom every system has. tshark 4.4 and later load no Lua script for root.
NOBODY = 65534


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    """What the commands need of the checkout, with the plugin and the profile copied as INSTALL.md says."""
    with public_folder() as folder:
        for part in ("lua", "profiles", "tests/scenarios/article"):
            shutil.copytree(REPOSITORY / part, folder / part)
        (folder / "home").mkdir()
        write_program(folder / "home" / "pyreport", f'PYTHONPATH={REPOSITORY} exec {sys.executable} -m pyreport "$@"')
        assert len(COPY) == 2
        for command in COPY:
            run(command, folder)
        yield folder


def run(command: str, folder: Path) -> str:
    """Standard output of a command in a shell whose home is in this folder."""
    home = folder / "home"
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env={"PATH": f"{home}:{os.environ['PATH']}", "HOME": str(home)},
        user=NOBODY if os.geteuid() == 0 and command.startswith("tshark") else None,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def words(text: str) -> list[list[str]]:
    """The words of each line: a table may be spaced otherwise in a document."""
    return [line.split() for line in text.splitlines()]


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_command_prints_what_the_document_shows(checkout: Path, command: str, output: str) -> None:
    assert words(run(command, checkout)) == words(output)


def test_the_documents_show_commands() -> None:
    assert len(SHOWN) == 3


def test_the_answer_that_readme_begins_with_is_the_demos(tmp_path: Path) -> None:
    quoted = re.search(r"(?:^> .*\n)+", README, re.MULTILINE)
    assert quoted is not None
    sentence = " ".join(quoted[0].replace("\n> ", " ").removeprefix("> ").split())
    assert sentence in " ".join(pyreport("demo", cwd=tmp_path).stderr.split())


def test_the_scans_that_readme_tells_of() -> None:
    assert "Of nineteen connections, one has something to say." in " ".join(README.split())
    first, second = (pyreport("scan", SCENARIOS / name / f"{name}.pcap") for name in ("article", "article_as_told"))
    assert "One connection has something to say, of 19 TCP connections" in first.stdout
    assert "lists two events of fifteen connections" in README
    assert "15 connections have something to say, of 19 TCP connections" in second.stdout
    assert "14 connections of 10.226.11.15: no frame of this host for 17.549 s" in " ".join(second.stdout.split())
