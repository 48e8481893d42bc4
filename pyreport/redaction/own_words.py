"""What the user wrote of their own (title, case, company, note) without addresses and names.

A log line loses each word that is not known; that would leave nothing of a title. Here goes what the redaction replaces
elsewhere, and what has the form of an address, a host name, a path or an identifier.
"""

from __future__ import annotations

import re2

from pyreport.redaction.addresses import COLONS, IPV4, colons_shown, ipv4_shown, number_shown
from pyreport.redaction.stand_ins import StandIns

_MAC = r"[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}"
# Chinese has no spaces between words, and its host names are written in other letters.
_LETTER = r"\p{Latin}\p{Greek}\p{Cyrillic}\p{N}_"
_WORD = rf"[{_LETTER}/\\~@][{_LETTER}.\-/\\@]*"
_PIECES = re2.compile(
    rf"(?P<v4>{IPV4})(?::(?P<port>\d{{1,5}})\b)?|(?P<mac>{_MAC})|(?P<colons>{COLONS})|(?P<word>{_WORD})"
)
_WHOLE_WORD = re2.compile(_WORD)
_CLOCK = re2.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
# Numbers, dates, versions and durations: no names.
_NUMBER = re2.compile(r"v?\d+(?:[.\-/]\d+)*(?:ns|us|µs|ms|s|sec|min|m|h|d|x|%)?")
# "kafka.corp", "user@host", "a_b", "/var/log", "C:\x", "a/b/c"; but not "e.g." and "TCP/IP".
_NAME_LIKE = re2.compile(r"[^.]+\.[^.]{2,}.*|.*[@_\\~].*|/.+|[^/]+/[^/]+/.*")
_LETTERS_AND_DIGITS = re2.compile(r".*\p{L}.*\p{N}.*|.*\p{N}.*\p{L}.*")
_ENDS = ".-/\\@~"


def redacted_own(
    text: str, stand_ins: StandIns, private: frozenset[str] = frozenset(), *, is_reference: bool = False
) -> str:
    """The text with stand-ins; ``private`` are more names that have to go, besides those that have stand-ins.

    A word of letters and digits ("kafka03") is taken for the name of a host, except in a reference: "INC-4711" is what
    the case is known by to whom the report is for.
    """
    known = {name.casefold() for name in (*private, *stand_ins.names)}

    def shown(piece: re2._Match[str]) -> str:
        if piece["v4"] is not None:
            return ipv4_shown(piece["v4"], piece["port"], stand_ins)
        if piece["mac"] is not None:
            return stand_ins.mac(bytes.fromhex(piece["mac"].replace("-", ""))).hex("-")
        if piece["colons"] is not None:
            return _colons(piece["colons"], stand_ins)
        return _word(piece["word"], known, stand_ins, is_reference)

    made = str(_PIECES.sub(shown, text))
    # Names that the pieces do not tell apart from the words around them: in Chinese, or with a space inside.
    for name in sorted(filter(_stands_anywhere, (*private, *stand_ins.names)), key=len, reverse=True):
        made = made.replace(name, stand_ins.name(name))
    return made


def _word(word: str, known: set[str], stand_ins: StandIns, is_reference: bool) -> str:
    bare = word.rstrip(_ENDS)
    rest = word[len(bare) :]
    if not bare or _NUMBER.fullmatch(bare):
        return f"{number_shown(bare, stand_ins)}{rest}"
    is_name = bare.casefold() in known or _NAME_LIKE.fullmatch(bare)
    if is_name or (not is_reference and _LETTERS_AND_DIGITS.fullmatch(bare)):
        return f"{stand_ins.name(bare)}{rest}"
    parts = bare.split("-")
    if len(parts) > 1 and any(part.casefold() in known for part in parts):
        return "-".join(stand_ins.name(part) if part.casefold() in known else part for part in parts) + rest
    return word


def _colons(text: str, stand_ins: StandIns) -> str:
    if _CLOCK.fullmatch(text):
        return text
    return colons_shown(text, stand_ins) or stand_ins.name(text)


def _stands_anywhere(name: str) -> bool:
    """Whether a name is looked for anywhere: it is none of the words that are looked at one by one."""
    return len(name) > 1 and not _WHOLE_WORD.fullmatch(name)
