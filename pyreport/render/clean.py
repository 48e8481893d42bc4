"""Text from captures and logs made safe to print: nothing invisible, nothing that XML or UTF-8 cannot carry."""

from __future__ import annotations

import re

# Controls but tab and newline, lone surrogates, the non-characters that XML 1.0 forbids (section 2.2, Char), what ends
# a line beside newline, and what Unicode lets no program show by itself: controls of direction (TR 36, section 2.2),
# characters without a width, tags, selectors of variants, fillers (DerivedCoreProperties.txt,
# Default_Ignorable_Code_Point).
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029"
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
#: Stands for a character that no font has.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    r"""The text with every character that cannot be printed as itself as its escape: ``\x1b``, ``\u202e``,
    ``\U000e0041``.
    """
    return _UNPRINTABLE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    number = ord(found[0])
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
