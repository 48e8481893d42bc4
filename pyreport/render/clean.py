"""Text from captures and logs made safe to print: nothing invisible, nothing that XML or UTF-8 cannot carry."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and newline, lone surrogates, the bidirectional controls that can make a line read
# backwards (Unicode TR 36, section 2.2), and the two non-characters that XML 1.0 forbids (section 2.2, Char).
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """The text with every character that cannot be printed as itself replaced by a visible mark."""
    return _UNPRINTABLE.sub(REPLACEMENT, text)
