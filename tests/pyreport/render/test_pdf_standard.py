"""PDF/A-3A and PDF/UA-1: what the standards ask, held against the objects of a written file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree, html
from msgspec.structs import replace
from pypdf import PdfReader

from pyreport.narrative.model import AdviceRow
from pyreport.render.html import render_html
from pyreport.render.pdf import write_pdf
from tests.pyreport import pdf_structure, sample
from tests.pyreport.sample import PlainWords, plain

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["en", "zh"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    folder = tmp_path_factory.mktemp("standard")
    path, attached = folder / "article.pdf", folder / "report.json"
    attached.write_text("{}", encoding="utf-8")
    advice = (AdviceRow(plain("Raise the limit."), (plain("Its setting."),), ("RFC 1122",)),)
    page = render_html(replace(sample.article(), advice=advice), PlainWords(request.param, sample.SHANGHAI))
    write_pdf(page, path, sample.article().generated_ns, [attached])
    return PdfReader(path)


def test_both_standards_are_declared_in_one_tree(report: PdfReader) -> None:
    told = etree.fromstring(pdf_structure.declared(report).encode())
    (tree,) = told.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF")
    values = {re.sub(".*}", "", str(e.tag)): e.text for e in tree.iter() if e.text and e.text.strip()}
    attributes = {re.sub(".*}", "", str(name)): value for e in tree.iter() for name, value in e.attrib.items()}
    assert (attributes["part"], attributes["conformance"]) == ("3", "A")
    assert values["part"] == "1"
    assert values["namespaceURI"] == "http://www.aiim.org/pdfua/ns/id/"


def test_title_language_and_colours_are_told(report: PdfReader) -> None:
    root = pdf_structure.root(report)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] in ("en", "zh-CN")
    assert "/Suspects" not in root["/MarkInfo"]
    assert not report.is_encrypted
    assert report.metadata is not None
    assert report.metadata.title
    assert all(str(page["/Tabs"]) == "/S" for page in report.pages)
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert "/ID" in report.trailer


def test_the_tree_is_one_that_the_standard_allows(report: PdfReader) -> None:
    assert {"/H1", "/H2", "/P", "/L", "/Table", "/TH", "/TD", "/Figure"} <= set(pdf_structure.kinds(report))
    assert list(pdf_structure.misplaced(report)) == []
    assert list(pdf_structure.headings(report)) == []
    headings = [kind for kind in pdf_structure.kinds(report) if re.fullmatch("/H[1-6]", kind)]
    assert headings[0] == "/H1"
    assert headings.count("/H1") == 1


def test_each_head_of_a_table_says_what_it_heads(report: PdfReader) -> None:
    assert list(pdf_structure.heads_without_scope(report)) == []
    scopes = {pdf_structure.attribute(e, "/Scope") for e, _ in pdf_structure.elements(report) if e["/S"] == "/TH"}
    assert scopes == {"/Row", "/Column"}


def test_lists_that_are_numbered_say_so_and_others_do_not(report: PdfReader) -> None:
    assert set(pdf_structure.numberings(report)) == {"/Decimal", ""}


def test_all_that_is_painted_is_content_or_an_artifact_and_never_both(report: PdfReader) -> None:
    assert list(pdf_structure.unmarked(report)) == []


def test_text_can_be_read_and_no_glyph_is_missing(report: PdfReader) -> None:
    assert list(pdf_structure.unreadable(report)) == []


def test_what_is_attached_is_named_and_related(report: PdfReader) -> None:
    (reference, *_) = pdf_structure.root(report)["/AF"]
    attached = reference.get_object()
    assert (attached["/F"], attached["/UF"], attached["/AFRelationship"]) == ("report.json", "report.json", "/Data")


def test_all_text_is_in_the_tree_or_an_artifact(report: PdfReader) -> None:
    assert list(pdf_structure.loose(report)) == []


def test_what_is_on_each_page_is_an_artifact_and_read_once(report: PdfReader) -> None:
    """A reader that follows the tree hears the footer on no page; the page shows it on each."""
    for page in report.pages:
        content = page.get_contents()
        assert content is not None
        assert content.get_data().count(b"/Pagination") >= 2


def test_each_figure_has_its_words_and_its_place(report: PdfReader) -> None:
    told = pdf_structure.alternatives(report)
    assert len(told) > 2
    assert "" not in told
    assert list(pdf_structure.figures_outside(report)) == []


def test_each_link_says_where_it_leads(report: PdfReader) -> None:
    found = pdf_structure.links(report)
    assert found
    assert all(link["/Contents"] and "/StructParent" in link for link in found)
    assert list(pdf_structure.links_outside(report)) == []
    # In words of the report's language, not by the name of a place in the file.
    assert not any(link["/Contents"] == link["/Dest"] for link in found)
    told = " ".join(page.extract_text() for page in report.pages).split()
    assert all(str(link["/Contents"]).split()[-1] in told for link in found)


def test_fonts_are_in_the_file(report: PdfReader) -> None:
    assert list(pdf_structure.fonts_not_embedded(report)) == []


@pytest.mark.parametrize(
    ("language", "line", "told"),
    [
        ("zh", "write: broken pipe", {"en"}),
        ("en", "write: broken pipe", set()),
        ("en", "write: broken pipe 消费失败", {"zh-CN"}),
        ("zh", "消费失败", {"en"}),  # the headers of the decisive frames
        ("en", "接続がリセットされました", {""}),
    ],
)
def test_what_is_quoted_in_another_language_says_so(language: str, line: str, told: set[str], tmp_path: Path) -> None:
    """ISO 14289-1, 7.2: the log line and the decoded headers; the same in HTML."""
    path, narrative = tmp_path / "report.pdf", replace(sample.article(), log_line=line)
    page = render_html(narrative, PlainWords(language, sample.SHANGHAI))
    write_pdf(page, path, narrative.generated_ns)
    reader = PdfReader(path)
    marked = {str(element["/Lang"]): element for element, _ in pdf_structure.elements(reader) if "/Lang" in element}
    assert set(marked) == told
    document: html.HtmlElement = html.document_fromstring(page)
    quoted = [element for element in document.find("body").iter() if "lang" in element.attrib]
    assert {element.get("lang") for element in quoted} == told
    assert all(element.text_content().strip() for element in quoted)
    assert {str(element["/S"]) for element in marked.values()} <= {"/P", "/Div"}
