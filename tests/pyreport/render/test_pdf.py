"""The PDF: pages, text, bookmarks, metadata, no complaints, and a destination that is whole or untouched."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from pypdf import PdfReader
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import BlockBox, LineBox, TableCellBox
from weasyprint.urls import FatalURLFetchingError

from pyreport.narrative.model import AdviceRow, Narrative
from pyreport.render.html import RENDER_FOLDER, render_html
from pyreport.render.look import Look, Paper
from pyreport.render.pdf import (
    EARLY,
    LAST_COMMAND,
    LOWEST_FIGURE,
    LocalFetcher,
    RefusedResourceError,
    _laid_out,
    _with_story,
    write_pdf,
)
from tests.pyreport import sample
from tests.pyreport.sample import WORDS, plain

pytestmark = pytest.mark.slow

MADE = sample.article().generated_ns
A4 = (595.28, 841.89)


@pytest.fixture(autouse=True)
def _no_complaints(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """WeasyPrint says nothing worth a warning: no unknown property, no failed resource, no missing glyph."""
    caplog.set_level(logging.WARNING)
    yield
    assert [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING] == []


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    return make(sample.article(), tmp_path_factory.mktemp("pdf") / "article.pdf")


def make(narrative: Narrative, path: Path) -> PdfReader:
    write_pdf(render_html(narrative, WORDS), path, narrative.generated_ns)
    return PdfReader(path)


def page_words(reader: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_verdict_is_on_the_first_page(article: PdfReader) -> None:
    first = page_words(article)[0]
    assert "The broker closed a connection that had carried no data for 60.0 s." in first
    assert first.index("VERDICT") < first.index("Service, network, host or application?")


@pytest.mark.parametrize("warnings", [0, 3, 8])
def test_how_high_a_story_likely_is_decides_what_is_tried_first_and_not_how_it_looks(
    warnings: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned = tuple(plain(f"Warning {number} is as long as others are. " * 4) for number in range(warnings))
    narrative = replace(sample.article(), warnings=warned)
    made = []
    for lowest in (0.0, 1_000.0):
        monkeypatch.setattr("pyreport.render.pdf.HIGH_STORY", lowest)
        path = tmp_path / f"{lowest}.pdf"
        make(narrative, path)
        made.append(path.read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize("warnings", [0, 8])
def test_the_story_is_on_page_one_however_much_there_is_to_say(warnings: int, tmp_path: Path) -> None:
    """With what to do and with the list of contents; where there is room, with all of them."""
    advice = tuple(AdviceRow(plain(f"Advice {number} is as long as others are. " * 3), (), ()) for number in range(3))
    warned = tuple(plain(f"Warning {number} is as long as others are. " * 4) for number in range(warnings))
    narrative = replace(sample.article(), warnings=warned, advice=advice)
    first, *others = page_words(make(narrative, tmp_path / "article.pdf"))
    assert "Advice 0" in first
    assert first.index("Appendix: how to get the same report") > first.index("Advice 0")
    assert ("Advice 2" in first) == (warnings == 0)
    assert "Advice 2" in " ".join(others)


def test_what_to_do_does_not_leave_page_one_with_the_contents(tmp_path: Path) -> None:
    """So many warnings that the list of contents has no room there any more."""
    advice = tuple(AdviceRow(plain(f"Advice {number} is as long as others are. " * 3), (), ()) for number in range(3))
    for count in range(20, 30):
        warned = tuple(plain(f"Warning {number} takes one line.") for number in range(count))
        first = page_words(make(replace(sample.article(), warnings=warned, advice=advice), tmp_path / "article.pdf"))[0]
        if "Appendix: how to get the same report" not in first:
            break
    assert "Appendix: how to get the same report" not in first
    assert "Advice 0" in first


@pytest.mark.parametrize("paper", list(Paper))
def test_on_a_tight_page_one_the_figure_takes_what_is_left(paper: Paper) -> None:
    warned = tuple(plain(f"Warning {number} is as long as others are. " * 4) for number in range(11))
    page = render_html(replace(sample.article(), warnings=warned), sample.PlainWords(), Look(paper=paper))
    document = _laid_out(page, RENDER_FOLDER.as_uri() + "/")
    boxes = list(document.pages[0]._page_box.descendants())
    (figure,) = (
        box for box in boxes if str(box.element_tag).endswith("svg") and "timeline" in str(box.element.get("class"))
    )
    (contents,) = (box for box in boxes if box.element_tag == "nav" and isinstance(box, BlockBox))
    body = document.pages[0]._page_box
    left = body.content_box_y() + body.height - contents.position_y - contents.height
    millimetre = 96 / 25.4
    assert figure.height > (LOWEST_FIGURE + 1) * millimetre
    assert 0 <= left < 5 * millimetre


def test_on_letter_the_figure_is_as_high_as_page_one_has_room_for() -> None:
    """No lower because the page is: only what else is on it takes room from the figure."""
    short = replace(sample.article(), warnings=(), advice=(), letter=None)
    document = _laid_out(
        render_html(short, sample.PlainWords(), Look(paper=Paper.LETTER)), RENDER_FOLDER.as_uri() + "/"
    )
    boxes = list(document.pages[0]._page_box.descendants())
    (figure,) = (
        box for box in boxes if str(box.element_tag).endswith("svg") and "timeline" in str(box.element.get("class"))
    )
    assert figure.height > 60 * 96 / 25.4


def test_no_last_page_for_a_command_that_has_room_before() -> None:
    def with_commands(count: int) -> str:
        command = "tshark -r kafka.pcap -Y frame.number==940 " * 10
        report = sample.bare()
        return render_html(replace(report, appendix=replace(report.appendix, commands=(command,) * count)), WORDS)

    folder = RENDER_FOLDER.as_uri() + "/"
    saved = 0
    for count in range(2, 30):
        page = with_commands(count)
        _, roomy = _with_story(page, folder)
        place = roomy.pages[-1].anchors.get(LAST_COMMAND)
        assert place is not None
        if len(roomy.pages) == 1 or place[1] >= EARLY * 96 / 25.4:
            continue
        saved = len(roomy.pages) - len(_laid_out(page, folder).pages)
        break
    assert saved == 1


@pytest.mark.parametrize(("before_mm", "order"), [(100, ["wireshark", "headers"]), (190, ["headers", "wireshark"])])
def test_the_filters_fill_a_page_that_the_headers_of_frames_would_leave_empty(before_mm: int, order: list[str]) -> None:
    """Headers of 160 mm have no room below either; on the second page nothing is to be filled."""
    page = f"""<style>@page {{ size: 210mm 297mm; margin: 20mm }} body, div, h2 {{ margin: 0 }}</style>
        <ul><li><a href="#headers">H</a></li>
        <li><a href="#wireshark">F</a></li></ul>
        <div style="height: {before_mm}mm"></div>
        <section class="headers"><div id="before-headers"></div><h2 id="headers" style="break-after: avoid">H</h2>
        <div style="height: 160mm; break-inside: avoid"></div></section>
        <section class="wireshark"><h2 id="wireshark">F</h2><div style="height: 40mm"></div></section>"""
    document = _laid_out(page, RENDER_FOLDER.as_uri() + "/")
    listed = [link[1] for link in document.pages[0].links]
    placed = [name for one in document.pages for name in one.anchors if name in order]
    assert listed == placed == order


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_time_since_the_step_before_is_one_line_in_its_column(language: str) -> None:
    """From nanoseconds to days."""
    report = sample.article()
    since = (1, 999_999, 59_999_000_000, 902_000_000_000, 3_599_000_000_000, 86_399_000_000_000, 10**15)
    steps = tuple(
        replace(step, number=number, since_previous_ns=ns)
        for number, (step, ns) in enumerate(zip(report.steps, since, strict=False), 1)
    )
    page = render_html(replace(report, steps=steps), sample.PlainWords(language, sample.SHANGHAI))
    boxes = (box for laid_out in HTML(string=page).render().pages for box in laid_out._page_box.descendants())
    cells = [box for box in boxes if isinstance(box, TableCellBox) and "since" in str(box.element.get("class"))]
    assert len(cells) == len(steps) > 5
    for cell in cells:
        (line,) = (box for box in cell.descendants() if isinstance(box, LineBox))
        assert line.width <= cell.width


def test_every_page_is_a4_with_header_and_footer(article: PdfReader) -> None:
    pages = page_words(article)
    assert 3 <= len(pages) <= 6
    for number, (page, words) in enumerate(zip(article.pages, pages, strict=True), 1):
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=0.1)
        assert f"page {number} of {len(pages)}" in words
        assert "capture sha256 9f2b5c1de0a84a6f…" in words
        assert f"{sample.CLIENT} → {sample.SERVER}" in words


def test_no_page_is_nearly_empty(article: PdfReader) -> None:
    assert all(len(words) > 600 for words in page_words(article))


def test_bookmarks_lead_to_the_sections(article: PdfReader) -> None:
    def titles(items: object) -> list[str]:
        assert isinstance(items, list)
        return [t for item in items for t in (titles(item) if isinstance(item, list) else [str(item.title)])]

    found = titles(article.outline)
    for title in (
        "Why the connection broke",
        "Verdict",
        "The host around that time",
        "Walkthrough",
        "Frame 940, 00:08:01.376174",
    ):
        assert title in found


def test_metadata_names_title_tool_language_and_time(article: PdfReader) -> None:
    metadata = article.metadata
    assert metadata is not None
    assert metadata.title == f"Why the connection broke: {sample.CLIENT} → {sample.SERVER}"
    assert metadata.author == "pyreport"
    assert metadata.creation_date is not None
    assert metadata.creation_date.timestamp() * 10**9 == MADE
    assert str(article.root_object["/Lang"]) == "en"


def test_figure_text_is_in_the_pdf(article: PdfReader) -> None:
    timeline = page_words(article)[0]
    assert "frame 940, FIN" in timeline
    assert "keep-alive probe" in timeline


def test_a_step_is_not_split_and_the_table_head_repeats(tmp_path: Path) -> None:
    model = sample.article().steps[3]
    long = {n: (plain(f"begin{n}."), plain("A long step. " * 30), plain(f"end{n}.")) for n in range(100, 140)}
    steps = tuple(replace(model, number=n, claims=claims) for n, claims in long.items())
    pages = page_words(make(replace(sample.bare(), steps=steps), tmp_path / "steps.pdf"))
    assert len(pages) > 3
    for step in steps:
        (page,) = [words for words in pages if f"begin{step.number}." in words]
        assert f"end{step.number}." in page
        assert "What happened" in page


def test_a_crowded_report_is_made_with_every_step(tmp_path: Path) -> None:
    words = " ".join(page_words(make(sample.crowded(), tmp_path / "crowded.pdf")))
    assert words.count("The client opens a new connection to the same broker.") == len(sample.crowded().steps) / 9


@pytest.mark.parametrize("build", [sample.ipv6, sample.bare, lambda: sample.hostile("<b>&\x00\u202e</style>")])
def test_extremes_make_a_pdf(build: Callable[[], Narrative], tmp_path: Path) -> None:
    narrative = build()
    assert WORDS.join(narrative.verdict)[:40] in page_words(make(narrative, tmp_path / "x.pdf"))[0]


@pytest.mark.parametrize("build", [sample.article, sample.ipv6], ids=["article", "ipv6"])
def test_no_text_leaves_its_cell_or_the_page(build: Callable[[], Narrative]) -> None:
    def visit(box: Any, right: float, cell: str) -> None:
        if type(box).__name__ == "TextBox" and box.text.strip():
            seen.append(box.text)
            if box.position_x + box.width > right + 0.1:
                clipped.append((cell, box.text))
        elif type(box).__name__ in ("TableCellBox", "PageBox"):
            right, cell = box.content_box_x() + box.width, type(box).__name__
        for child in getattr(box, "children", ()):
            visit(child, right, cell)

    seen: list[str] = []
    clipped: list[tuple[str, str]] = []
    for page in HTML(string=render_html(build(), WORDS)).render().pages:
        content = [child for child in page._page_box.children if type(child).__name__ != "MarginBox"]
        for child in content:
            visit(child, page._page_box.content_box_x() + page._page_box.width, "page")
    assert clipped == []
    assert any("52.1\xa0s later." in text for text in seen)


def test_same_input_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(render_html(sample.article(), WORDS), encoding="utf-8")
    script = (
        "import sys; from pathlib import Path; from pyreport.render.pdf import write_pdf;"
        "write_pdf(Path(sys.argv[1]).read_text(encoding='utf-8'), Path(sys.argv[2]), int(sys.argv[3]))"
    )
    outputs = []
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.pdf"
        command = [sys.executable, "-c", script, str(page), str(target), str(MADE)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        outputs.append(target.read_bytes())
    assert outputs[0] == outputs[1]


def test_destination_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_text("old")
    write_pdf(render_html(sample.bare(), WORDS), target, MADE)
    assert target.read_bytes().startswith(b"%PDF-")
    assert list(tmp_path.iterdir()) == [target]


def test_new_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.touch()
    write_pdf(render_html(sample.bare(), WORDS), tmp_path / "report.pdf", MADE)
    assert stat.S_IMODE((tmp_path / "report.pdf").stat().st_mode) == stat.S_IMODE(ordinary.stat().st_mode)


def test_symbolic_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "real.pdf", tmp_path / "link.pdf"
    link.symlink_to(target)
    write_pdf(render_html(sample.bare(), WORDS), link, MADE)
    assert link.is_symlink()
    assert target.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x.png", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_foreign_resource_is_refused_and_the_destination_stays(address: str, tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_text("old")
    with pytest.raises(RefusedResourceError, match="not part of it"):
        write_pdf(f'<p>x<img src="{address}"></p>', target, MADE)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_way_out_of_the_folder_is_refused() -> None:
    with pytest.raises(FatalURLFetchingError):
        LocalFetcher().fetch(RENDER_FOLDER.as_uri() + "/../units.py")
    with pytest.raises(FatalURLFetchingError):
        LocalFetcher().fetch(RENDER_FOLDER.as_uri() + "/%2e%2e/units.py")


def test_own_files_and_data_are_read() -> None:
    assert LocalFetcher().fetch((RENDER_FOLDER / "report.css").as_uri()).read().startswith(b"/*")
    assert LocalFetcher().fetch("data:text/plain,hello").read() == b"hello"


def test_failing_write_leaves_the_destination_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.pdf"
    target.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_pdf(render_html(sample.bare(), WORDS), target, MADE)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_missing_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_pdf(render_html(sample.bare(), WORDS), tmp_path / "absent" / "report.pdf", MADE)
