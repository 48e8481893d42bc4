"""Logs made wrong, and texts that mean something to who prints, parses or quotes them."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from random import Random

HOSTILE = (
    "", "\x00", "\x1b]0;x\x07\x1b[31m", "\x9b31m", "\u202eevil\u2066", "\u200b\u2060\ufeff", "\U000e0041\U000e007f",
    "\ud800", "\ufffe\uffff", "<script>alert(1)</script>", "</style><img src=x>", "&amp;&lt;&#0;", "]]>",
    "{{ 7*7 }}{% raw %}", "[bold]x[/bold][/]", "%s%n{0}{x!r}", "'; rm -rf / #", "$(id)`id`", "-oProxy", "../../etc",
    "=cmd|' /C calc'!A0", "\r\n\r", "\u2028\u2029\x85", "e\u0301" * 40, "漢字" * 40, "مرحبا", "\U0001f600",
    "\N{KELVIN SIGN}", "İ", "ß", "9" * 400, "-1", "1e999", "NaN", "٣", "[" * 200, '{"a":' * 120, "\\u0000", "\t" * 50,
    "x" * 5000, "::1", "::ffff:1.2.3.4", "[fe80::1%eth0]:1", "1.2.3.4:0", "1.2.3.4:65536", "256.1.1.1:1",
    "0000-00-00T00:00:00", "9999-12-31T23:59:60Z", "2022-02-30 25:61:61", "+24:00", "1970-01-01", "253402300800",
)  # fmt: skip
LONGEST = 60_000


def hostile_text(chance: Random) -> str:
    """One of these texts."""
    return chance.choice(HOSTILE)


def mutated_line(line: str, others: Sequence[str], chance: Random) -> str:
    """The line with a few things wrong: characters, parts of it or of others, hostile texts, numbers."""
    text = line
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        place = chance.randrange(len(text) + 1)
        end = min(len(text), place + int(10 ** (chance.random() * 2)))
        match chance.randrange(9):
            case 0:
                text = text[:place] + text[end:]
            case 1:
                text = text[:place] + hostile_text(chance) + text[place:]
            case 2:
                text = text[:place] + hostile_text(chance) + text[end:]
            case 3:
                text = text[:place] + chr(chance.choice((0, 9, 10, 13, 34, 92, 127, 133, 160, 0x2028))) + text[end:]
            case 4:
                text = text[:end] + text[place:]
            case 5:
                other = chance.choice(others)
                text = text[:place] + other[chance.randrange(len(other) + 1) :]
            case 6:
                digits = [at for at, character in enumerate(text) if character.isdigit()]
                if digits:
                    at = chance.choice(digits)
                    text = text[:at] + chance.choice(("0", "9", "00", "99999999999", "-", ".")) + text[at + 1 :]
            case 7:
                text = text[:place] + (text[place:end] or " ") * chance.choice((2, 50, 400)) + text[end:]
            case _:
                text = text.replace(chance.choice(": ,>-/\"'[]()="), chance.choice(HOSTILE)[:20])
        text = text[:LONGEST]
    return text


def mutated_log(lines: Sequence[str], chance: Random) -> bytes:
    """A log of some of these lines, some of them wrong, perhaps of another encoding, compressed or cut."""
    chosen = [chance.choice(lines) for _ in range(chance.choice((1, 1, 2, 5, 20)))]
    text = chance.choice(("\n", "\n", "\r\n", "\r", "\0")).join(
        mutated_line(line, lines, chance) if chance.random() < 0.7 else line for line in chosen
    )
    octets = bytearray(text.encode("utf-8", "surrogatepass"))
    match chance.randrange(12):
        case 0:
            octets = bytearray(text.encode("utf-16", "surrogatepass"))
        case 1:
            octets = bytearray(text.encode("gb18030", "replace"))
        case 2:
            octets = bytearray(gzip.compress(octets, mtime=0))
            if chance.random() < 0.5:
                octets[chance.randrange(len(octets))] ^= 0x10
    for _ in range(chance.choice((0, 0, 1, 4))):
        if octets:
            octets[chance.randrange(len(octets))] = chance.randrange(256)
    if chance.random() < 0.1:
        del octets[chance.randrange(len(octets) + 1) :]
    return bytes(octets)
