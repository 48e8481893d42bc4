"""The narrative as one HTML document that needs no other file."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import ParamSpec

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pyreport.base.claim import Moment
from pyreport.base.commands import in_lines
from pyreport.diagnosis.result import Kind, Status
from pyreport.narrative.letter import letter_text
from pyreport.narrative.model import Narrative
from pyreport.render import shown
from pyreport.render.cadence.draw import draw_cadence
from pyreport.render.clean import printable
from pyreport.render.frame_links import Places, in_cell, linked, no_places, places_of
from pyreport.render.frame_list import format_frames
from pyreport.render.headings import Headings
from pyreport.render.ladder.decisive import draw_decisive
from pyreport.render.language import ENGLISH, lang_attribute, language_of
from pyreport.render.look import PLAIN, Look, Paper
from pyreport.render.timeline.draw import draw_timeline
from pyreport.words import Words
from pyreport.words.breaks import kept_together
from pyreport.words.typeset import replace_marked

RENDER_FOLDER = Path(__file__).parent
Said = ParamSpec("Said")
#: Where nothing broke, the report is two pages: what explains a fault is left out, and so is a longer walkthrough.
MOST_BRIEF_STEPS = {Paper.A4: 6, Paper.LETTER: 5}
PAGE_SIZE = "@page {{ size: {}; }}\n"
_INDENT = re.compile("^( +)", re.MULTILINE)
#: How much of the advice, and of what to ask for, is on the first page.
MOST_IN_SHORT = 3
#: Of one explanation, and of what decides, so much is told; of hundreds of gaps the JSON has each.
MOST_EVIDENCE = 8
MOST_DECIDING = 12
#: Explanations that stand like this are told in full, in this order; of the others a line each.
WEIGHTY = (Status.SUPPORTED, Status.POSSIBLE)


def render_html(narrative: Narrative, words: Words, look: Look = PLAIN) -> str:
    """The report as HTML with its stylesheet and figures inside; opens in a browser and prints through write_pdf().

    All text of the narrative is escaped; characters that cannot be printed become U+FFFD. Times are told in the zone
    of the words.
    """
    timeline = narrative.timeline
    small_figure = timeline and Markup(draw_timeline(timeline, words, small=True))  # noqa: S704 - lxml escapes
    # Without neighbours it would be the small one of the first page once more.
    has_more = timeline is not None and timeline.neighbours
    figure = timeline and has_more and Markup(draw_timeline(timeline, words))  # noqa: S704 - lxml escapes
    brief, cadence = is_brief(narrative), _cadence(narrative, words)
    if brief and cadence:  # what there is to see of a connection that did not break, and seen once
        small_figure, cadence = cadence, None
    styles = stylesheet(words, look.paper, "report.css")
    steps = tuple(shown.step_rows(narrative.steps, narrative.decoded, words.marking_frames()))
    return (
        environment(words, places_of(narrative.steps, narrative.decoded))
        .get_template("report.html")
        .render(
            report=narrative,
            look=look,
            title=look.title or words.say(narrative.title),
            heading=Headings(words),
            steps=steps,
            step_of={step.header: step.number for step in steps if step.header},
            figure=figure,
            small_figure=small_figure,
            ladder=narrative.ladder and Markup(draw_decisive(narrative.ladder, words)),  # noqa: S704 - lxml escapes
            cadence=cadence,
            brief=brief,
            most_brief_steps=MOST_BRIEF_STEPS[look.paper],
            most_deciding=MOST_DECIDING,
            asked=[ask.claim for ask in narrative.letter.asks[:MOST_IN_SHORT]] if narrative.letter else [],
            advised=narrative.advice[:MOST_IN_SHORT],
            weighed=[e for status in WEIGHTY for e in narrative.explanations if e.status is status],
            folded=shown.by_reason([e for e in narrative.explanations if e.status not in WEIGHTY]),
            letter=_indented(letter_text(narrative.letter, words)) if narrative.letter else "",
            stylesheet=styles,
            digest=digest(styles),
            zone_name=shown.zone_name(words, narrative.appendix.first_time_ns),
        )
    )


def is_brief(narrative: Narrative) -> bool:
    """Whether nothing broke: the report is then one page or two."""
    return narrative.kind in (Kind.HEALTHY, Kind.HEALTH_CHECK)


def _cadence(narrative: Narrative, words: Words) -> Markup | None:
    """The figure of the probes; where nothing broke only if their setting changed or one did not come."""
    figure = narrative.cadence
    if figure is None or (is_brief(narrative) and len(figure.grids) < 2 and not figure.missed_ns):
        return None
    return Markup(draw_cadence(figure, words))  # noqa: S704 - lxml escapes


def _indented(text: str) -> Markup:
    """The text with the spaces that begin its lines apart: beside Chinese they would be as wide as in its font."""
    escaped = str(Markup.escape(printable(text)))
    return Markup(_INDENT.sub(r"<span>\1</span>", escaped))  # noqa: S704 - escaped, and our own


def stylesheet(words: Words, paper: Paper, *files: str) -> Markup:
    """Our stylesheets as one, with the size of the page, the fonts of the language and its words of the page number."""
    styles = "".join((RENDER_FOLDER / name).read_text(encoding="utf-8") for name in files)
    number = words.label("page-number", page='" counter(page) "', pages='" counter(pages) "')
    text, fixed = words.label("fonts-text"), words.label("fonts-fixed")
    fonts = f"html {{ font-family: {text}; }}\n.mono {{ font-family: {fixed}; }}"
    see = words.label("see-page", page='" target-counter(attr(href), page) "')
    page = f'@media print {{ a.see-page::after {{ content: "{see}"; }} }}\n'
    page += '@media print { .contents a::after { content: "\\a0\\a0" target-counter(attr(href), page); } }\n'
    page += PAGE_SIZE.format(paper)
    page += f'@page {{ @bottom-right {{ font-family: {text}; content: "{number}"; }} }}'
    return Markup(f"{styles}\n{fonts}\n{page}\n")  # noqa: S704 - our own files


def digest(styles: str) -> str:
    """What the page names its stylesheet by in its content security policy: a browser applies this one and no other
    (W3C, Content Security Policy Level 3, 2.3.1).
    """
    return b64encode(hashlib.sha256(styles.encode()).digest()).decode()


def environment(words: Words, places: Places = no_places) -> Environment:
    """The templates' environment: speaks the language, escapes all text, refuses what is not defined. Numbers of frames
    are links to their places.
    """
    words = words.marking_frames()
    made = Environment(
        loader=FileSystemLoader(RENDER_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=partial(_finalize, places),
    )
    made.globals.update(label=_kept(words.label), between_sentences=words.between_sentences)
    # What stands before a value where the head of its table is not shown.
    made.globals.update(column=lambda message: words.label("labelled-value", name=words.label(message), value=""))
    made.globals.update(english=lang_attribute(ENGLISH, words))
    made.globals.update(between_items=words.between_items, between_sources=words.between_sources)
    made.filters.update(
        say=_kept(words.tell),
        say_in_utc=_kept(words.in_zone(UTC).tell),
        join_said=_kept(words.join),
        plain=partial(replace_marked, written=str),
        cite_frames=partial(shown.cite_frames, words=words),
        cite=partial(shown.cite, words=words),
        as_item=shown.as_item,
        cite_all=partial(shown.cite_all, words=words),
        status=partial(shown.status_words, words=words),
        confidence=partial(shown.confidence_words, words=words),
        few_alike=partial(shown.few_alike, most=MOST_EVIDENCE),
        duration=words.duration,
        lang_of=lambda text: lang_attribute(language_of(text), words),
        count_or_unknown=partial(shown.count_or_unknown, words=words),
        duration_or_unknown=partial(shown.duration_or_unknown, words=words),
        frames=partial(format_frames, words=words),
        moment=Moment,
        in_cell=lambda text: in_cell(printable(text)),
        in_lines=in_lines,
        shorten=partial(shown.shorten, words=words),
    )
    return made


def _kept(say: Callable[Said, str]) -> Callable[Said, str]:
    """The same way of saying something, with numbers and their counters kept on one line."""

    def kept(*arguments: Said.args, **values: Said.kwargs) -> str:
        return kept_together(say(*arguments, **values))

    return kept


def _finalize(places: Places, value: object) -> object:
    """Every printed value passes here; text that is not markup yet loses what cannot be printed."""
    if not isinstance(value, str):
        return value
    return linked(value if isinstance(value, Markup) else printable(value), places)
