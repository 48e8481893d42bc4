"""Which file a frame is from, and its number there."""

from __future__ import annotations

from pyreport.capture.origins import Origin, Origins, Stretch


def origins(*begun: tuple[int, int], frames: int) -> Origins:
    made = Origins()
    for frame, file in begun:
        made.begin(frame, file)
    made.end(frames)
    return made


def test_one_file_after_the_other() -> None:
    made = origins((1, 0), (11, 2), frames=15)
    assert [made.of(number) for number in (0, 1, 10, 11, 15, 16)] == [
        None, Origin(0, 1), Origin(0, 10), Origin(2, 1), Origin(2, 5), None,
    ]  # fmt: skip
    assert made.counts == {0: 10, 2: 5}
    assert not made.overlap


def test_files_that_alternate() -> None:
    made = origins((1, 0), (4, 1), (6, 0), (7, 1), frames=9)
    assert [made.of(number) for number in (3, 4, 5, 6, 7, 9)] == [
        Origin(0, 3), Origin(1, 1), Origin(1, 2), Origin(0, 4), Origin(1, 3), Origin(1, 5),
    ]  # fmt: skip
    assert made.counts == {0: 4, 1: 5}
    assert made.overlap


def test_stretches() -> None:
    made = origins((1, 0), (4, 1), (6, 0), (7, 1), frames=9)
    assert list(made.stretches()) == [
        *(Stretch(1, Origin(0, 1), 3), Stretch(4, Origin(1, 1), 2)),
        *(Stretch(6, Origin(0, 4), 1), Stretch(7, Origin(1, 3), 3)),
    ]
    assert made.stretches_of((5, 9, 8, 10, 0)) == [Stretch(4, Origin(1, 1), 2), Stretch(7, Origin(1, 3), 3)]
    assert len(made) == 4


def test_nothing_told() -> None:
    assert Origins().of(1) is None
    assert not Origins().overlap
