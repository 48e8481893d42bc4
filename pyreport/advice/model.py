"""Advice as data."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

# A line of a mail, and of the report's page in small print.
WIDTH = 100
INDENT = "   "


@dataclass(frozen=True, slots=True)
class Setting:
    """What a product calls a setting. ``unverified`` is what of it was not looked up, "" if nothing."""

    who: str
    text: str
    source: str
    unverified: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing that the reader can do, with the settings of the software at hand; ``source`` is where its claim was
    read.
    """

    id: str
    text: str
    settings: tuple[Setting, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to ask the other side for; ``command`` is a line to paste, "" if there is none."""

    id: str
    text: str
    command: str
    source: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The request to the other side. ``head`` names the connection, the window and the close, a line each; ``start_ns``
    and ``end_ns`` are the window in ns since the epoch.
    """

    head: tuple[str, ...]
    start_ns: int
    end_ns: int
    asks: tuple[Ask, ...]

    @property
    def text(self) -> str:
        """The whole, ready to be copied into a mail; commands are not broken, however long."""
        lines = [line for part in self.head for line in _wrapped(part)]
        lines.append("")
        for number, ask in enumerate(self.asks, 1):
            lines += _wrapped(f"{number}. {ask.text}")
            if ask.command:
                lines.append(f"{INDENT}{ask.command}")
        return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH, subsequent_indent=INDENT, break_long_words=False, break_on_hyphens=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """All advice for a case, the most useful first. ``software`` says whose settings are named and why, "" if none are;
    ``letter`` is None when nothing needs asking.
    """

    advice: tuple[Advice, ...]
    software: str
    letter: Letter | None
