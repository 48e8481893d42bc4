"""A claim and its proof: what every later part of the report is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """One claim and the frames of the capture that prove it (empty: nothing in the capture to point at)."""

    text: str
    frames: tuple[int, ...] = ()


def capitalized(text: str) -> str:
    """The text with a capital at its beginning and the rest as it is."""
    return text[:1].upper() + text[1:]
