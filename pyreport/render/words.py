"""The words of the report for values: what the template prints for a sentence, a step, a status, an unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from markupsafe import Markup

from pyreport.base.claim import Claim
from pyreport.base.units import format_clock, format_date, format_duration, zone_offset
from pyreport.narrative.model import Step
from pyreport.render.clean import printable
from pyreport.render.frame_list import format_frames
from pyreport.render.glyphs import mark_icon

NOT_LEARNED = "not learned"
_LONGEST_LINE = 400

# Shape and word together, so that neither colour nor a symbol font is needed.
_STATUS_SYMBOLS = {"supported": "✔", "possible": "◐", "no evidence": "–", "ruled out": "✘"}
_CONFIDENCE_SYMBOLS = {"confirmed": "●", "likely": "◕", "possible": "◑", "undetermined": "○"}
_OTHER_SYMBOL = "•"


def cite(sentence: Claim) -> Markup:
    """The sentence with its frames in brackets before its full stop."""
    text = printable(sentence.text).rstrip()
    if not sentence.frames:
        return Markup.escape(text)
    body, stop = (text[:-1], text[-1]) if text.endswith((".", "。")) else (text, "")
    # The space is inside the span: WeasyPrint 70 can break a line too early at a text that ends in a space.
    return Markup('{}<span class="frames"> ({})</span>{}').format(body, format_frames(sentence.frames), stop)


def status_words(status: str) -> str:
    """Status of an explanation with its symbol, "✔ supported"."""
    return f"{_STATUS_SYMBOLS.get(status, _OTHER_SYMBOL)} {status}"


def confidence_words(confidence: str) -> str:
    """Confidence of the verdict with its symbol, "● confirmed"."""
    return f"{_CONFIDENCE_SYMBOLS.get(confidence, _OTHER_SYMBOL)} {confidence}"


def shorten(text: str) -> str:
    """A line of a decoded header; of a very long one (a payload in hex) the beginning and its length."""
    if len(text) <= _LONGEST_LINE:
        return text
    return f"{text[:_LONGEST_LINE]}… ({len(text):,} characters)"


def duration_or_unknown(duration_ns: int | None) -> str:
    """A duration, or the words for one that the capture does not show."""
    return NOT_LEARNED if duration_ns is None else format_duration(duration_ns)


def zone_words(zone: tzinfo, time_ns: int) -> str:
    """Offset and name of a zone at a moment: "UTC+08:00, Asia/Shanghai", or "UTC"."""
    offset = zone_offset(zone, time_ns)
    name = getattr(zone, "key", None)  # only zones of the tz database have a name
    return offset if name in (None, offset) else f"{offset}, {name}"


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the walkthrough as text. ``date`` is filled on the first step of each local day."""

    number: int
    icon: Markup
    frames: str
    date: str
    start: str
    end: str
    since: str
    text: str
    decisive: bool


def step_rows(steps: Sequence[Step], zone: tzinfo) -> Iterator[StepRow]:
    """The steps as the walkthrough prints them."""
    date_before = ""
    for step in steps:
        date = format_date(step.start_ns, zone)
        yield StepRow(
            number=step.number,
            icon=Markup(mark_icon(step.kind)),  # noqa: S704 - our own SVG
            frames=_step_frames(step),
            date=date if date != date_before else "",
            start=format_clock(step.start_ns, zone),
            end=format_clock(step.end_ns, zone) if step.end_ns != step.start_ns else "",
            since="" if step.since_previous_ns is None else format_duration(step.since_previous_ns),
            text=step.text,
            decisive=step.decisive,
        )
        date_before = date


def _step_frames(step: Step) -> str:
    if step.first_frame is None:
        return "no frame"
    if step.last_frame is None or step.last_frame == step.first_frame:
        return str(step.first_frame)
    return f"{step.first_frame}-{step.last_frame}"
