"""Text whose lines are broken as its language breaks them: cells of a table, of which rich knows spaces only, and
sentences, which a terminal would break inside of words.
"""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment

from pyreport.cli.terminal import print_line
from pyreport.render.clean import printable
from pyreport.words.breaks import columns, pieces


class Wrapped:
    """A text of one or more lines. What cannot be broken and is wider than the cell is cut at its edge."""

    def __init__(self, text: str) -> None:
        self._lines = printable(text).split("\n")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """The widest part that is not broken, and the widest line."""
        del console
        narrowest = max(columns(piece.rstrip()) for line in self._lines for piece in pieces(line) or [""])
        widest = max(map(columns, self._lines))
        return Measurement(narrowest, widest).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines."""
        del console
        for line in self._lines:
            for broken in wrapped(line, options.max_width):
                yield Segment(broken)
                yield Segment.line()


def print_sentences(console: Console, text: str) -> None:
    """Print sentences, on a terminal in lines that fit it; what is piped stays one line for the programs that read it.

    Not for what is copied from a terminal, such as a file name or a command.
    """
    for line in wrapped(text.replace("\n", r"\n"), console.width) if console.is_terminal else [text]:
        print_line(console, line)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of so many columns, with escapes in place of what cannot be printed."""
    lines = [""]
    for piece in pieces(printable(text)):
        for part in _cut(piece, width):
            if columns((lines[-1] + part).rstrip()) > width:
                lines.append("")
            lines[-1] += part
    return [line.rstrip() for line in lines]


def _cut(piece: str, width: int) -> list[str]:
    parts = [""]
    for character in piece:
        if columns((parts[-1] + character).rstrip()) > width:
            parts.append("")
        parts[-1] += character
    return parts
