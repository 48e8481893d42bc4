"""What was written is opened, and what went wrong is seen, without a terminal."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pyreport.desk import show
from tests.pyreport.command import pyreport
from tests.pyreport.conftest import SCENARIOS
from tests.support.programs import write_program


def program(folder: Path, name: str) -> Path:
    """A program that notes its arguments; returns the file that it notes them in."""
    noted = folder / f"{name}-noted"
    write_program(folder / name, f'printf "%s\\n" "$@" >"{noted}.part"; mv "{noted}.part" "{noted}"')
    return noted


def wait_for(path: Path) -> list[str]:
    """What a program that goes on by itself noted; it has as long as it needs, within reason."""
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return path.read_text(encoding="utf-8").splitlines()


@pytest.fixture(autouse=True)
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(show, "OPENERS", ("xdg-open",))
    return program(tmp_path, "xdg-open")


def environment(folder: Path) -> dict[str, str]:
    (folder / "mv").symlink_to("/bin/mv")
    return {"PATH": str(folder)}


def test_a_file_is_opened(tmp_path: Path, opener: Path) -> None:
    assert show.show_file(tmp_path / "a b.pdf", environment(tmp_path))
    assert wait_for(opener) == [str(tmp_path / "a b.pdf")]


def test_no_opener(tmp_path: Path) -> None:
    assert not show.show_file(tmp_path / "a.pdf", {"PATH": str(tmp_path / "none")})


def test_a_text_in_a_window(tmp_path: Path, opener: Path) -> None:
    noted = program(tmp_path, "xmessage")
    assert show.show_text("--What is wrong.", environment(tmp_path))
    assert wait_for(noted)[-1] == "What is wrong."
    assert not opener.exists()


def test_a_text_without_a_program_for_windows(tmp_path: Path, opener: Path) -> None:
    assert show.show_text("What is wrong.", environment(tmp_path))
    (file,) = wait_for(opener)
    assert Path(file).read_text() == "What is wrong.\n"
    Path(file).unlink()


def test_a_report_is_shown(tmp_path: Path, opener: Path) -> None:
    capture = SCENARIOS / "article" / "article.pcap"
    pdf = tmp_path / "report.pdf"
    path = f"{tmp_path}:/usr/bin:/bin"
    done = pyreport("report", capture, "--show", "-o", pdf, PATH=path)
    assert done.status == 0, done.stderr
    assert wait_for(opener) == [str(pdf)]


def test_an_error_is_shown(tmp_path: Path) -> None:
    noted = program(tmp_path, "zenity")
    path = f"{tmp_path}:/usr/bin:/bin"
    done = pyreport("report", tmp_path / "none.pcap", "--show", "-o", tmp_path / "a.pdf", PATH=path)
    assert (done.status, done.is_one_sentence) == (1, True)
    assert wait_for(noted)[-1] == done.stderr.removeprefix("pyreport: ").strip()
