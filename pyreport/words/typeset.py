"""Spacing where Chinese stands beside Latin letters and digits, so that a message need not know what its arguments are.

Between a Han character and a Latin letter or a digit stands one space, between two Han characters and beside full-width
punctuation none (W3C, Requirements for Chinese Text Layout, 3.2.2). Text without Han characters stays as it is, and so
does what was quoted from outside: it is evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable

#: What stands around a text from outside in a message that is being put together (private use, U+E000 and U+E001).
OPEN, CLOSE = "\ue000", "\ue001"

#: The digits of a frame's number that is to be a link (private use), each in the place of an ASCII digit.
MARKED_DIGITS = "\ue010-\ue019"
_MARKED_ZERO = 0xE010
_MARK = {ord("0") + digit: _MARKED_ZERO + digit for digit in range(10)}
_MARKED_NUMBER = re.compile(f"[{MARKED_DIGITS}]+")

#: Character classes of regular expressions: Han characters, full-width punctuation.
HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
FULL = "\u3001-\u3003\u3008-\u3011\u3014-\u301b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65…—"
_LATIN = f"0-9A-Za-z\u00b5\u00c0-\u024f{MARKED_DIGITS}"
_IS_HAN = re.compile(f"[{HAN}{FULL.replace('…—', '')}]")
_NEEDLESS = re.compile(f"(?<=[{HAN}]) +(?=[{HAN}“])|(?<=”) +(?=[{HAN}])|(?<=[{FULL}]) +| +(?=[{FULL}])")
_MISSING = re.compile(f"(?<=[{HAN}])(?=[{_LATIN}])|(?<=[{_LATIN}%])(?=[{HAN}])")
_OUTSIDE = re.compile(f"{OPEN}(.*?){CLOSE}", re.DOTALL)


def quoted(text: str) -> str:
    """A text from outside, marked as such."""
    return f"{OPEN}{text.replace(OPEN, '').replace(CLOSE, '')}{CLOSE}"


def marked_number(number: int) -> str:
    """A frame's number in digits that tell it from any other number."""
    return str(number).translate(_MARK)


def replace_marked(text: str, written: Callable[[int], str]) -> str:
    """The text with each frame's number that was marked as it is to be written."""
    back = {marked: plain for plain, marked in _MARK.items()}
    return _MARKED_NUMBER.sub(lambda found: written(int(found[0].translate(back))), text)


def has_han(marked: str) -> bool:
    """Whether the message itself is written in Chinese characters; what it quotes does not count."""
    return _IS_HAN.search(_OUTSIDE.sub("", marked)) is not None


def typeset(marked: str) -> str:
    """The message with its spacing, without the marks."""
    if not has_han(marked):
        return marked.replace(OPEN, "").replace(CLOSE, "")
    parts = _OUTSIDE.split(marked)
    text = "".join(parts)
    shown = "".join(_masked(part) if number % 2 else part for number, part in enumerate(parts))
    edits = [(found.start(), found.end(), "") for found in _NEEDLESS.finditer(shown)]
    edits += [(found.start(), found.end(), " ") for found in _MISSING.finditer(shown)]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _masked(outside: str) -> str:
    """As long as the text, with nothing but its first and last character to be seen, and those only if no space."""
    if len(outside) < 2:
        return outside.replace(" ", "\0")
    return (outside[0] + "\0" * (len(outside) - 2) + outside[-1]).replace(" ", "\0")
