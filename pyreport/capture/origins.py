"""Which file a frame is from, and its number there, when several files are read as one capture."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct, field


class Origin(Struct, frozen=True):
    """A frame's file (its place in Capture.files, from 0) and its number in that, from 1."""

    file: int
    number: int


class Stretch(Struct, frozen=True):
    """Frames that follow each other in the capture and in one file: the first one's number in both, and how many."""

    first: int
    origin: Origin
    count: int


class Origins(Struct):
    """The stretches of a capture, in order. ``frames`` is how many frames the capture has."""

    frames: int = 0
    _firsts: array[int] = field(default_factory=lambda: array("Q"))
    _files: array[int] = field(default_factory=lambda: array("L"))
    _numbers: array[int] = field(default_factory=lambda: array("Q"))
    _counts: dict[int, int] = field(default_factory=dict)

    def begin(self, frame: int, file: int) -> None:
        """From this frame on, the frames are of this file."""
        self._close(frame)
        self._firsts.append(frame)
        self._files.append(file)
        self._numbers.append(self._counts.get(file, 0) + 1)

    def end(self, frames: int) -> None:
        """The capture has so many frames."""
        self._close(frames + 1)
        self.frames = frames

    def of(self, frame: int) -> Origin | None:
        """Where a frame is from; None when it is none of the capture's."""
        place = bisect_right(self._firsts, frame) - 1
        if place < 0 or frame > self.frames:
            return None
        return Origin(self._files[place], self._numbers[place] + frame - self._firsts[place])

    @property
    def counts(self) -> dict[int, int]:
        """How many frames each file has; files without one are left out."""
        return self._counts

    @property
    def overlap(self) -> bool:
        """Whether the frames of files alternate."""
        return len(self._firsts) > len(self._counts)

    def stretches(self) -> Iterator[Stretch]:
        """All stretches, in order."""
        return (self._stretch(place) for place in range(len(self._firsts)))

    def stretches_of(self, frames: Iterable[int]) -> list[Stretch]:
        """Those that have one of these frames, in order."""
        places = {bisect_right(self._firsts, frame) - 1 for frame in frames if 0 < frame <= self.frames}
        return [self._stretch(place) for place in sorted(places) if place >= 0]

    def __len__(self) -> int:
        """How many stretches there are."""
        return len(self._firsts)

    def _stretch(self, place: int) -> Stretch:
        first = self._firsts[place]
        after = self._firsts[place + 1] if place + 1 < len(self._firsts) else self.frames + 1
        return Stretch(first, Origin(self._files[place], self._numbers[place]), after - first)

    def _close(self, next_first: int) -> None:
        if self._firsts:
            count = next_first - self._firsts[-1]
            self._counts[self._files[-1]] = self._numbers[-1] - 1 + count
