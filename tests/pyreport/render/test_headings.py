"""The list of contents names what the report has."""

from __future__ import annotations

from lxml import html
from msgspec.structs import replace

from pyreport.diagnosis.result import Kind
from pyreport.narrative.model import Narrative
from pyreport.render.html import render_html
from tests.pyreport import sample
from tests.pyreport.sample import WORDS


def page_of(narrative: Narrative) -> html.HtmlElement:
    return html.fromstring(render_html(narrative, WORDS))


def test_each_section_behind_the_first_page_is_listed_in_order() -> None:
    page = page_of(sample.article())
    listed = [(link.get("href"), link.text) for link in page.find_class("contents")[0].iter("a")]
    sections = [(f"#{title.get('id')}", title.text) for title in page.iter("h2") if title.get("id")]
    assert listed == sections
    assert ("#walkthrough", "Walkthrough") in listed


def test_what_the_report_does_not_have_is_not_listed() -> None:
    listed = page_of(replace(sample.article(), steps=(), filters=())).find_class("contents")[0].text_content()
    assert "Walkthrough" not in listed
    assert "Wireshark" not in listed
    assert "Key facts" in listed


def test_a_healthy_connection_has_no_list() -> None:
    assert not page_of(replace(sample.article(), kind=Kind.HEALTHY)).find_class("contents")


def test_each_link_within_the_page_leads_somewhere() -> None:
    page = page_of(sample.article())
    targets = {element.get("id") for element in page.iter() if element.get("id")}
    inside = {str(link.get("href"))[1:] for link in page.iter("a") if str(link.get("href")).startswith("#")}
    assert inside <= targets
    # From a step to the headers of its frame, and back.
    assert {"frame-940", "step-4"} <= inside
