"""What a check of the installation finds: values, each with what it means for the user and how it is cured."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim


class State(StrEnum):
    """Whether something works: a note is worth knowing, a trouble keeps the plugin or pyreport from working."""

    WORKS = "works"
    NOTE = "note"
    TROUBLE = "trouble"


class Finding(Struct, frozen=True):
    """One thing that was checked. ``cure`` says what to do."""

    state: State
    said: Claim
    cure: Claim | None = None


def works(said: Claim) -> Finding:
    """Something works."""
    return Finding(State.WORKS, said)


def note(said: Claim, cure: Claim | None = None) -> Finding:
    """Something is worth knowing."""
    return Finding(State.NOTE, said, cure)


def trouble(said: Claim, cure: Claim) -> Finding:
    """Something does not work."""
    return Finding(State.TROUBLE, said, cure)
