"""Bad input is refused in one sentence, before any tool is started."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from pyreport.base.errors import InputError
from pyreport.capture.file import open_capture
from tests.support.tiny_capture import closed_connection, write_pcap


def test_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Size, hash and both forms of the path."""
    path = write_pcap(tmp_path / "tiny.pcap", closed_connection())
    monkeypatch.chdir(tmp_path)
    capture = open_capture("tiny.pcap")
    assert capture.shown_path == "tiny.pcap"
    assert capture.path == path
    assert capture.size == path.stat().st_size
    assert capture.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_no_such_file(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(InputError, match=r"There is no file .*lost\.pcap"):
        open_capture(str(tmp_path / "lost.pcap"))


def test_folder_and_pipe(tmp_path: Path) -> None:
    """What cannot be read twice is refused, and standard input by its name."""
    with pytest.raises(InputError, match="is a folder"):
        open_capture(str(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is not a regular file"):
        open_capture(str(tmp_path / "pipe"))
    with pytest.raises(InputError, match="save it to a file first"):
        open_capture("-")


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000, "file/below"])
def test_impossible_path(tmp_path: Path, name: str) -> None:
    """A path that the system refuses is an error of the input."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be read"):
        open_capture(str(tmp_path / name))


def test_empty(tmp_path: Path) -> None:
    """An empty file, which tshark takes for a capture of no packets, is refused."""
    (tmp_path / "empty.pcap").touch()
    with pytest.raises(InputError, match=r"empty\.pcap is empty"):
        open_capture(str(tmp_path / "empty.pcap"))


@pytest.mark.parametrize("content", [b"write tcp: broken pipe\n", b"hello\n", b"\x7fELF\x02\x01", b"\x89PNG\r\n\x1a\n"])
def test_not_a_capture(tmp_path: Path, content: bytes) -> None:
    """Texts, programs and pictures are refused, also those that tshark would open."""
    file = tmp_path / "app.log"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"app\.log is not a capture file"):
        open_capture(str(file))


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that this user may not read is said to be that. (Root may read all: the system's refusal is played.)"""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (tmp_path / "x.pcap").touch()
    with pytest.raises(InputError, match=r"x\.pcap may not be read by this user"):
        open_capture(str(tmp_path / "x.pcap"))
