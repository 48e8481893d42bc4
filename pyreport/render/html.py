"""The narrative as one HTML document that needs no other file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pyreport.base.units import format_clock, format_duration, format_moment
from pyreport.narrative.model import Narrative
from pyreport.render import words
from pyreport.render.clean import printable
from pyreport.render.frame_list import format_frames
from pyreport.render.timeline.draw import draw_timeline

RENDER_FOLDER = Path(__file__).parent


def render_html(narrative: Narrative) -> str:
    """The report as HTML with its stylesheet and figure inside; opens in a browser and prints through write_pdf().

    All text of the narrative is escaped; characters that cannot be printed become U+FFFD.
    """
    zone = narrative.zone
    return (
        environment()
        .get_template("report.html")
        .render(
            report=narrative,
            steps=tuple(words.step_rows(narrative.steps, zone)),
            figure=narrative.timeline and Markup(draw_timeline(narrative.timeline, zone)),  # noqa: S704 - lxml escapes
            stylesheet=Markup((RENDER_FOLDER / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
            zone_name=words.zone_words(zone, narrative.appendix.first_time_ns),
            local=partial(format_moment, zone=zone),
            clock=partial(format_clock, zone=zone),
        )
    )


def environment() -> Environment:
    """The templates' environment: escapes all text, refuses what is not defined."""
    made = Environment(
        loader=FileSystemLoader(RENDER_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.filters.update(
        cite=words.cite,
        status=words.status_words,
        confidence=words.confidence_words,
        duration=format_duration,
        duration_or_unknown=words.duration_or_unknown,
        frames=format_frames,
        shorten=words.shorten,
    )
    return made


def _finalize(value: object) -> object:
    """Every printed value passes here; text that is not markup yet loses what cannot be printed."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
