"""The folder of the reports: whole or not there, counted, and within its bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.base.errors import InputError
from pyreport.base.units import NS_PER_S
from pyreport.watch.archive import DAY_NS, LOCK, MOST_FAILED, NOTE, SAME_CAUSE_NS, Archive

NOW_NS = 1_715_850_869 * NS_PER_S
NAME = "2024-05-16T09-14-29Z_a_b"


_OPEN: dict[Path, Archive] = {}


def opened(folder: Path, most_bytes: int = 1000, most_a_day: int = 2) -> Archive:
    """The archive of a folder, opened by a later watch when there was one."""
    if folder in _OPEN:
        _OPEN.pop(folder).close()
    archive = _OPEN[folder] = Archive(folder, most_bytes, most_a_day)
    archive.open()
    return archive


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while _OPEN:
        _OPEN.popitem()[1].close()


def visible(archive: Archive) -> list[str]:
    return [path.name for path in archive.folder.iterdir() if path.name != LOCK]


def test_a_folder_is_one_watch_s(tmp_path: Path) -> None:
    first = opened(tmp_path)
    with pytest.raises(InputError, match="Another watch writes to"):
        Archive(tmp_path, 1, 1).open()
    first.close()
    opened(tmp_path)


def written(archive: Archive, cause: str = "cause", name: str = NAME, seen_ns: int = NOW_NS) -> Path:
    with archive.unfinished(name) as folder:
        (folder / "report.pdf").write_bytes(b"x" * 400)
        return archive.keep(folder, name, cause, seen_ns)


def test_a_report_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    archive = opened(tmp_path / "a" / "b")
    with archive.unfinished(NAME) as folder:
        (folder / "report.pdf").touch()
        assert visible(archive) == [f".unfinished-{NAME}"]
    assert visible(archive) == []
    assert written(archive) == archive.folder / NAME
    assert {path.name for path in (archive.folder / NAME).iterdir()} == {"report.pdf", NOTE}


def test_two_of_one_second_have_two_names(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    assert [written(archive).name, written(archive).name] == [NAME, f"{NAME}_2"]


def test_what_a_killed_watch_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".unfinished-x", ".other", "ring", NAME):
        (tmp_path / name).mkdir()
    assert set(visible(opened(tmp_path))) == {".other", "ring", NAME}


def test_the_same_cause_is_counted_for_an_hour(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    report = written(archive)
    assert archive.told("another", NOW_NS) is None
    for second in range(3):
        now_ns = NOW_NS + second * NS_PER_S
        told = archive.told("cause", now_ns)
        assert told is not None
        archive.count("cause", told, now_ns)
    assert archive.forget_old(NOW_NS + SAME_CAUSE_NS) == []
    over = archive.forget_old(NOW_NS + SAME_CAUSE_NS + 1)
    assert [(told.folder, told.again) for told in over] == [(report, 3)]
    assert archive.told("cause", NOW_NS + SAME_CAUSE_NS + 1) is None
    assert json.loads((report / NOTE).read_text())["again"] == 3


def test_a_later_watch_counts_on(tmp_path: Path) -> None:
    first = opened(tmp_path)
    report = written(first)
    told = first.told("cause", NOW_NS)
    assert told is not None
    first.count("cause", told, NOW_NS)
    first.close()
    again = opened(tmp_path).told("cause", NOW_NS + SAME_CAUSE_NS)
    assert again is not None
    assert (again.folder, again.again) == (report, 1)


@pytest.mark.parametrize("note", ["", "{}", "[]", '{"cause": 1, "first_ns": "x"}', "\0"])
def test_a_note_that_cannot_be_read_is_passed_over(tmp_path: Path, note: str) -> None:
    report = written(opened(tmp_path))
    (report / NOTE).write_text(note)
    assert opened(tmp_path).told("cause", NOW_NS) is None


def test_the_reports_of_a_day_are_bounded(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    written(archive)
    assert not archive.is_day_full(NOW_NS)
    written(archive, name="2024-05-16T10-14-29Z_a_b")
    assert archive.is_day_full(NOW_NS + DAY_NS - NS_PER_S)
    assert opened(tmp_path).is_day_full(NOW_NS + NS_PER_S)
    assert not archive.is_day_full(NOW_NS + DAY_NS)


def test_the_room_is_bounded(tmp_path: Path) -> None:
    archive = opened(tmp_path, most_bytes=900)
    written(archive)
    assert not archive.is_full
    written(archive)
    assert archive.is_full


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be used"):
        opened(tmp_path / "file" / "folder")


def test_a_cause_without_a_report_is_tried_again_a_few_times(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    for number in range(MOST_FAILED):
        assert archive.told("cause", NOW_NS) is None
        with archive.unfinished(NAME) as folder:
            archive.keep(folder, NAME, "cause", NOW_NS + number, failed=True)
    told = archive.told("cause", NOW_NS)
    assert told is not None
    assert opened(tmp_path).told("cause", NOW_NS) is not None
    assert opened(tmp_path).told("cause", NOW_NS + 2 * SAME_CAUSE_NS) is None


def test_a_report_after_a_failure_is_told(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    with archive.unfinished(NAME) as folder:
        archive.keep(folder, NAME, "cause", NOW_NS, failed=True)
    report = written(archive)
    told = archive.told("cause", NOW_NS)
    assert told is not None
    assert (told.folder, told.failed) == (report, 0)
