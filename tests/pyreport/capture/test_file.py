"""Bad input is refused in one sentence, before any tool is started."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from pyreport.base.claim import claim
from pyreport.base.errors import InputError, UsageError
from pyreport.base.units import NS_PER_S
from pyreport.capture.file import find_captures, open_capture
from pyreport.capture.sums import Sums
from tests.scenarios.pcapfile import Frame
from tests.scenarios.pcapfile import write_pcap as write_frames
from tests.support.tiny_capture import closed_connection, write_pcap

START_S = 1_700_000_000


def test_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Size, hash and both forms of the path."""
    path = write_pcap(tmp_path / "tiny.pcap", closed_connection())
    monkeypatch.chdir(tmp_path)
    capture = open_capture("tiny.pcap")
    assert capture.shown_path == "tiny.pcap"
    assert [file.path for file in capture.files] == [path]
    assert capture.size == path.stat().st_size
    assert capture.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_no_such_file(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(InputError, match=r"There is no file .*lost\.pcap"):
        open_capture(str(tmp_path / "lost.pcap"))


def test_a_named_pipe(tmp_path: Path) -> None:
    """What cannot be read twice is refused."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is not a regular file"):
        open_capture(str(tmp_path / "pipe"))


def test_standard_input_is_still_to_come(tmp_path: Path) -> None:
    path = write_pcap(tmp_path / "tiny.pcap", closed_connection())
    asked = find_captures(("-", str(path)))
    assert (asked.has_stdin, [file.path for file in asked.files]) == (True, [path])
    with pytest.raises(UsageError, match="only once"):
        find_captures(("-", "-"))


def at(path: Path, second: int) -> Path:
    write_frames(path, [Frame((START_S + second) * NS_PER_S, closed_connection()[0])])
    return path


def test_a_folder_is_its_captures_in_order_of_time(tmp_path: Path) -> None:
    """Whatever their names say; what is no capture, hidden or in a folder below is not looked at."""
    at(tmp_path / "a.pcap", 30), at(tmp_path / "b.pcap", 10), at(tmp_path / ".c.pcap", 1)
    (tmp_path / "notes.txt").write_text("from host A")
    (tmp_path / "empty.pcap").touch()
    (tmp_path / "below").mkdir()
    at(tmp_path / "below" / "d.pcap", 2)
    capture = open_capture(str(tmp_path))
    assert [file.path.name for file in capture.files] == ["b.pcap", "a.pcap"]
    assert capture.shown_path == str(tmp_path)
    assert capture.first_time_ns == (START_S + 10) * NS_PER_S
    sums = [hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("b.pcap", "a.pcap")]
    assert capture.sums.all() == tuple(sums)
    assert capture.sha256 == hashlib.sha256(f"{sums[0]}\n{sums[1]}\n".encode()).hexdigest()


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    path = at(tmp_path / "a.pcap", 1)
    (tmp_path / "link").symlink_to(path)
    assert len(open_capture(str(path), str(tmp_path), str(tmp_path / "link")).files) == 1


def test_a_folder_without_captures(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing here")
    with pytest.raises(InputError, match="There is no capture in the folder"):
        open_capture(str(tmp_path))


def test_only_plain_captures_can_be_put_together(tmp_path: Path) -> None:
    packed = tmp_path / "b.pcap.gz"
    packed.write_bytes(gzip.compress(at(tmp_path / "a.pcap", 1).read_bytes()))
    assert open_capture(str(packed)).files[0].first_time_ns is None
    with pytest.raises(InputError, match=r"b\.pcap\.gz is neither a pcap nor a pcapng file"):
        open_capture(str(tmp_path))


def test_what_became_of_a_file(tmp_path: Path) -> None:
    """That it grew, was cut or replaced is said; that it is as it was, not."""
    path = at(tmp_path / "a.pcap", 1)
    (file,) = open_capture(str(path)).files
    assert list(file.changes()) == []
    size, name = path.stat().st_size, str(path)
    with path.open("ab") as appended:
        appended.write(b"more")
    assert list(file.changes()) == [claim("capture-grew", file=name, bytes=size, more=4)]
    os.truncate(path, 30)
    assert list(file.changes()) == [claim("capture-shrank", file=name, bytes=size, left=30)]
    os.truncate(path, size)
    path.rename(tmp_path / "old")
    assert list(file.changes()) == [claim("capture-replaced", file=name)]
    at(path, 2)
    assert list(file.changes()) == [claim("capture-replaced", file=name)]


def test_the_sum_is_of_the_file_that_was_opened(tmp_path: Path) -> None:
    """Also when it has grown, or another one has its name."""
    path = at(tmp_path / "a.pcap", 1)
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    (file,) = open_capture(str(path)).files
    with path.open("ab") as appended:
        appended.write(b"more")
    path.rename(tmp_path / "old")
    at(path, 2)
    assert Sums((file,)).all() == (expected,)


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

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (tmp_path / "x.pcap").touch()
    with pytest.raises(InputError, match=r"x\.pcap may not be read by this user"):
        open_capture(str(tmp_path / "x.pcap"))
