"""Of hundreds of like things the pages tell some, and where the others are."""

from __future__ import annotations

from lxml import html
from msgspec.structs import replace

from pyreport.render.html import MOST_DECIDING, render_html
from pyreport.render.shown import MOST_ALIKE
from tests.pyreport import sample
from tests.pyreport.sample import WORDS, plain


def words_of(evidence: int, deciding: int) -> str:
    article = sample.article()
    first, *others = article.explanations
    first = replace(first, evidence=tuple(plain(f"Evidence-{n}.") for n in range(evidence)))
    facts = tuple(plain(f"Fact-{n}.") for n in range(deciding))
    page: html.HtmlElement = html.document_fromstring(
        render_html(replace(article, explanations=(first, *others), deciding=facts), WORDS)
    )
    return " ".join(page.text_content().split())


def test_what_is_left_out_is_counted_with_the_place_where_it_is() -> None:
    told = words_of(300, 100)
    assert told.count("Evidence-") == MOST_ALIKE
    assert told.count("Fact-") == MOST_DECIDING
    assert f"{300 - MOST_ALIKE} more like these are in the JSON (--json)." in told
    assert f"{100 - MOST_DECIDING} more like these are in the JSON (--json)." in told


def test_where_nothing_is_left_out_nothing_is_said_of_it() -> None:
    told = words_of(MOST_ALIKE, MOST_DECIDING)
    assert told.count("Evidence-") == MOST_ALIKE
    assert "in the JSON" not in told
