"""Advice as data."""

from __future__ import annotations

from msgspec import Struct

from pyreport.base.claim import Claim


class Setting(Struct, frozen=True):
    """What a product calls a setting. ``doubt`` is what of it was not looked up, None if nothing. Both claims are for
    the middle of a sentence: ``name`` may begin with a name in small letters.
    """

    who: str
    name: Claim
    source: str
    doubt: Claim | None = None


class Advice(Struct, frozen=True):
    """One thing that the reader can do, with the settings of the software at hand; ``source`` is where its claim was
    read.
    """

    id: str
    claim: Claim
    settings: tuple[Setting, ...]
    source: str


class Ask(Struct, frozen=True):
    """One thing to ask the other side for; ``command`` is a line to paste, "" if there is none."""

    id: str
    claim: Claim
    command: str
    source: str


class Letter(Struct, frozen=True):
    """The request to the other side. ``head`` names the connection, the window and the close, a line each; ``start_ns``
    and ``end_ns`` are the window in ns since the epoch.
    """

    head: tuple[Claim, ...]
    start_ns: int
    end_ns: int
    asks: tuple[Ask, ...]


class Plan(Struct, frozen=True):
    """All advice for a case, the most useful first. ``software`` says whose settings are named and why, None if none
    are; ``letter`` is None when nothing needs asking.
    """

    advice: tuple[Advice, ...]
    software: Claim | None
    letter: Letter | None
