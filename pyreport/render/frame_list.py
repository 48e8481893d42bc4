"""References to frames, written the same way everywhere in the report."""

from __future__ import annotations

from collections.abc import Iterable

_LISTED_AT_MOST = 6


def format_frames(frames: Iterable[int]) -> str:
    """Frames in words: "frame 940", "frames 940, 941", "frames 476-480", "frames 476-899, 22 in all"; "" for none.

    Up to six are listed; more are given as first and last, with the count unless they are consecutive.
    """
    numbers = sorted(set(frames))
    if not numbers:
        return ""
    first, last, count = numbers[0], numbers[-1], len(numbers)
    if count == 1:
        return f"frame {first}"
    if count > 2 and last - first == count - 1:
        return f"frames {first}-{last}"
    if count <= _LISTED_AT_MOST:
        return "frames " + ", ".join(map(str, numbers))
    return f"frames {first}-{last}, {count} in all"
