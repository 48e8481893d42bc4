"""The web page and the PDF of a report, as they are written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError, ToolError
from pyreport.cli.output import write_text
from pyreport.cli.request import Request
from pyreport.render.clean import REPLACEMENT
from pyreport.render.fonts import missing_characters, packages_for
from pyreport.words import Words


def now_ns() -> int:
    """The time that the report carries: SOURCE_DATE_EPOCH when set (reproducible-builds.org), else now."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(fixed) * 1_000_000_000 if fixed.isdecimal() else time.time_ns()


def check_fonts(request: Request, words: Words) -> None:
    """Raise ToolError when a PDF was asked for and no font has the characters of its language."""
    wants_pdf = request.pdf is not None or request.bundle is not None
    missing = missing_characters(words.characters) if wants_pdf else ()
    if missing:
        few = "".join(missing[:8])
        raise ToolError(words.label("font-needed", missing=few, package=words.label("fonts-package")))


def write_documents(
    render: Callable[[tuple[Claim, ...]], str], request: Request, generated_ns: int, attached: Sequence[Path] = ()
) -> tuple[Claim, ...]:
    """Write a report as the web page and the PDF that were asked for, and return what has to be said of them.

    ``render`` makes the page with some more claims to be read first. Text from outside (a log line) may have characters
    that no font has: the PDF shows a mark for each and says so. Raises InputError when a file cannot be written.
    """
    # Imported here: WeasyPrint takes a second to load, which scan and --json need not wait for.
    from pyreport.render.pdf import write_pdf

    html = render(())
    if request.html is not None:
        write_text(request.html, html)
    if request.pdf is None:
        return ()
    missing = missing_characters(html)
    notes = (_font_missing(missing),) if missing else ()
    if missing:
        html = render(notes).translate({ord(character): REPLACEMENT for character in missing})
    try:
        write_pdf(html, request.pdf, generated_ns, attached)
    except OSError as error:
        raise InputError(
            f"{request.pdf} cannot be written ({error.strerror}): choose another place with -o."
        ) from error
    return notes


def _font_missing(missing: Sequence[str]) -> Claim:
    listed = tuple(f"U+{ord(character):04X}" for character in missing[:8])
    more = ("…",) if len(missing) > len(listed) else ()
    return claim("font-missing", count=len(missing), missing=(*listed, *more), package=packages_for(missing))
