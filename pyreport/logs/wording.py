"""What the words of a record prove: the tables of ``wordings/*.toml``, found in one pass without backtracking (RE2)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cache
from importlib.resources import files
from itertools import islice

import re2
from msgspec import Struct

from pyreport.logs.errnos import errno_of_number
from pyreport.logs.model import Errno

TABLES = ("system", "runtimes", "services", "middleware", "tools", "clients", "plain", "side", "formats")
# Where a program prints the number of the error: errno(3), libuv's and Windows' (winsock).
_NAMES = r"errno|os error|WinError|WSA(?:GetLastError)?|(?:system|winsock|socket|last) error|sys_errno|err code:"
NUMBERS = (
    rf"\b(?:{_NAMES})(?:\(\))?[ :=#\"']{{0,3}}-?(\d{{2,5}})\b",
    r"\b(?:SocketException|Os \{ code:) ?\(?(?:0x[0-9A-Fa-f]{8}: )?\(?-?(\d{2,5})\b",
    r"\b(?:error|failed|failure|Win32Exception)[ :=]{0,2}\(?-?(10[34]|11[013]|100(?:5[0-4]|6[015]))\b",
    r"(?:^|[\s\[(])\((\d{2,5})\)[A-Z][a-z]",  # Apache httpd: (104)Connection reset by peer
    r"\b(?:Error|error)\((\d{2,5}), '",
    r"[\pL\d.。'\"] ?\((100(?:5[0-4]|6[015]))\)",  # Windows, behind its text
    r"\b(0x800727[34][0-9A-F])\b",  # Windows, as an HRESULT
    r"\b(?:error|error code|failed)[ :=(]{1,3}(0x0*27[34][0-9A-F])\b",
    r"return code from the TCP/IP[^\n]* was (\d{2,5})",  # IBM MQ
    r"\w returned -(\d{2,5})\b",  # Linux' drivers
    r"connect[_ ]error:[_ ](\d{2,5})",  # Envoy: delayed connect error: 111
    r"\b(?:return code|retval|ret|rc|status|result|err) ?[=:] ?-(\d{2,3})\b",  # Linux' drivers, libuv's users
    r"Protocol specific error code\(s\): \"(\d{2,5})\"",  # IBM's Data Server Driver
    r"\b(?:RETURN CODE|ERRNO)=(\d{2,5}) ",  # IBM z/OS
)
# What a record complains with: an exception, or a level of warning and above, as loggers write it.
COMPLAINS = (
    r"\b(?:errors?|err|warn(?:ing)?|fatal|critical|crit|severe|alert|emerg|panic|exception|fail(?:ed|ure|s)?"
    r"|unexpected(?:ly)?|abnormal(?:ly)?|unable|cannot|could not|wrn|eror)\b|\w(?:Exception|Error)\b"
    r"|\b[EWF]\d{4} |%[0-4]\||\d [EWC] \| "
    r"|错误|失败|异常|エラー|警告|Fehler|Warnung|erreur|avertissement|advertencia"
)
_MOST_HITS = 64


class Weight(IntEnum):
    """How much a wording tells."""

    LOOSE = 1  # said of orderly ends too: needs a complaint, or both ends, beside it
    LIBRARY = 2
    SYSTEM = 3  # the error of the system call itself
    EXACT = 4  # the same words, but known to be said of something else: a timer of the program's own


class Wording(Struct, frozen=True):
    """One row of the tables: RE2 patterns (case is ignored), what they prove, and lines that show them.

    ``by_server``: the writer is the accepting side, ``by_client``: the one that connected. ``server_side``: a proxy's
    connection to its server, whose client's end the line names. ``client_first``: of two ends with an arrow the first
    is the client, whoever writes. ``harmless``: an everyday line, so its loose words tell nothing; ``everyday``: nor do
    the formats. ``format``: the module that may know more of such a record. ``reason``: why the accepting side closes,
    as it says itself.
    """

    words: tuple[str, ...]
    errno: Errno | None = None
    weight: Weight = Weight.LIBRARY
    operation: str = ""
    product: str = ""
    service: str = ""
    by_server: bool = False
    by_client: bool = False
    server_side: bool = False
    client_first: bool = False
    harmless: bool = False
    everyday: bool = False
    format: str = ""
    reason: str = ""
    lines: tuple[str, ...] = ()


class Hit(Struct, frozen=True):
    """Where in a text a wording stands."""

    wording: Wording
    start: int
    end: int
    words: str


@cache
def wordings() -> tuple[Wording, ...]:
    """All rows, in the order of the tables."""
    return tuple(_rows())


def find(text: str) -> list[Hit]:
    """The wordings of a text by their place, without those that are part of a longer one."""
    rows, matcher = _compiled()
    content = text.encode("utf-8", "replace")
    hits = []
    for number in matcher.Match(content) or ():
        row, words = rows[number]
        if row.errno is None and not row.operation:  # that it stands there is enough
            hits.append(Hit(row, 0, 0, ""))
            continue
        for found in islice(_pattern(words, captures=row is _NUMBER).finditer(content), _MOST_HITS):
            hit = _hit(row, found)
            if hit is not None:
                hits.append(hit)
    return _without_parts(hits)


def tells_surely(text: str) -> bool:
    """Whether the wordings of a text alone, wherever they stand, prove an error. Where this is False, it may have one:
    a number may be no errno, a loose wording needs more, an everyday one takes back.
    """
    rows, matcher = _compiled()
    found = [rows[number][0] for number in matcher.Match(text.encode("utf-8", "replace")) or ()]
    is_error = any(row.errno is not None and row.weight > Weight.LOOSE and row is not _NUMBER for row in found)
    return is_error and not any(row.everyday for row in found)


@cache
def trouble() -> tuple[str, ...]:
    """The patterns of which a record that tells of a broken connection has at least one in a line: a wording, a
    format's words, a number; a loose wording only where the line complains or has an arrow.
    """
    telling = (row for row in wordings() if (row.errno is not None and row.weight > Weight.LOOSE) or row.format)
    loose = _any(word for row in wordings() if row.weight is Weight.LOOSE for word in row.words)
    beside = _any((COMPLAINS, r"[\d\])](?:->|=>| -> | => )"))
    return (
        *(word for row in telling for word in row.words),
        *NUMBERS,
        rf"{beside}[^\n]*{loose}",
        rf"{loose}[^\n]*{beside}",
    )


def _any(patterns: Iterable[str]) -> str:
    return "(?:" + "|".join(f"(?:{pattern})" for pattern in patterns) + ")"


def _hit(row: Wording, found: re2._Match[bytes]) -> Hit | None:
    start, end = found.span()
    words = found[0].decode("utf-8", "replace")
    if row is _NUMBER:
        errno = _errno_of(found[1].decode("ascii"))
        return None if errno is Errno.OTHER else Hit(_OF_NUMBER[errno], start, end, words)
    return Hit(row, start, end, words)


def _errno_of(number: str) -> Errno:
    """The errno of a number as a program writes it; other codes of programs begin with 0."""
    if number.startswith("0") and not number.startswith("0x"):
        return Errno.OTHER
    return errno_of_number(int(number, 0) & 0xFFFF)


def _without_parts(hits: list[Hit]) -> list[Hit]:
    """The hits by their place, without the errors that lie in another one which tells as much."""
    hits.sort(key=lambda hit: (hit.start, -hit.end, -hit.wording.weight))
    kept: list[Hit] = []
    reach = dict.fromkeys(Weight, -1)
    for hit in hits:
        weight = hit.wording.weight
        if hit.wording.errno is None:
            kept.append(hit)
        elif all(hit.end > reach[other] for other in Weight if other >= weight):
            kept.append(hit)
            reach[weight] = hit.end
    return kept


def _rows() -> Iterator[Wording]:
    for name in TABLES:
        table = tomllib.loads(files("pyreport.logs.wordings").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
        for row in table["wording"]:
            errno = row.pop("errno", None)
            yield Wording(
                tuple(row.pop("words")),
                Errno(errno) if errno else None,
                Weight[row.pop("weight", "library").upper()],
                lines=tuple(row.pop("lines", ())),
                **row,
            )


_NUMBER = Wording(NUMBERS, Errno.OTHER, Weight.SYSTEM)
_OF_NUMBER = {errno: Wording((), errno, Weight.SYSTEM) for errno in Errno}


@cache
def _compiled() -> tuple[list[tuple[Wording, str]], re2.Set]:
    """Each pattern with its row, in the order in which the set of them all counts them."""
    matcher = re2.Set.SearchSet(options_of())
    rows = [(row, words) for row in (*wordings(), _NUMBER) for words in row.words]
    for _, words in rows:
        matcher.Add(words)
    matcher.Compile()
    return rows, matcher


@cache
def _pattern(words: str, *, captures: bool) -> re2._Regexp[bytes]:
    return re2.compile(words.encode(), options_of(captures=captures))


def options_of(*, captures: bool = False) -> re2.Options:
    """RE2's options for the tables: case is ignored."""
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = not captures
    options.max_mem = 64 << 20
    options.log_errors = False
    return options


def any_of(patterns: Sequence[str]) -> re2._Regexp[bytes]:
    """One pattern for bytes that finds the first of many."""
    return re2.compile(_any(patterns).encode(), options_of())
