"""How wide a text is in DejaVu Sans, and lines that fit a width.

The figure is laid out before anything draws it, so it needs widths without a font library. Advance widths of
printable ASCII are those of DejaVu Sans 2.37, in thousandths of the font size; every other character is taken as one
em, which is a full-width Chinese character and more than almost any other glyph needs.
"""

from __future__ import annotations

from itertools import pairwise

from pyreport.render.clean import printable
from pyreport.words.breaks import pieces

ELLIPSIS = "…"
_SEPARATORS = ":/,.-_"

_CHARACTERS_BY_WIDTH = {
    275: "'", 278: "ijl", 295: "IJ", 318: " ,.", 337: "/:;\\|", 352: "f", 361: "-", 390: "()[]", 392: "t", 401: "!",
    411: "r", 460: '"', 500: "*_`", 521: "s", 525: "z", 531: "?", 550: "c", 557: "L", 575: "F", 579: "k", 592: "vxy",
    603: "P", 611: "TY", 612: "o", 613: "a", 615: "e", 632: "E", 634: "hnu", 635: "Sbdgpq", 636: "$0123456789{}",
    656: "K", 684: "AV", 685: "XZ", 686: "B", 695: "R", 698: "C", 732: "U", 748: "N", 752: "H", 770: "D", 775: "G",
    780: "&", 787: "OQ", 818: "w", 838: "#+<=>^~", 863: "M", 950: "%", 974: "m", 989: "W", 1000: "@",
}  # fmt: skip
_WIDTHS = {character: width for width, characters in _CHARACTERS_BY_WIDTH.items() for character in characters}
_EM = 1000
# The pairs that the font's kerning sets wider than their characters are; all others it leaves alone or sets closer.
_WIDER_PAIRS = {
    "-G": 36, "-J": 55, "-O": 28, "-Q": 37, "-o": 18, "O-": 28, "Q-": 28, "o-": 18, "AA": 28, "LA": 23, "SA": 18,
}  # fmt: skip


def text_width(text: str, size: float) -> float:
    """Width of one line of text at a font size, in the unit of the size. What cannot be printed is its escape."""
    text = printable(text)
    characters = sum(_WIDTHS.get(character, _EM) for character in text)
    return (characters + sum(_WIDER_PAIRS.get(f"{left}{right}", 0) for left, right in pairwise(text))) * size / _EM


def wrap_text(text: str, size: float, width: float, most_lines: int) -> tuple[str, ...]:
    """Lines of at most ``width``, broken where the language allows it (words.breaks), inside a long word where not.

    What does not fit ``most_lines`` is cut off and ends in an ellipsis. An empty text has no lines.
    Raises ValueError when not even one full-width character fits.
    """
    if width < size or most_lines < 1:
        raise ValueError(f"no room for text: width {width} at size {size}, {most_lines} lines")
    lines: list[str] = []
    line = ""
    # Never measure more than can be shown: the narrowest character is a quarter of an em.
    words = printable(text[: int(4 * most_lines * width / size) + most_lines + 1]).split()
    for piece in pieces(" ".join(words)):
        if text_width((line + piece).rstrip(), size) <= width:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        *full, line = _cut(piece, size, width)
        lines.extend(full)
    if line.strip():
        lines.append(line.rstrip())
    if len(lines) <= most_lines:
        return tuple(lines)
    return (*lines[: most_lines - 1], _shorten(lines[most_lines - 1], size, width))


def _cut(word: str, size: float, width: float) -> list[str]:
    """A word cut into parts that fit the width, after a separator when one is in the second half of the part."""
    parts = [""]
    for character in word:
        part = parts[-1]
        if part and text_width((part + character).rstrip(), size) > width:
            after = 1 + max(part.rfind(separator) for separator in _SEPARATORS)
            cut = after if after > len(part) / 2 else len(part)
            parts[-1:] = [part[:cut], part[cut:]]
        parts[-1] += character
    return parts


def _shorten(line: str, size: float, width: float) -> str:
    """The line with an ellipsis at its end, cut until both fit."""
    while line and text_width(line + ELLIPSIS, size) > width:
        line = line[:-1]
    return line.rstrip() + ELLIPSIS
