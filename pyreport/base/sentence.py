"""Sentences that are not claims yet."""

from __future__ import annotations

from pyreport.base.claim import Claim


def sentence(text: str, frames: tuple[int, ...] = ()) -> Claim:
    """A sentence as a claim of one argument: its text."""
    return Claim("text", frames, {"text": text})


def capitalized(text: str) -> str:
    """The text with a capital at its beginning and the rest as it is."""
    return text[:1].upper() + text[1:]
