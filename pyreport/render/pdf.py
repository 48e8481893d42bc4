"""The HTML report as a PDF file, through WeasyPrint."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyreport.base.units import NS_PER_S
from pyreport.base.whole_file import write_whole
from pyreport.render.html import RENDER_FOLDER
from pyreport.render.loader import HTML, Attachment, Document, FatalURLFetchingError, URLFetcher, URLFetcherResponse
from pyreport.render.pdf_standard import VARIANT, declare_ua, finish
from pyreport.words.breaks import columns

#: How page one is set where it has more to hold, the roomiest first: classes of report.css.
TIGHTER_ROOMS = ("tight", "tight lower", "tight lowest", "tight lower shorter", "tight lowest shorter")
FIRST_PAGE, CONTENTS, END_OF_STORY = '<div class="first-page">', "contents", "</nav>"
#: A story of more text (in columns of a fixed-width font) nearly always needs a tighter page one, one of less never.
LONG_STORY = 3150
IN_BROWSER = ' class="in-browser"'
_NO_TEXT = re.compile("<style.*?</style>|<svg.*?</svg>|<[^>]*>", re.DOTALL)
_LINK = re.compile('href="#([a-z0-9-]+)"')


class RefusedResourceError(ValueError):
    """The document asked for a file or an address outside the report."""


class LocalFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type information
    """Reads ``data:`` addresses and files of this folder, and stops the rendering at anything else.

    A report is made from text that strangers wrote; no part of it may reach the network or other files.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data", "file"], allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The resource; FatalURLFetchingError, which WeasyPrint lets through, when it is not ours."""
        parts = urlsplit(url)
        is_ours = parts.scheme == "file" and Path(unquote(parts.path)).resolve().is_relative_to(RENDER_FOLDER.resolve())
        if parts.scheme != "data" and not is_ours:
            raise FatalURLFetchingError(url)
        return super().fetch(url, headers)


def write_pdf(html: str, destination: Path, generated_ns: int, attached: Sequence[Path] = ()) -> None:
    """Write the document as PDF/A-3A and PDF/UA-1, dated ``generated_ns`` (nanoseconds since the epoch, UTC), with
    files inside.

    The same HTML and time give the same bytes with the same versions and fonts. The destination appears whole or
    stays as it was. Raises OSError when it cannot be written, RefusedResourceError when the HTML refers to something
    outside the report.
    """
    write_whole(destination, _make_pdf(html, generated_ns, [(path.name, path.read_bytes()) for path in attached]))


def _make_pdf(html: str, generated_ns: int, attached: Sequence[tuple[str, bytes]] = ()) -> bytes:
    made = datetime.fromtimestamp(generated_ns // NS_PER_S, UTC)
    date = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    identifier = hashlib.sha256(f"{date}\n{html}".encode() + b"".join(content for _, content in attached)).digest()[:16]
    base_url = RENDER_FOLDER.as_uri() + "/"
    try:
        document = _laid_out(html.replace(IN_BROWSER, "", 1), base_url)
        document.metadata.created = document.metadata.modified = date
        document.metadata.attachments += [
            Attachment(file_obj=BytesIO(content), name=name, created=made, modified=made, relationship="Data")
            for name, content in attached
        ]
        declare_ua(document)
        with warnings.catch_warnings():
            # WeasyPrint 70 leaves it to Python to close the file of its colour profile.
            warnings.simplefilter("ignore", ResourceWarning)
            pdf: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier, finisher=finish)
    except FatalURLFetchingError as error:
        raise RefusedResourceError(f"the report refers to {error}, which is not part of it") from None
    return pdf


def _laid_out(html: str, base_url: str) -> Document:
    """The document on pages, as roomy as it can be with the whole story on the first one.

    How much page one has to hold depends on the capture and on the language, and only the layout knows how high it is.
    To lay out page one alone takes a third of the time: that comes first where it is likely not to do as it is.
    """

    def rendered(page: str) -> Document:
        return HTML(string=page, base_url=base_url, url_fetcher=LocalFetcher()).render()

    has_a_story = END_OF_STORY in html
    if not has_a_story or _columns_of_story(html) <= LONG_STORY or _holds_the_story(rendered(_first_page_alone(html))):
        document = rendered(html)
        if not has_a_story or _holds_the_story(document):
            return document
    for room in TIGHTER_ROOMS:
        tight = html.replace(FIRST_PAGE, f'<div class="first-page {room}">', 1)
        if room == TIGHTER_ROOMS[-1] or _holds_the_story(rendered(_first_page_alone(tight))):
            break
    return rendered(tight)


def _columns_of_story(html: str) -> int:
    """How much text is before the list of contents, whose end is the end of the story."""
    return columns(" ".join(_NO_TEXT.sub("", html.partition(END_OF_STORY)[0]).split()))


def _holds_the_story(document: Document) -> bool:
    """Whether the list of contents, which ends the story in short, is on page one."""
    return CONTENTS in document.pages[0].anchors


def _first_page_alone(html: str) -> str:
    """The document up to the list of contents, with an empty second page that all its links lead to."""
    begin, end_of_story, _ = html.partition(END_OF_STORY)
    page = begin + end_of_story
    places = "".join(f'<i id="{place}"></i>' for place in sorted(set(_LINK.findall(page))))
    return f'{page}<div style="break-before: page">{places}</div></body></html>'
