"""Which characters no font of this system has: Pango, which sets the PDF, looks through the same list (fontconfig)."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterable
from ctypes.util import find_library
from functools import cache

_LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib")
#: How names of characters begin whose fonts are in a package of their own (Debian).
_EAST_ASIAN = ("CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "BOPOMOFO")


class _FontSet(ctypes.Structure):
    """FcFontSet of fontconfig.h; only the count is read."""

    _fields_ = (("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.c_void_p))


def missing_characters(text: Iterable[str]) -> tuple[str, ...]:
    """The characters of the text that would be printed and that no font has, in order, each once.

    Nothing is missing where fontconfig itself is: then there is no PDF either, and WeasyPrint says so.
    """
    printed = sorted({c for c in text if ord(c) > 0x7E and not _is_invisible(c)})
    library = _fontconfig()
    if library is None or not printed or _has_font(library, printed):
        return ()
    return tuple(c for c in printed if not _has_font(library, [c]))


def _is_invisible(character: str) -> bool:
    """A space, a control or a format character; one that Unicode has not assigned counts as visible."""
    category = unicodedata.category(character)
    return category.startswith("Z") or category in ("Cc", "Cf")


def packages_for(characters: Iterable[str]) -> tuple[str, ...]:
    """The Debian packages with fonts for the characters."""
    return tuple(sorted({_package(c) for c in characters}))


def _package(character: str) -> str:
    if unicodedata.name(character, "").startswith(_EAST_ASIAN):
        return "fonts-noto-cjk"
    return "fonts-symbola" if unicodedata.category(character) == "So" else "fonts-noto-core"


@cache
def _fontconfig() -> ctypes.CDLL | None:
    for name in (*_LIBRARIES, "fontconfig"):
        try:
            library = ctypes.CDLL(name if name in _LIBRARIES else find_library(name) or name)
        except OSError:
            continue
        library.FcNameParse.restype = library.FcObjectSetCreate.restype = ctypes.c_void_p
        library.FcFontList.restype = ctypes.POINTER(_FontSet)
        library.FcFontList.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
        for destroy in (library.FcPatternDestroy, library.FcObjectSetDestroy, library.FcFontSetDestroy):
            destroy.argtypes = (ctypes.c_void_p,)
        return library
    return None


def _has_font(library: ctypes.CDLL, characters: Iterable[str]) -> bool:
    """Whether one font has all of the characters."""
    wanted = " ".join(f"{ord(c):x}" for c in characters)
    pattern, objects = library.FcNameParse(f":charset={wanted}".encode()), library.FcObjectSetCreate()
    fonts = library.FcFontList(None, pattern, objects)
    try:
        return bool(fonts) and fonts.contents.count > 0
    finally:
        library.FcPatternDestroy(pattern)
        library.FcObjectSetDestroy(objects)
        if fonts:
            library.FcFontSetDestroy(fonts)
