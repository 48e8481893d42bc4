"""The look on the page: the texts escaped, the logo inside, nothing where nothing was given."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader

from pyreport.render.html import render_html
from pyreport.render.look import PLAIN, Look, Paper
from pyreport.render.pdf import write_pdf
from tests.pyreport import pdf_structure, sample
from tests.pyreport.sample import WORDS

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f030005fe02fea735815"
    "30000000049454e44ae426082"
)
LOOK = Look(Paper.LETTER, "Broken <b>pipe</b>", "INC & 1", "Example <Operations>", "For the vendor.", PIXEL)


def page_of(look: Look) -> html.HtmlElement:
    return html.fromstring(render_html(sample.article(), WORDS, look))


def test_the_title_stands_for_the_reports_own() -> None:
    page = page_of(LOOK)
    assert [h.text_content() for h in page.iter("h1")] == ["Broken <b>pipe</b>"]
    assert page.findtext(".//title", "").startswith("Broken <b>pipe</b>: ")
    assert [h.text_content() for h in page_of(PLAIN).iter("h1")] == ["Why the connection broke"]


def test_what_was_given_is_told_as_the_givers_own() -> None:
    (look,) = page_of(LOOK).find_class("look")
    told = [" ".join(p.text_content().split()) for p in look.iter("p")]
    assert told == ["Example <Operations>", "Case: INC & 1", "Note by who gives this report out: For the vendor."]
    assert page_of(PLAIN).find_class("look") == []


def test_the_logo_is_in_the_page_and_has_words() -> None:
    (image,) = page_of(LOOK).iter("img")
    assert str(image.get("src")).startswith("data:image/png;base64,")
    assert image.get("alt") == "Example <Operations>"
    assert "img-src data:" in render_html(sample.article(), WORDS, LOOK)


@pytest.mark.slow
def test_the_pdf_has_the_paper_and_keeps_to_its_standard(tmp_path: Path) -> None:
    write_pdf(render_html(sample.article(), WORDS, LOOK), tmp_path / "x.pdf", 0)
    reader = PdfReader(tmp_path / "x.pdf")
    assert {(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in reader.pages} == {(612, 792)}
    assert "INC & 1" in reader.pages[-1].extract_text()
    assert list(pdf_structure.loose(reader)) == []
    assert list(pdf_structure.misplaced(reader)) == []
    assert "Example <Operations>" in pdf_structure.alternatives(reader)
