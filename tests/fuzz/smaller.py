"""A smaller case that fails alike: pieces of its files are left out as long as it does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from tests.fuzz.cases import Case, Wrong
from tests.fuzz.pieces import pieces

Judge = Callable[[Case], Wrong | None]


def smaller(case: Case, judge: Judge, seconds: float) -> Case:
    """A case that goes wrong in the same way, with as little in its files as is found in this time."""
    wrong = judge(case)
    if wrong is None:
        return case
    end, kind = time.monotonic() + seconds, wrong.kind

    def fails(tried: Case) -> bool:
        found = judge(tried)
        return found is not None and found.kind == kind

    for place in range(len(case.files)):
        for split in (_parts, _lines, _octets):
            case = _without(case, place, split(case.files[place][1]), fails, end)
    return case


def _parts(content: bytes) -> list[bytes]:
    return pieces(content)


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def _octets(content: bytes) -> list[bytes]:
    return [content[at : at + 1] for at in range(len(content))] if len(content) <= 4000 else [content]


def _without(case: Case, place: int, parts: Sequence[bytes], fails: Callable[[Case], bool], end: float) -> Case:
    """Leave out halves, quarters... of the parts, as long as it fails (delta debugging, Zeller and Hildebrandt)."""
    left, size = list(parts), len(parts) // 2
    while size:
        at = 0
        while at < len(left):
            if time.monotonic() > end:
                return case
            tried = case.with_content(place, b"".join(left[:at] + left[at + size :]))
            if fails(tried):
                case = tried
                del left[at : at + size]
            else:
                at += size
        size //= 2
    return case
