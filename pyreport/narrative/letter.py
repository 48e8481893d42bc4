"""The request to the other side as one text, ready to be copied into a mail."""

from __future__ import annotations

from datetime import UTC

from pyreport.advice.model import Letter
from pyreport.base.commands import in_lines
from pyreport.words import Words
from pyreport.words.breaks import columns, pieces

# A line of a mail, and of the report's page in small print.
WIDTH = 100
INDENT = "   "
COMMAND_WIDTH = WIDTH - len(INDENT) - len(" \\")


def letter_text(letter: Letter, words: Words) -> str:
    """The whole; a command on several lines is one to a shell. Times are UTC: it goes to somebody elsewhere."""
    utc = words.in_zone(UTC)
    lines = [line for claim in letter.head for line in _wrapped(utc.say(claim))]
    lines.append("")
    for number, ask in enumerate(letter.asks, 1):
        lines += _wrapped(f"{number}. {utc.say(ask.claim)}")
        if ask.command:
            lines += [f"{INDENT}{line}" for line in in_lines(ask.command, COMMAND_WIDTH).split("\n")]
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for piece in pieces(text):
        if columns((lines[-1] + piece).rstrip()) > WIDTH and lines[-1].strip():
            lines.append(INDENT)
        lines[-1] += piece
    return [line.rstrip() for line in lines]
