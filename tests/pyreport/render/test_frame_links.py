"""Numbers of frames inside sentences are links to the frame's decoded header or its step; other numbers are none."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup
from msgspec.structs import replace
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import LineBox

from pyreport.base.claim import Duration, FrameNumber
from pyreport.render.frame_links import in_cell, linked, no_places, places_of, step_with
from pyreport.render.html import render_html
from pyreport.words import Words
from pyreport.words.breaks import kept_together
from pyreport.words.typeset import typeset
from tests.pyreport import sample

LINK = re.compile(r'<a class="at" href="#(frame|step)-([0-9]+)">([0-9]+)</a>')


def test_each_link_leads_to_what_is_there_and_names_the_frame() -> None:
    page = render_html(sample.article(), sample.WORDS)
    links = LINK.findall(page)
    assert len(links) > 3
    assert page.count('class="at"') == len(links)
    for kind, number, shown in links:
        assert f'id="{kind}-{number}"' in page
        assert kind == "step" or shown == number


def test_no_mark_is_left_and_the_description_has_no_link() -> None:
    page = render_html(sample.article(), sample.WORDS)
    assert not re.search("[\ue000-\uf8ff]", page)
    (description,) = re.findall('<meta name="description" content="([^"]*)"', page)
    assert "href" not in description


def test_a_number_that_is_no_frame_is_no_link_even_when_a_frame_has_it() -> None:
    for language in ("en", "zh"):
        plain, words = Words(language), Words(language).marking_frames()
        frame, duration = FrameNumber(940), Duration(940 * 10**9)
        text = f"{words.label('frames-one', frame=frame)} {words.tell(duration)} 940"
        shown = linked(text, lambda frame: f"#frame-{frame}")
        assert [number for _, _, number in LINK.findall(shown)] == ["940"]
        unmarked = f"{plain.label('frames-one', frame=frame)} {plain.tell(duration)} 940"
        assert Markup(shown).striptags() == unmarked


def test_places_prefer_the_header_then_the_shortest_step() -> None:
    report = sample.article()
    some = next(step for step in report.steps if step.first_frame is not None)
    first = replace(some, number=1, first_frame=1, last_frame=100)
    inner = replace(some, number=2, first_frame=40, last_frame=41)
    header = report.decoded[0].frame
    places = places_of((first, inner), report.decoded[:1])
    assert places(header) == f"#frame-{header}"
    assert (places(2), places(40), places(100)) == ("#step-1", "#step-2", "#step-1")
    assert (places(10**6), no_places(1)) == ("", "")


def test_what_is_linked_is_escaped() -> None:
    assert linked("<b>", no_places) == "&lt;b&gt;"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_are_as_full_with_a_link_as_without(language: str) -> None:
    """In a column of any width, as in the table of explanations."""
    words = Words(language).marking_frames()
    frame, duration = words.label("frames-one", frame=FrameNumber(940)), words.tell(Duration(60 * 10**9))
    text = kept_together(typeset(f"The server closed the connection first (FIN, {frame}), {duration} later."))
    for width in range(30, 90):
        assert lines_of(linked(text, "#frame-{}".format), width) == lines_of(linked(text, no_places), width)


def lines_of(shown: Markup, width: int) -> int:
    """In how many lines this is set, in a column of so many millimetres."""
    style = f"@page {{ size: {width}mm 200mm; margin: 0 }} p {{ font: 8.5pt 'DejaVu Sans', 'Noto Sans CJK SC' }}"
    page = HTML(string=f"<style>{style}</style><p>{shown}</p>").render().pages[0]
    return sum(1 for box in page._page_box.descendants() if isinstance(box, LineBox))


@pytest.mark.parametrize(
    ("frame", "number"), [(20, 1), (25, 1), (47, 1), (26, 2), (48, 2), (30, 2), (49, 3), (50, None)]
)
def test_a_frame_belongs_to_the_step_that_it_begins_or_ends(frame: int, number: int | None) -> None:
    """Probes 20 to 47 as one step, and what a device says of them, 26 to 48, as the next."""
    model = sample.article().steps[3]
    ranges = ((20, 47), (26, 48), (49, 49))
    steps = [replace(model, number=n, first_frame=a, last_frame=b) for n, (a, b) in enumerate(ranges, 1)]
    found = step_with(steps, frame)  # a frame inside two steps is of the shorter one
    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("client [2001:db8::1]:443", "client [2001:<wbr>db8::<wbr>1]:443"),
        ("10.0.0.1:443 at 12:30:01", "10.0.0.1:443 at 12:30:01"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_an_ipv6_address_breaks_after_its_colons(text: str, shown: str) -> None:
    assert in_cell(text) == shown
