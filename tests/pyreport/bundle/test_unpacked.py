"""Bundles from strangers: what is made to do harm is refused, before anything of it is read."""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pyreport.base.errors import InputError
from pyreport.bundle.archive import pack
from pyreport.bundle.unpacked import open_bundle


def names(path: Path) -> dict[str, bytes]:
    with open_bundle(path) as found:
        contents = {}
        for name, file in found.items():
            with file.open() as reader:
                contents[name] = reader.read()
        return contents


def plain(path: Path, content: bytes = b"a" * 100) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.txt", content)
        archive.writestr("two.txt", b"b" * 100)


def named(name: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(zipfile.ZipInfo("fine"), b"1")
            entry = zipfile.ZipInfo("replaced")
            entry.filename = name  # as it is: ZipInfo(name) would cut it at a NUL
            archive.writestr(entry, b"2")

    return make


def link(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("report.pdf")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, b"/etc/passwd")


def twice(path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "w") as archive:
        archive.writestr("report.pdf", b"1")
        archive.writestr("report.pdf", b"2")


def encrypted(path: Path) -> None:
    plain(path)
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)


def overlapping(path: Path) -> None:
    """Both entries of the directory are the first file: how a bomb holds much in little."""
    plain(path)
    content = bytearray(path.read_bytes())
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    content[second + 42 : second + 46] = bytes(4)
    path.write_bytes(content)


def too_long(path: Path) -> None:
    plain(path)
    content = bytearray(path.read_bytes())
    for found in re.finditer(b"PK\x01\x02", bytes(content)):
        struct.pack_into("<I", content, found.start() + 24, 0xFFFFFFF0)
    path.write_bytes(content)
    with zipfile.ZipFile(path, "a") as archive:
        for index in range(1001):
            archive.writestr(f"more-{index}", b"")


def many(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for index in range(1001):
            archive.writestr(f"file-{index}", b"")


def behind(path: Path) -> None:
    plain(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"more of it"


def before(path: Path) -> None:
    plain(path)
    path.write_bytes(b"#!/bin/sh\necho a program as well as an archive\n" + path.read_bytes())


def between(path: Path) -> None:
    """A file that the directory does not name any more."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.txt", b"1")
        archive.writestr("hidden.txt", b"2")
        archive.writestr("three.txt", b"3")
        archive.filelist.pop(1)


def cut(path: Path) -> None:
    plain(path)
    path.write_bytes(path.read_bytes()[:-30])


@pytest.mark.parametrize(
    ("make", "why"),
    [
        *((named(name), "leads out") for name in ("../up", "/etc/passwd", "a/../../b", "C:\\x", "..\\up", "tab\tbed")),
        (named("nul\0.txt"), "leads out|no whole ZIP"),
        (named("folder/"), "folder or a link"),
        (link, "folder or a link"),
        (twice, "two files named"),
        (encrypted, "encrypted"),
        (overlapping, "overlap"),
        (too_long, "more than"),
        (many, "more than"),
        (behind, "data beside"),
        (before, "overlap, or data between"),
        (between, "data between"),
        (cut, "no whole ZIP"),
    ],
)
def test_what_is_refused(tmp_path: Path, make: Callable[[Path], None], why: str) -> None:
    path = tmp_path / "x.zip"
    make(path)
    with pytest.raises(InputError, match=why):
        names(path)


def test_what_looks_alike_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    plain(path)
    assert names(path) == {"one.txt": b"a" * 100, "two.txt": b"b" * 100}
    named("..two dots..in a name")(path)
    assert set(names(path)) == {"fine", "..two dots..in a name"}


def test_an_archive_that_was_written_to_a_pipe_is_read(tmp_path: Path) -> None:
    """Its lengths stand behind each file."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.content = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: bytes) -> int:  # type: ignore[override]
            self.content += bytes(piece)
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.txt", b"1" * 99)
        archive.writestr("two.txt", b"2" * 99)
    path = tmp_path / "x.zip"
    path.write_bytes(pipe.content)
    assert names(path) == {"one.txt": b"1" * 99, "two.txt": b"2" * 99}


def test_a_file_whose_check_sum_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    plain(path, os.urandom(300))
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="no whole ZIP"):
        names(path)


def test_what_is_neither_file_nor_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.zip")
    with pytest.raises(InputError, match="no file"):
        names(tmp_path / "x.zip")


def test_a_folder_with_a_link_or_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "one.txt").write_bytes(b"1")
    assert names(tmp_path / "bundle") == {"one.txt": b"1"}
    (tmp_path / "bundle" / "two.txt").symlink_to("/etc/passwd")
    with pytest.raises(InputError, match="no plain file"):
        names(tmp_path / "bundle")
    (tmp_path / "bundle" / "two.txt").unlink()
    (tmp_path / "bundle" / "more").mkdir()
    with pytest.raises(InputError, match="folder"):
        names(tmp_path / "bundle")


def test_what_is_packed_is_the_same_for_the_same_files_and_time(tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name in ("b.txt", "a.txt"):
        (folder / name).write_text(name * 100)
    for target in ("one.zip", "two.zip"):
        pack(folder, tmp_path / target, 1_700_000_000 * 10**9)
        os.utime(folder / "a.txt", (5, 5))
    pack(folder, tmp_path / "later.zip", 1_700_000_060 * 10**9)
    pack(folder, tmp_path / "epoch.zip", 0)  # before ZIP's first year
    contents = [(tmp_path / name).read_bytes() for name in ("one.zip", "two.zip", "later.zip")]
    assert contents[0] == contents[1] != contents[2]
    assert names(tmp_path / "one.zip") == names(tmp_path / "epoch.zip") == names(folder)
