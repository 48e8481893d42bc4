"""The request to the other side as one text, ready to be copied into a mail."""

from __future__ import annotations

from datetime import UTC

from pyreport.advice.model import Letter
from pyreport.words import Words
from pyreport.words.breaks import columns, pieces

# A line of a mail, and of the report's page in small print.
WIDTH = 100
INDENT = "   "


def letter_text(letter: Letter, words: Words) -> str:
    """The whole; commands are not broken, however long. Times are UTC: it goes to somebody elsewhere."""
    utc = words.in_zone(UTC)
    lines = [line for claim in letter.head for line in _wrapped(utc.say(claim))]
    lines.append("")
    for number, ask in enumerate(letter.asks, 1):
        lines += _wrapped(f"{number}. {utc.say(ask.claim)}")
        if ask.command:
            lines.append(f"{INDENT}{ask.command}")
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for piece in pieces(text):
        if columns((lines[-1] + piece).rstrip()) > WIDTH and lines[-1].strip():
            lines.append(INDENT)
        lines[-1] += piece
    return [line.rstrip() for line in lines]
