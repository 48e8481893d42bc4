"""WeasyPrint, loaded without a search for its C libraries and without the parts of fontTools that few fonts need."""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pyreport.base.loading import loaded_when_called

__all__ = [
    "HTML",
    "Attachment",
    "Document",
    "FatalURLFetchingError",
    "LineBox",
    "TextBox",
    "URLFetcher",
    "URLFetcherResponse",
]

# WeasyPrint subsets fonts by HarfBuzz where it is there, and instances only variable fonts. To load these takes nearly
# as long as to load all the rest.
SELDOM_NEEDED = "fontTools.subset", "fontTools.varLib.instancer"


@contextmanager
def names_as_they_are() -> Iterator[None]:
    """For the time of the ``with`` block libraries are loaded on Linux only by the names that they are asked for.

    WeasyPrint tries half a dozen names of each library, of all systems. For each that is not there cffi runs ldconfig,
    gcc and ld (ctypes.util.find_library); the name that Linux knows ("libpango-1.0.so.0") needs none of them.
    """
    find = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005 - the name of the parameter is ctypes'
    try:
        yield
    finally:
        ctypes.util.find_library = find


with names_as_they_are(), loaded_when_called(*SELDOM_NEEDED):
    from weasyprint import HTML, Attachment, Document
    from weasyprint.formatting_structure.boxes import LineBox, TextBox
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
