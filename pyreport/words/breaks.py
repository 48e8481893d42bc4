"""Where a line of text may be broken, for what is set without a browser's rules: the figure, a letter in plain text.

Between Chinese characters a line may be broken, but no line begins with closing punctuation or ends with an opening one
(W3C, Requirements for Chinese Text Layout, 3.1.3; Unicode Standard Annex 14), and a number stays with its counter.
"""

from __future__ import annotations

import re
import unicodedata

from pyreport.words.typeset import HAN, MARKED_DIGITS

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_CLOSING, _OPENING = "，。、；：？！）〉》」』】〕", "（〈《「『【〔"
_NOT_FIRST, _NOT_LAST = rf"{_CLOSING}”’…—·%‰)\]", rf"{_OPENING}“‘(\["
# The 940 of "第 940 号" and of "frame 940", and the 60.0 of "60.0 秒" and of "60.0 s".
_WITH_ITS_COUNTER = re.compile(
    f"(?<=第) (?=[0-9{MARKED_DIGITS}])|(?<=[0-9{MARKED_DIGITS}]) (?=[{HAN}])(?!第)|(?<=RFC) (?=[0-9])"
    rf"|(?<=\bframe) (?=[0-9{MARKED_DIGITS}])|(?<=\bframes) (?=[0-9{MARKED_DIGITS}])"
    r"|(?<= d) (?=[0-9]{2} h\b)|(?<= h) (?=[0-9]{2} min)|(?<= min) (?=[0-9]{2} s\b)"
    r"|(?<=[0-9]) (?=(?:ns|µs|ms|s|min|h|d|bytes?|octets?)\b)"
)
_BREAK = re.compile(
    f"(?!(?<=号)报文|(?<=号报)文)(?:(?<= )(?! )|(?<=[{HAN}{_CLOSING}])(?![ {NO_BREAK_SPACE}{_NOT_FIRST}])"
    f"|(?<=[^ {NO_BREAK_SPACE}{_NOT_LAST}])(?=[{HAN}{_OPENING}]))"
)


def kept_together(text: str) -> str:
    """The text with spaces that no line is broken at, between a number and its counter."""
    return _WITH_ITS_COUNTER.sub(NO_BREAK_SPACE, text)


def pieces(text: str) -> list[str]:
    """The text in pieces that are not broken; a space at the end of a piece is not shown where the line ends there."""
    parts = _BREAK.split(kept_together(text))
    return [part.replace(NO_BREAK_SPACE, " ") for part in parts if part]


def columns(text: str) -> int:
    """How many columns of a fixed-width font a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
