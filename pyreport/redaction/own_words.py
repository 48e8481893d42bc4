"""What the user wrote of their own (title, case, company, note) without addresses and names.

A log line loses each word that is not known; that would leave nothing of a title. Here goes what the redaction replaces
elsewhere, and what has the form of an address, a host name, a path or an identifier.
"""

from __future__ import annotations

from ipaddress import ip_address

import re2

from pyreport.redaction.stand_ins import StandIns

_IPV4 = r"\d{1,3}(?:\.\d{1,3}){3}"
_COLONS = r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}"
_MAC = r"[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}"
# Chinese has no spaces between words, and its host names are written in other letters.
_LETTER = r"\p{Latin}\p{Greek}\p{Cyrillic}\p{N}_"
_WORD = rf"[{_LETTER}/\\~@][{_LETTER}.\-/\\@]*"
_PIECES = re2.compile(
    rf"(?P<v4>{_IPV4})(?::(?P<port>\d{{1,5}})\b)?|(?P<mac>{_MAC})|(?P<colons>{_COLONS})|(?P<word>{_WORD})"
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
            port = "" if piece["port"] is None else f":{stand_ins.port(int(piece['port']))}"
            return f"{_address(piece['v4'], stand_ins)}{port}"
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
        is_port = bare.isdecimal() and int(bare) in stand_ins.ports
        return f"{stand_ins.ports[int(bare)] if is_port else bare}{rest}"
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
    pairs = text.split(":")
    if len(pairs) == 6 and all(len(pair) == 2 for pair in pairs):
        return stand_ins.mac(bytes.fromhex("".join(pairs))).hex(":")
    return _address(text, stand_ins)


def _address(text: str, stand_ins: StandIns) -> str:
    """The stand-in of an address; a name's of what only looks like one."""
    try:
        return stand_ins.address_text(ip_address(text))
    except ValueError:
        return stand_ins.name(text)


def _stands_anywhere(name: str) -> bool:
    """Whether a name is looked for anywhere: it is none of the words that are looked at one by one."""
    return len(name) > 1 and not _WHOLE_WORD.fullmatch(name)
