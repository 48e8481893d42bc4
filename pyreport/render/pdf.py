"""The HTML report as a PDF file, through WeasyPrint."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyreport.base.units import NS_PER_S
from pyreport.base.whole_file import write_whole
from pyreport.render.html import PAGE_SIZE, RENDER_FOLDER
from pyreport.render.loader import HTML, Attachment, Document, FatalURLFetchingError, URLFetcher, URLFetcherResponse
from pyreport.render.look import Paper
from pyreport.render.pdf_standard import VARIANT, declare_ua, finish
from pyreport.words.breaks import columns

#: How page one is set where it has more to hold, the roomiest first: classes of report.css, and how many millimetres
#: high the figure is at least. It takes what is left. A lower one is not to be read, so lists are shortened for it.
LOWEST_FIGURE = 47.0
ROOMS = {"fitted": 56.0, "tight": LOWEST_FIGURE, "tight shorter": LOWEST_FIGURE}
#: A page of this size is lower than A4 by 18 mm: page one nearly always has to be fitted.
LOW_PAGE = PAGE_SIZE.format(Paper.LETTER)
FIRST_PAGE, CONTENTS, END_OF_STORY = '<div class="first-page">', "contents", "</nav>"
#: A last page whose last command begins within so many millimetres is worth a trial with everything closer.
LAST_COMMAND, EARLY = "last-command", 60.0
ROOT, CLOSER = "<html ", '<html class="closer" '
#: Where nothing broke, more pages than this are worth a trial, too.
BRIEF, MOST_BRIEF_PAGES = '<body class="brief">', 2
#: The headers of the frames are higher than what has room at the end of most pages. Where they leave the page
#: before theirs emptier than this share, a trial has the filters first, which fill it.
FULL_ENOUGH, BEFORE_HEADERS, HEADERS, FILTERS = 0.6, "before-headers", "headers", "wireshark"
#: Anchors that only a trial of page one has: where its text ends, and where it could end.
_TEXT_END, _PAGE_END = "end-of-text", "end-of-page"
#: What a trial leaves free, in millimetres: one line of the list of contents, whose numbers it does not know yet.
_ONE_LINE = 3.2
_PIXELS_PER_MM = 96 / 25.4
#: Millimetres that a column of text (of a fixed-width font) and a figure as high as wide take on page one: from 68
#: reports of public captures in two languages, to within 15 mm.
_MM_PER_COLUMN, _MM_OF_SQUARE_FIGURE = 0.043, 170.0
#: A story that is likely not higher than the first nearly always fits page one as it is, one higher than the second
#: never.
HIGH_STORY, TOO_HIGH_STORY = 207.0, 222.0
IN_BROWSER = ' class="in-browser"'
#: WeasyPrint 70 breaks no line at a <wbr> inside an inline element, but at the character that the element stands for.
MAY_BREAK, ZERO_WIDTH_SPACE = "<wbr>", "\N{ZERO WIDTH SPACE}"
_FIGURE = re.compile('viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
_NO_TEXT = re.compile("<style.*?</style>|<svg.*?</svg>|<[^>]*>", re.DOTALL)
_HEADERS_AND_FILTERS = re.compile(
    r'(<section class="headers">.*?</section>)(\s*)(<section class="wireshark">.*?</section>)', re.DOTALL
)
_LISTED = re.compile(rf'(<li><a href="#{HEADERS}">.*?</li>)(\s*)(<li><a href="#{FILTERS}">.*?</li>)', re.DOTALL)
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
        document = _laid_out(html.replace(IN_BROWSER, "", 1).replace(MAY_BREAK, ZERO_WIDTH_SPACE), base_url)
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
    """The document on pages, without a last page that has little but commands where all fits on the others."""
    document = _filled(html, base_url)
    place = document.pages[-1].anchors.get(LAST_COMMAND)
    is_early = place is not None and len(document.pages) > 1 and place[1] < EARLY * _PIXELS_PER_MM
    if is_early or (BRIEF in html and len(document.pages) > MOST_BRIEF_PAGES):
        closer = _filled(html.replace(ROOT, CLOSER, 1), base_url)
        if len(closer.pages) < len(document.pages):
            return closer
    return document


def _filled(html: str, base_url: str) -> Document:
    """The document on pages, with the filters before the headers of frames where that fills a page."""
    html, document = _with_story(html, base_url)
    share = _share_before_headers(document)
    if share < FULL_ENOUGH and _HEADERS_AND_FILTERS.search(html):
        filters_first = _LISTED.sub(r"\3\2\1", _HEADERS_AND_FILTERS.sub(r"\3\2\1", html))
        other = _rendered(filters_first, base_url)
        if len(other.pages) <= len(document.pages) and _share_before_headers(other) > share:
            return other
    return document


def _share_before_headers(document: Document) -> float:
    """How much of its height is taken on the page after which the headers of frames begin; all of it where they begin
    on the same one.
    """
    for page, then in pairwise(document.pages):
        if BEFORE_HEADERS in page.anchors and HEADERS in then.anchors:
            return float(page.anchors[BEFORE_HEADERS][1] / page.height)
    return 1.0


def _rendered(html: str, base_url: str) -> Document:
    return HTML(string=html, base_url=base_url, url_fetcher=LocalFetcher()).render()


def _with_story(html: str, base_url: str) -> tuple[str, Document]:
    """The document on pages, as roomy as it can be with the whole story on the first one, and its text as set.

    How much page one has to hold depends on the capture and on the language, and only the layout knows how high it is.
    To lay out page one alone takes a third of the time: that comes first where it is likely not to do as it is. Where
    page one is tight, a trial with the lowest figure tells how high the figure can be.
    """
    rendered = partial(_rendered, base_url=base_url)
    if END_OF_STORY not in html:
        return html, rendered(html)
    is_low, height = LOW_PAGE in html, _likely_height(html)
    is_worth_a_try = height <= TOO_HIGH_STORY and not is_low
    if is_worth_a_try and (height <= HIGH_STORY or _holds_the_story(rendered(_first_page_alone(html)))):
        document = rendered(html)
        if _holds_the_story(document):
            return html, document
    for room, lowest in ROOMS.items():
        if room == "fitted" and not is_low:
            continue
        left = _left_on_page_one(rendered(_first_page_alone(_tight(html, room, lowest))))
        if left >= 0:
            break
    tight = _tight(html, room, lowest + max(left, 0))
    return tight, rendered(tight)


def _tight(html: str, room: str, figure: float) -> str:
    """The document with a tighter page one and its figure at most so many millimetres high."""
    return html.replace(FIRST_PAGE, f'<div class="first-page {room}" style="--figure: {figure:.1f}mm">', 1)


def _likely_height(html: str) -> float:
    """How many millimetres all before the end of the list of contents, with which the story ends, will likely take."""
    story = html.partition(END_OF_STORY)[0]
    figures = sum(float(height) / float(width) for width, height in _FIGURE.findall(story))
    text = columns(" ".join(_NO_TEXT.sub("", story).split()))
    return text * _MM_PER_COLUMN + figures * _MM_OF_SQUARE_FIGURE


def _holds_the_story(document: Document) -> bool:
    """Whether the list of contents, which ends the story in short, is on page one."""
    return CONTENTS in document.pages[0].anchors


def _left_on_page_one(trial: Document) -> float:
    """How many millimetres a trial of page one leaves free, negative where it spills."""
    anchors = trial.pages[0].anchors
    if _TEXT_END not in anchors:
        return -1.0
    return float(anchors[_PAGE_END][1] - anchors[_TEXT_END][1]) / _PIXELS_PER_MM - _ONE_LINE


def _first_page_alone(html: str) -> str:
    """The document up to the list of contents, with an empty second page that all its links lead to."""
    begin, end_of_story, _ = html.partition(END_OF_STORY)
    page = begin + end_of_story
    places = "".join(f'<i id="{place}"></i>' for place in sorted(set(_LINK.findall(page))))
    ends = f'<div id="{_TEXT_END}"></div><i id="{_PAGE_END}" style="position: absolute; bottom: 0"></i>'
    return f'{page}{ends}<div style="break-before: page">{places}</div></body></html>'
