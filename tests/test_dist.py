"""The archive for people without Python: two folders of text files, which work where its README says."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pyreport import __version__
from pyreport.desk.parts import plugin_part, profile_part
from tests.support.plugin import REPOSITORY

ARTICLE = REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"


def make(folder: Path) -> Path:
    """The archive, made into a folder."""
    script = [sys.executable, str(REPOSITORY / ".ci" / "make_zip.py"), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("dist") / "new")


@pytest.fixture(scope="module")
def files(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_two_folders_and_a_readme(files: dict[str, bytes]) -> None:
    top = f"keepalive-{__version__}"
    plugin, profile = plugin_part(), profile_part()
    assert files.keys() - {f"{top}/README.txt"} == {
        *(f"{top}/plugins/keepalive/{name}" for name in plugin.files),
        *(f"{top}/profiles/Keepalive/{name}" for name in profile.files),
    }
    for name, content in plugin.files.items():
        assert files[f"{top}/plugins/keepalive/{name}"] == content


def test_text_files_only(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        text = content.decode("utf-8")
        assert all(character.isprintable() or character in "\n\t" for character in text), name


def test_the_readme_is_one_page_of_a_plain_terminal(files: dict[str, bytes]) -> None:
    lines = files[f"keepalive-{__version__}/README.txt"].decode("ascii").splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 80
    assert __version__ in lines[0]
    assert not any("VERSION" in line for line in lines)


def test_the_same_files_give_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    assert make(tmp_path).read_bytes() == archive.read_bytes()


def test_dropped_in_it_works(archive: Path, tmp_path: Path) -> None:
    """Where the README says for Linux."""
    home = tmp_path / "home"
    for target in (".local/lib/wireshark", ".config/wireshark"):
        (home / target).mkdir(parents=True)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    top = tmp_path / f"keepalive-{__version__}"
    (top / "plugins").rename(home / ".local/lib/wireshark/plugins")
    (top / "profiles").rename(home / ".config/wireshark/profiles")
    command = ["tshark", "-C", "Keepalive", "-r", "-", "-Y", "keepalive.fin", "-T", "fields", "-e", "frame.number"]
    with ARTICLE.open("rb") as capture:
        done = subprocess.run(
            command,
            stdin=capture,
            env={"PATH": os.environ["PATH"], "HOME": str(home)},
            capture_output=True,
            text=True,
            check=True,
        )
    assert "Lua" not in done.stderr, done.stderr
    assert "940" in done.stdout.split()
