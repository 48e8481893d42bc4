"""A log that is followed: through rotation, cutting, its absence, and lines in pieces."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pyreport.base.errors import InputError
from pyreport.watch.follow import LINGER_NS, QUIET_NS, LogFollower


def error(number: int) -> str:
    """A line with an error that is told from the others by a port."""
    ends = f"10.0.0.1:{40000 + number}->10.0.0.2:9092"
    return f"2024/05/16 09:14:{number % 60:02d} read tcp {ends}: read: connection reset by peer"


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


class Followed:
    """A log, its follower, and a clock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.follower = LogFollower(path)
        self.now_ns = 0

    def write(self, *lines: str, path: Path | None = None) -> None:
        with (path or self.path).open("a") as file:
            file.writelines(f"{line}\n" for line in lines)

    def found(self, quiet_ns: int = QUIET_NS) -> list[int]:
        """The numbers of the errors that are found by now and after a silence."""
        records = self.follower.poll(self.now_ns)
        self.now_ns += quiet_ns
        records += self.follower.poll(self.now_ns)
        return [int(record.content.decode().split("10.0.0.1:")[1][:5]) - 40000 for record in records]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Followed]:
    path = tmp_path / "app.log"
    path.write_text(f"{error(1)}\n")
    followed = Followed(path)
    yield followed
    followed.follower.close()


def test_what_is_there_at_the_start_is_not_read(log: Followed) -> None:
    assert log.found() == []
    log.write("all is well", error(2))
    assert log.found() == [2]
    assert log.found() == []


def test_an_error_waits_until_its_record_is_whole(log: Followed) -> None:
    log.write(error(2))
    assert log.found(quiet_ns=QUIET_NS - 1) == []
    log.write("    at some.Code(Code.java:1)")
    assert log.found(quiet_ns=0) == []
    log.write(error(3))  # begins another record
    assert log.found(quiet_ns=0) == [2]
    assert log.found() == [3]


def test_a_line_in_pieces_is_one(log: Followed) -> None:
    line = error(2)
    with log.path.open("a") as file:
        file.write(line[:60])
        file.flush()
        assert log.found() == []
        assert log.found() == []
        file.write(f"{line[60:]}\n")
    assert log.found() == [2]


def test_a_renamed_log_is_read_until_the_program_has_opened_the_new_one(log: Followed) -> None:
    old = log.path.with_suffix(".1")
    log.write(error(2))
    log.path.rename(old)
    log.write(error(3), path=old)
    assert log.found() == [2, 3]
    log.write(error(4))
    assert log.found() == [4]
    log.write(error(5), path=old)
    log.write(error(6))
    assert sorted(log.found()) == [5, 6]
    log.now_ns += 2 * LINGER_NS
    assert log.found() == []
    log.write(error(7), path=old)
    log.write(error(8))
    assert log.found() == [8]


def test_a_log_that_was_cut_is_read_from_its_beginning(log: Followed) -> None:
    log.write(error(2), "a line that makes it long")
    assert log.found() == [2]
    os.truncate(log.path, 0)
    log.write(error(3))
    assert log.found() == [3]


def test_a_log_that_was_cut_and_has_grown_past_the_place_is_read_from_its_beginning(log: Followed) -> None:
    log.write(error(2))
    assert log.found() == [2]
    os.truncate(log.path, 0)
    log.write(*map(error, range(3, 9)))
    assert log.found() == [3, 4, 5, 6, 7, 8]


def test_a_log_that_comes_later_is_read_from_its_first_line(tmp_path: Path) -> None:
    log = Followed(tmp_path / "app.log")
    with closing(log.follower):
        assert not log.follower.is_there
        assert log.found() == []
        log.write(error(1), error(2))
        assert log.found() == [1, 2]
        assert log.follower.is_there


def test_the_lines_around_an_error_are_kept_within_bounds(log: Followed) -> None:
    for number in range(2, 500):
        log.write(f"line {number} " + "x" * 100)
        log.follower.poll(number)
    log.write(error(7))
    assert log.found() == [7]
    assert log.follower.recent.endswith(f"{error(7)}\n".encode())
    assert len(log.follower.recent) <= 1 << 14
    assert b"line 499 " in log.follower.recent
    assert sum(map(len, log.follower._recent)) < 1 << 16


def test_no_open_file_is_left(log: Followed, tmp_path: Path) -> None:
    before = open_files()
    for number in range(20):
        log.path.rename(tmp_path / f"old.{number}")
        log.write(error(number))
        log.now_ns += 2 * LINGER_NS
        log.found()
    log.now_ns += 2 * LINGER_NS
    log.found()
    assert open_files() == before
    log.follower.close()
    assert open_files() == before - 1


def test_a_folder_is_no_log(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a file that can be followed"):
        LogFollower(tmp_path)


def test_a_flood_is_read_in_several_looks(log: Followed) -> None:
    log.write(*["all is well " * 10] * 5000, error(2), "the end")
    behind = []
    for _ in range(3):
        assert log.follower.poll(log.now_ns) == []
        behind.append(log.follower.is_behind)
    assert behind == [True, True, False]
    assert log.found() == [2]


def test_the_end_of_standard_input_ends_the_last_record(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        follower = LogFollower(Path("-"))
        assert follower.poll(1) == []
        os.write(writing, error(1).encode()[:70])
        assert follower.poll(2) == []
        os.write(writing, error(1).encode()[70:])
        os.close(writing)
        records = [record for now in (3, 4) for record in follower.poll(now)]
        assert [record.content.decode() for record in records] == [error(1)]
        assert follower.has_ended
        assert follower.poll(5) == []
