"""Outputs are checked before the work and written whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from pyreport.base.errors import InputError, UsageError
from pyreport.cli.output import check_outputs, check_writable, write_text


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "capture.pcap"
    path.write_bytes(b"capture")
    return path


def test_a_writable_place_is_left_as_it_was(tmp_path: Path, capture: Path) -> None:
    old = tmp_path / "old.pdf"
    old.write_text("old")
    check_outputs([tmp_path / "new.pdf", old], capture)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["capture.pcap", "old.pdf"]
    assert old.read_text() == "old"


def test_unusable_places(tmp_path: Path, capture: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        check_writable(tmp_path, capture)
    with pytest.raises(InputError, match="There is no folder"):
        check_writable(tmp_path / "none" / "x.pdf", capture)
    with pytest.raises(InputError, match="is the capture itself"):
        check_writable(capture, capture)
    (tmp_path / "link").symlink_to(capture)
    with pytest.raises(InputError, match="is the capture itself"):
        check_writable(tmp_path / "link", capture)


def test_links_that_lead_nowhere(tmp_path: Path, capture: Path) -> None:
    """A link to a file that is not there yet is one to write by; one that leads back to itself is not."""
    (tmp_path / "new").symlink_to("not-there-yet")
    check_outputs([tmp_path / "new"], capture)
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    for name in ("one", "other"):
        with pytest.raises(InputError, match="leads back to itself"):
            check_outputs([tmp_path / name], capture)


def test_a_folder_that_takes_no_file(tmp_path: Path, capture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(InputError, match=r"x\.pdf cannot be written \(Permission denied\)"):
        check_writable(tmp_path / "x.pdf", capture)


def test_two_outputs_of_one_name(tmp_path: Path, capture: Path) -> None:
    with pytest.raises(UsageError, match="same file name"):
        check_outputs([tmp_path / "x", tmp_path / "." / "x"], capture)


def test_text_is_written_with_the_usual_mode(tmp_path: Path) -> None:
    target = tmp_path / "x.json"
    old_mask = os.umask(0o027)
    try:
        write_text(target, "é\n")
    finally:
        os.umask(old_mask)
    assert target.read_text(encoding="utf-8") == "é\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    target.chmod(0o604)
    write_text(target, "new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o604
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(target)
    write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "x.json"
    target.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError, match="No space left on device"):
        write_text(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


def test_what_is_no_file_is_written_to_and_stays(tmp_path: Path, capture: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    read, write = os.pipe()
    try:
        for place, end in ((fifo, reader), (Path(f"/dev/fd/{write}"), read), (Path(f"/proc/self/fd/{write}"), read)):
            check_writable(place, capture)
            write_text(place, "text")
            assert os.read(end, 10) == b"text"
    finally:
        for descriptor in (reader, read, write):
            os.close(descriptor)
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    write_text(Path("/dev/null"), "text")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_full_device_is_told(capture: Path) -> None:
    check_writable(Path("/dev/full"), capture)
    with pytest.raises(InputError, match="cannot be written"):
        write_text(Path("/dev/full"), "text")
