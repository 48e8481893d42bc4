"""A file is written whole or not at all, whatever stops the writing, and nothing stays beside it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pyreport.base import whole_file as module
from pyreport.base.whole_file import open_whole, write_whole


@pytest.fixture(params=[True, False], ids=["without a name", "with a name"])
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every file system can make a file without a name."""
    monkeypatch.setattr(module, "_CAN_BE_NAMED", request.param and module._CAN_BE_NAMED)


@pytest.mark.usefixtures("_both_ways")
def test_new_and_old_files(tmp_path: Path) -> None:
    """A new file has the mode of any new file, an old one keeps its own."""
    target, old_mask = tmp_path / "x", os.umask(0o027)
    try:
        write_whole(target, b"new")
    finally:
        os.umask(old_mask)
    assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"new", 0o640)
    target.chmod(0o604)
    write_whole(target, b"newer")
    assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"newer", 0o604)
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.usefixtures("_both_ways")
def test_what_fails_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_bytes(b"old")
    for error in (OSError, KeyboardInterrupt):
        with pytest.raises(error), open_whole(target) as file:
            file.write(b"half")
            raise error
        assert target.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [target]


@pytest.mark.usefixtures("_both_ways")
def test_two_that_write_one_file(tmp_path: Path) -> None:
    """The later one wins, with all of its content."""
    target = tmp_path / "x"
    with open_whole(target) as first:
        first.write(b"first, and longer")
        with open_whole(target) as second:
            second.write(b"second")
        assert target.read_bytes() == b"second"
    assert target.read_bytes() == b"first, and longer"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(not module._CAN_BE_NAMED, reason="this system cannot make files without a name")
def test_killed_while_writing(tmp_path: Path) -> None:
    """No code runs then, and still nothing stays."""
    target = tmp_path / "x"
    target.write_bytes(b"old")
    code = (
        "import sys; from pathlib import Path; from pyreport.base.whole_file import open_whole\n"
        "with open_whole(Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); file.flush(); print(flush=True); sys.stdin.read()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, target], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate()
    assert (target.read_bytes(), list(tmp_path.iterdir())) == (b"old", [target])


@contextmanager
def small_disk(place: Path, options: str = "size=64k") -> Iterator[Path]:
    """A file system with room for little. Only root can make one, and not in every container."""
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.usefixtures("_both_ways")
def test_a_full_disk(tmp_path: Path) -> None:
    """The old file stays, and its disk has the room that it had."""
    with small_disk(tmp_path / "disk") as disk:
        target = disk / "x"
        target.write_bytes(b"old")
        free = os.statvfs(disk).f_bfree
        with pytest.raises(OSError, match="No space left on device"):
            write_whole(target, bytes(1 << 20))
        assert (target.read_bytes(), list(disk.iterdir()), os.statvfs(disk).f_bfree) == (b"old", [target], free)


@pytest.mark.usefixtures("_both_ways")
def test_a_disk_that_is_read_only(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        (disk / "x").write_bytes(b"old")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with pytest.raises(OSError, match="Read-only file system"):
            write_whole(disk / "x", b"new")
        assert (disk / "x").read_bytes() == b"old"
