"""Commands on several lines that a shell reads as one, so that what is copied from a page runs."""

from __future__ import annotations

import re

#: A word of a shell's line with what is quoted in it.
_WORD = re.compile(r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+""")
#: What fits a line of the page in its type, less the sign that the command goes on.
WIDTH = 104


def in_lines(command: str, width: int = WIDTH) -> str:
    """The command with a backslash at the end of each line but the last. A word is never broken, so one that is longer
    than a line stays as long as it is.
    """
    lines: list[str] = []
    for word in _WORD.findall(command):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return " \\\n".join(lines)
