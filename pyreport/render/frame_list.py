"""References to frames, written the same way everywhere in the report."""

from __future__ import annotations

from collections.abc import Iterable

from pyreport.base.claim import FrameNumber
from pyreport.words import Words

_LISTED_AT_MOST = 6


def format_frames(frames: Iterable[int], words: Words) -> str:
    """Frames in words: "frame 940", "frames 940, 941", "frames 476-480", "frames 476-899, 22 in all"; "" for none.

    Up to six are listed; more are given as first and last, with the count unless they are consecutive.
    """
    numbers = sorted(set(frames))
    if not numbers:
        return ""
    first, last, count = FrameNumber(numbers[0]), FrameNumber(numbers[-1]), len(numbers)
    if count == 1:
        return words.label("frames-one", frame=first)
    if count > 2 and last - first == count - 1:
        return words.label("frames-run", first=first, last=last)
    if count <= _LISTED_AT_MOST:
        return words.label(
            "frames-listed", frames=words.between_items.join(words.tell(FrameNumber(number)) for number in numbers)
        )
    return words.label("frames-many", first=first, last=last, count=count)
